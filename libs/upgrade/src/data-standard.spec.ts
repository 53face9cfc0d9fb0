import { convertLegacySchema } from '@dms/api-schema';
import { canonicalText, parseJson } from '@dms/canonical-json';
import { hasSharedData, once, readSharedJson, readSharedText } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { compiled } from '../test/bench.ts';
import { planUpgrade, type UpgradePlan } from './index.ts';

const core = once(() => compiled([readSharedJson('inputs', 'ds-5.2-core.json')]));

const brief = ({ items }: UpgradePlan, itemClass: string) =>
  items.filter((item) => item.class === itemClass).map(({ change, path }) => `${change} ${path.join('.')}`);

describe.runIf(hasSharedData)('plans of the data standard (needs the shared conformance data)', () => {
  it('an extension comes free, and goes with what it owns', () => {
    const extended = compiled([
      readSharedJson('inputs', 'ds-5.2-core.json'),
      readSharedJson('inputs', 'tpdm-1.1-extension.json'),
    ]);
    expect(planUpgrade(core(), core())).toMatchObject({ items: [], checks: [], losses: [], statements: [] });
    const there = planUpgrade(core(), extended);
    expect([there.verdict, there.checks, there.losses]).toEqual(['free', [], []]);
    const back = planUpgrade(extended, core(), { allowLoss: ['all'] });
    expect(back.verdict).toBe('loss');
    const own = new Set(back.items.filter((item) => item.class === 'loss').map(({ path }) => path[0]?.split(/[.:]/)[0]));
    expect([...own].sort()).toEqual(['TPDM', 'tpdm']);
    expect(back.items.filter((item) => item.class === 'rewritten' || item.class === 'impossible')).toEqual([]);
  }, 60_000);

  it('from 5.1 to 5.2 three numbers would have to become texts, and what is lost is named', () => {
    const file = 'ds-5.1-core.old-format.json';
    const [schema] = convertLegacySchema({ file, root: parseJson(readSharedText('inputs', file), file) }).schemas;
    const earlier = compiled([JSON.parse(canonicalText(schema?.root ?? null))]);
    const plan = planUpgrade(earlier, core());
    expect(brief(plan, 'impossible')).toEqual([
      'type changed edfi.AssessmentItem.ExpectedTimeAssessed',
      'type changed edfi.EducationContent.TimeRequired',
      'type changed edfi.StudentAssessmentItem.TimeAssessed',
    ]);
    expect(brief(plan, 'loss')).toHaveLength(4);
    expect(plan.script).toBeNull();
  }, 60_000);
});
