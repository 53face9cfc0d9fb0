import { build, failureOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { schemaImpact } from '../../src/impact/schema-impact.ts';
import { planUpgrade, type UpgradeOptions } from '../../src/plan/plan-upgrade.ts';
import { type Compiled, compiled } from '../bench.ts';
import { schools } from '../schools.ts';

const { core, extra } = { core: compiled(schools().documents.slice(0, 1)), extra: compiled(schools().documents) };

describe('a permission for an extension', () => {
  it('covers its resources, and its tables on resources of the core', () => {
    const refused = planUpgrade(extra, core);
    expect(refused.unpermitted.map(({ owner, path }) => [owner, ...path].join(' ')).sort()).toEqual([
      'Extra:Section extra.SectionExtension',
      'Extra:Section extra.SectionExtensionAward',
      'Extra:Volunteer Extra:Volunteer',
      'Extra:Volunteer extra.Volunteer',
    ]);
    const permitted = planUpgrade(extra, core, { allowLoss: ['Extra'] });
    expect(permitted.unpermitted).toEqual([]);
    expect(permitted.script).not.toBeNull();
  });

  it.each(['all', 'extra.SectionExtension', 'Extra.Section', 'Core.Section', 'Core', 'Extra'])(
    'covers a table by any name: %s',
    (name) => {
      const { unpermitted } = planUpgrade(extra, core, { allowLoss: [name] });
      expect(unpermitted.map(({ path }) => path[0])).not.toContain('extra.SectionExtension');
    },
  );

  it('covers nothing of another project', () => {
    const without = schools();
    delete without.properties('sections').title;
    const plan = planUpgrade(extra, compiled(without.documents.slice(0, 1)), { allowLoss: ['Extra'] });
    expect(plan.unpermitted.map(({ path }) => path)).toEqual([['core.Section', 'Title']]);
  });

  it('is refused where the extension loses nothing', () => {
    expect(refusal(core, extra, { allowLoss: ['Extra'] })).toBe(
      '--allow-loss Extra: nothing of that name is lost: the change loses nothing. Take the permission away.',
    );
  });
});

describe('the owner of a table of an extension', () => {
  it('is of the project that declares it, in a plan and in an impact report', () => {
    const { items } = planUpgrade(extra, core);
    const owners = schemaImpact(extra, core).owners.map(({ owner }) => owner);
    expect(owners).toContain('Extra:Section');
    expect([...new Set(items.map(({ owner }) => owner))]).toEqual(owners);
  });
});

/** The message that refuses a permission. */
function refusal(before: Compiled, after: Compiled, options: UpgradeOptions): string {
  const [{ code, message }] = failureOf(() => planUpgrade(before, after, options)).diagnostics;
  expect(code).toBe('UPGRADE_PERMISSION_UNUSED');
  return message;
}

describe('a permission that permits nothing', () => {
  it.each([
    ['extra.SectionExtensoin', 'did you mean "extra.SectionExtension"'],
    ['Extra:Volunteer', 'did you mean "Extra.Volunteer"'],
    [
      'dms',
      'lost: "Core", "Core.Section", "Extra", "Extra.Section", "Extra.Volunteer", "extra.SectionExtension", "extra.SectionExtensionAward", "extra.Volunteer".',
    ],
  ])('names the nearest loss: %s', (permission, nearest) => {
    const message = refusal(extra, core, { allowLoss: [permission] });
    expect(message).toContain(`--allow-loss ${permission}: nothing of that name is lost; ${nearest}`);
    expect(message).toContain('Take the permission away, or name what is lost.');
  });

  it('names the nearest resource whose documents are checked', () => {
    const shorter = schools();
    shorter.properties('schools').label = build.string(10);
    shorter.properties('rooms').roomCode = { ...build.string(20), pattern: '^[A-Z]+$' };
    const later = compiled(shorter.documents);
    expect(refusal(extra, later, { allowInvalid: ['Core.Room'] })).toBe(
      '--allow-invalid Core.Room: no rule of this change checks documents of that name; did you mean "Core:Room"? Take the permission away, or name a resource whose documents are checked.',
    );
    expect(refusal(core, extra, { allowInvalid: ['Core:Room'] })).toBe(
      '--allow-invalid Core:Room: no rule of this change checks documents of that name, or of any other. Take the permission away.',
    );
  });
});
