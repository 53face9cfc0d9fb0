import type { ForeignKey } from '@dms/catalog';
import { mustExist } from '@dms/model';
import { storageOf } from '../comparing/comparison.ts';
import type { TableChange } from '../matching/table-change.ts';
import type { SideTable } from '../matching/table-pairs.ts';
import type { Value } from '../matching/value.ts';
import { type ChangeRules, checks, noQueries, type Place, type RulesOf, type Shown } from './change-rules.ts';
import {
  type Candidates,
  collatedAs,
  exactNames,
  isLost,
  isSameSet,
  type KeyMatching,
  type KeyRenamed,
  sameKeys,
  sameList,
} from './key-matching.ts';

interface ForeignKeyFree extends Place, Shown {
  readonly kind: 'foreign key removed' | 'foreign key action changed';
}

interface ForeignKeyAdded extends Place {
  readonly kind: 'foreign key added' | 'foreign key changed' | 'foreign key collated';
  readonly table: SideTable;
  readonly values: readonly Value[];
  readonly target: SideTable;
  readonly targetValues: readonly Value[];
  /** Whether every row obeys it already, because of a wider key of the earlier set. */
  readonly isImplied: boolean;
}

export type ForeignKeyChanges = ForeignKeyFree | ForeignKeyAdded;

const checked: ChangeRules<ForeignKeyAdded> = {
  object: 'constraint',
  class: ({ isImplied }) => (isImplied ? 'free' : 'checked'),
  queries: ({ table, values, target, targetValues, isImplied }, queries) =>
    isImplied ? noQueries : checks(queries.withoutTarget(table, values, target, targetValues)),
};

export const foreignKeyRules: RulesOf<ForeignKeyChanges> = {
  'foreign key added': checked,
  'foreign key changed': checked,
  'foreign key collated': { ...checked, words: 'collation changed' },
  'foreign key action changed': { object: 'constraint', class: 'free' },
  'foreign key removed': { object: 'constraint', class: 'free' },
};

/** Compares the foreign keys of a table, once the uniques of all tables are known (design 12 §3.2). */
export function* compareForeignKeys(keys: KeyMatching, change: TableChange): Generator<ForeignKeyChanges | KeyRenamed> {
  const { pair } = change;
  const { foreignKeys } = pair.before.catalog;
  const { kept, free, added } = sameKeys(foreignKeys, pair.after.catalog.foreignKeys, (then, now) =>
    isSameForeignKey(keys, change, then, now),
  );
  for (const [now, then] of kept) yield* keys.keep('constraint', change, then.name, now.name);
  const earlier = free.map((key) => laterKey(keys, change, key));
  /** The later keys that replace an earlier one. */
  const replacing = new Map<ForeignKey, string[]>();
  for (const now of added) {
    keys.added.push({ kind: 'foreignKey', table: pair.after.definition, key: now });
    const found = yield* newForeignKey(keys, change, now, earlier);
    if (found) replacing.set(found, [...(replacing.get(found) ?? []), now.name]);
  }
  for (const { key } of earlier) {
    const replaced = replacing.get(key) ?? [];
    keys.drop('foreignKey', change, key.name, replaced);
    if (replaced.length > 0 || isLost(change, key.columns)) continue;
    yield { kind: 'foreign key removed', owner: pair.after.owner, path: [pair.before.key, key.name] };
  }
}

function isSameForeignKey(keys: KeyMatching, change: TableChange, then: ForeignKey, now: ForeignKey): boolean {
  const target = keys.comparison.changesByBefore.get(targetOf(then));
  return (
    target !== undefined &&
    target.pair.after.key === targetOf(now) &&
    !keys.isBlocking(change, then.name) &&
    !keys.isDroppedTarget(target.pair.before.key, then.targetColumns) &&
    sameList(exactNames(change, then.columns), now.columns) &&
    sameList(exactNames(target, then.targetColumns), now.targetColumns) &&
    hasSameActions(then, now)
  );
}

const targetOf = ({ target }: ForeignKey) => `${target.schema}.${target.table}`;

const hasSameActions = (then: ForeignKey, now: ForeignKey) =>
  then.onDelete === now.onDelete && then.onUpdate === now.onUpdate && then.deferrable === now.deferrable;

/** A foreign key of the earlier set, expressed in columns of the later one. */
interface LaterKey {
  readonly key: ForeignKey;
  /** `schema.table` in the later set; null if the table is gone. */
  readonly target: string | null;
  /** The possible later names of its first column. */
  readonly lead: readonly string[];
  /** For each column, the pairs of columns that may replace it and its target column. */
  readonly pairs: Candidates;
}

function laterKey(keys: KeyMatching, change: TableChange, key: ForeignKey): LaterKey {
  const target = keys.comparison.changesByBefore.get(targetOf(key));
  const columns = keys.later(change, key.columns);
  const targets: Candidates = target ? keys.later(target, key.targetColumns) : key.targetColumns.map(() => []);
  const pairs = columns.map((names, index) =>
    names.flatMap((name) => (targets[index] ?? []).map((targetName) => JSON.stringify([name, targetName]))),
  );
  return { key, target: target?.pair.after.key ?? null, lead: columns[0] ?? [], pairs };
}

/** The change for a new foreign key; returns the earlier key that it replaces. */
function* newForeignKey(
  { comparison: { values, changesByAfter } }: KeyMatching,
  change: TableChange,
  now: ForeignKey,
  earlier: readonly LaterKey[],
): Generator<ForeignKeyChanges | KeyRenamed, ForeignKey | undefined> {
  const { before, after } = change.pair;
  const targetKey = targetOf(now);
  const target = changesByAfter.get(targetKey);
  const columns = now.columns.map((column) => storageOf(after, column));
  const pairs = columns.map((column, index) => {
    const name = mustExist(now.targetColumns[index], `the target of ${now.name}.${column}`);
    return JSON.stringify([column, target ? storageOf(target.pair.after, name) : name]);
  });
  const followed = earlier.filter((entry) => entry.target === targetKey);
  const entry = { owner: after.owner, path: [after.key, now.name] };
  const same = followed.find((each) => isSameSet(each.pairs, pairs));
  if (same) {
    const { key } = same;
    if (!hasSameActions(key, now)) yield { kind: 'foreign key action changed', ...entry };
    else if (key.name !== now.name) yield { kind: 'constraint renamed', ...entry, before: key.name, after: now.name };
    if (!columns.some((column) => change.recollated.has(column))) return key;
  }
  const first = mustExist(columns[0], `a column of ${now.name}`);
  const partner = (same ?? followed.find(({ lead }) => lead.includes(first)))?.key;
  const held = now.columns.map((column) => collatedAs(change, column, values.of(after.key, column)));
  if (held.some(({ kind }) => kind === 'null') || !target) return partner;
  const targetValues = now.targetColumns.map((column) => collatedAs(target, column, values.of(targetKey, column)));
  const isCollated = [...held, ...targetValues].some(({ kind }) => kind === 'collated');
  const isImplied = !isCollated && followed.some((then) => implies(then, pairs, before));
  const rows = { table: before, values: held, target: target.pair.before, targetValues, isImplied };
  const kind = same ? 'foreign key collated' : partner ? 'foreign key changed' : 'foreign key added';
  yield { kind, ...entry, ...rows };
  return partner;
}

/**
 * Whether every row that obeys an earlier key also obeys a later key over some of its columns. A database does not look
 * at rows that have NULL in a column of a key, so the columns that the later key lacks must have a value wherever the
 * others have.
 */
function implies({ key, pairs: earlier }: LaterKey, later: readonly string[], table: SideTable): boolean {
  const isKept = (names: readonly string[]) => names.some((name) => later.includes(name));
  if (!later.every((pair) => earlier.some((names) => names.includes(pair)))) return false;
  const kept = key.columns.filter((_, index) => isKept(earlier[index] ?? []));
  const nullable = new Map(table.catalog.columns.map((column) => [column.name, column.nullable]));
  const followers = new Set(
    (table.model?.table.constraints ?? []).flatMap((each) =>
      each.kind === 'AllOrNoneNullability' && kept.includes(each.fkColumn)
        ? each.dependentColumns.map((column) => storageOf(table, column))
        : [],
    ),
  );
  return key.columns.every(
    (column) => kept.includes(column) || nullable.get(column) === false || followers.has(column),
  );
}
