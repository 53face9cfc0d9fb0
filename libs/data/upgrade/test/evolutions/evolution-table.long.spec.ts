import type { Connection } from '@dms/databases';
import { DmsError } from '@dms/diagnostics';
import { build, type MainGeneration, shareOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { planUpgrade } from '../../src/plan/plan-upgrade.ts';
import { parseRename } from '../../src/renaming/renaming.ts';
import { type Compiled, compiled } from '../bench.ts';
import { type EvolutionKind, kinds, otherCells, places, valuePlaces, withAllPlaces } from '../evolution-table.ts';
import { evolutions } from '../evolutions.ts';
import { renameEvolutions } from '../rename-evolutions.ts';
import { ruleEvolutions } from '../rule-evolutions.ts';
import { type Editable, type EditableSet, schools } from '../schools.ts';
import { sessionForEach } from '../sessions.ts';
import { expectUpgraded } from '../upgraded.ts';
import { expectUpgradedV2 } from '../upgraded-v2.ts';

const { string } = build;

const value = 'zzValue';

/** The edits that make an object of a schema before and after a change. */
interface Edits {
  readonly before: (schema: Editable) => void;
  readonly after: (schema: Editable) => void;
  /** The change that the plan must have there: of the column, or of the rules for documents. */
  readonly changes: readonly string[];
}

const has =
  (length: number, more: build.JsonRecord = {}, isRequired = false) =>
  (schema: Editable) => {
    schema.properties[value] = { ...string(length), ...more };
    if (isRequired) schema.required = [...(schema.required ?? []), value];
  };
const nothing = () => undefined;

const edits: Readonly<Record<EvolutionKind, Edits>> = {
  added: { before: nothing, after: has(20), changes: ['column added'] },
  removed: { before: has(20), after: nothing, changes: ['column removed'] },
  renamed: {
    before: has(20),
    after: (schema) => {
      schema.properties.zzOther = string(20);
    },
    changes: ['column renamed'],
  },
  longer: { before: has(20), after: has(40), changes: ['type wider'] },
  // generated texts have up to 300 letters
  shorter: { before: has(400), after: has(350), changes: ['type narrower'] },
  required: { before: has(20), after: has(20, {}, true), changes: ['column required', 'member required'] },
  optional: { before: has(20, {}, true), after: has(20), changes: ['column optional', 'member optional'] },
  rule: { before: has(20), after: has(20, { pattern: '^q' }), changes: ['pattern changed'] },
};

/** The changes that documents may refuse: without a value, or with one that breaks the rule. */
const mayRefuse: ReadonlySet<EvolutionKind> = new Set(['required', 'rule']);

function pairOf(version: MainGeneration, before: (set: EditableSet) => void, after: (set: EditableSet) => void) {
  const sets = [before, after].map((edit) => {
    const set = schools();
    withAllPlaces(set);
    edit(set);
    return compiled(set.documents, 'pgsql', version);
  });
  return sets as [Compiled, Compiled];
}

describe('the table of evolutions', () => {
  it('has a cell for every kind at every place', () => {
    expect([...Object.keys(valuePlaces), ...Object.keys(otherCells)].sort()).toEqual([...places].sort());
    for (const [place, cells] of Object.entries(otherCells))
      expect(Object.keys(cells).sort(), place).toEqual([...kinds].sort());
  });

  it('names evolutions that are there', () => {
    const unknown = Object.values(otherCells)
      .flatMap((cells) => Object.values(cells))
      .filter(
        (cell) =>
          ('evolution' in cell && !(cell.evolution in evolutions)) ||
          ('rename' in cell && !(cell.rename in renameEvolutions)) ||
          ('rule' in cell && !(cell.rule in ruleEvolutions)),
      );
    expect(unknown).toEqual([]);
  });
});

const versions = ['v1', 'v2'] as const;
const ofValues = versions.flatMap((version) =>
  Object.entries(valuePlaces).flatMap(([name, place]) => kinds.map((kind) => ({ version, kind, name, place }))),
);
const ofMembers = versions.flatMap((version) =>
  Object.entries(otherCells).flatMap(([name, cells]) =>
    kinds.flatMap((kind) => {
      const cell = cells[kind];
      return 'member' in cell ? [{ version, kind, name, member: cell.member }] : [];
    }),
  ),
);

describe('an evolution', () => {
  let connection: Connection;
  sessionForEach((opened) => {
    connection = opened;
  });

  /** Expects the upgrade to succeed, or documents to refuse it where they may. */
  async function expectOutcome(
    version: MainGeneration,
    kind: EvolutionKind,
    [before, after]: readonly [Compiled, Compiled],
    renames: readonly string[],
  ) {
    const options = { allowLoss: kind === 'removed' ? ['all'] : [], renames: renames.map(parseRename) };
    try {
      const { outcome } =
        version === 'v1'
          ? await expectUpgraded(connection, before, after, options)
          : // documents under other names are compared in renames-v2.long.spec.ts
            await expectUpgradedV2(connection, before, after, {
              ...options,
              ...(kind === 'renamed' ? { later: null } : {}),
            });
      expect(outcome).toBe('upgraded');
    } catch (error) {
      if (!(error instanceof DmsError) || !mayRefuse.has(kind)) throw error;
      expect(error.code).toBe('UPGRADE_ROWS_OBJECT');
    }
  }

  it.each(shareOf(ofValues, 6))('$kind at the place $name, in $version', async ({ version, kind, place }) => {
    const { before, after, changes } = edits[kind];
    const pair = pairOf(
      version,
      (set) => before(place.schemaOf(set)),
      (set) => after(place.schemaOf(set)),
    );
    const { resource, path, table } = place;
    const renames = kind === 'renamed' ? [`${resource}.${path}.${value}=${resource}.${path}.zzOther`] : [];
    const { items } = planUpgrade(...pair, { renames: renames.map(parseRename) });
    const found = items.filter(({ change }) => changes.includes(change)).map((item) => item.path);
    const isThere = ([owner, inner]: readonly string[]) =>
      owner === table || (owner === resource && inner === `${path}.${value}`);
    expect(found.filter(isThere), JSON.stringify(found)).not.toEqual([]);
    await expectOutcome(version, kind, pair, renames);
  });

  it.each(shareOf(ofMembers, 2))('$kind: a $name, in $version', async ({ version, kind, member }) => {
    const isRequired = (set: EditableSet) => void set.required('sections').push(member);
    const edit = (isLater: boolean) => (isLater === (kind === 'required') ? isRequired : nothing);
    const pair = pairOf(version, edit(false), edit(true));
    const { items } = planUpgrade(...pair);
    expect(items.filter(({ change }) => edits[kind].changes.includes(change))).not.toEqual([]);
    await expectOutcome(version, kind, pair, []);
  });
});
