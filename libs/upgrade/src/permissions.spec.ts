import { planUpgrade } from '@dms/change';
import { failureOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { compiled } from '../test/bench.ts';
import { schools } from '../test/schools.ts';

const { core, extra } = { core: compiled(schools().documents.slice(0, 1)), extra: compiled(schools().documents) };

describe('a permission for an extension', () => {
  it('covers its resources, and its tables on resources of the core', () => {
    const refused = planUpgrade(extra, core);
    expect(refused.unpermitted.map(({ owner, path }) => [owner, ...path].join(' ')).sort()).toEqual([
      'Core:Section extra.SectionExtension',
      'Core:Section extra.SectionExtensionAward',
      'Extra:Volunteer Extra:Volunteer',
      'Extra:Volunteer extra.Volunteer',
    ]);
    const permitted = planUpgrade(extra, core, { allowLoss: ['Extra'] });
    expect(permitted.unpermitted).toEqual([]);
    expect(permitted.script).not.toBeNull();
  });

  it('covers nothing of another project', () => {
    const without = schools();
    delete without.properties('sections').title;
    const plan = planUpgrade(extra, compiled(without.documents.slice(0, 1)), { allowLoss: ['Extra'] });
    expect(plan.unpermitted.map(({ path }) => path)).toEqual([['core.Section', 'Title']]);
  });

  it('is refused where the extension loses nothing', () => {
    const [problem] = failureOf(() => planUpgrade(core, extra, { allowLoss: ['Extra'] })).diagnostics;
    expect(problem.code).toBe('UPGRADE_PERMISSION_UNUSED');
  });
});
