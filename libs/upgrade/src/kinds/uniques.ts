import type { Key } from '@dms/catalog';
import { storageOf } from '../comparing/comparison.ts';
import type { TableChange } from '../matching/table-change.ts';
import type { SideTable } from '../matching/table-pairs.ts';
import type { Value } from '../matching/value.ts';
import { type ChangeRules, checks, noQueries, type Place, type RulesOf, type Shown } from './change-rules.ts';
import {
  type Candidates,
  constraintOf,
  exactNames,
  isLost,
  isSameSet,
  isWithin,
  type KeyMatching,
  type KeyRenamed,
  sameList,
} from './key-matching.ts';

interface UniqueAdded extends Place {
  readonly kind: 'primary key added' | 'unique added';
  readonly table: SideTable;
  readonly values: readonly Value[];
  /** Whether it follows from a unique constraint of the earlier set, or concerns new columns. */
  readonly isImplied: boolean;
}

interface UniqueRemoved extends Place, Shown {
  readonly kind: 'unique removed';
}

/** Primary keys, unique constraints, and new names of any constraint. */
export type UniqueChanges = UniqueAdded | UniqueRemoved | (KeyRenamed & { readonly kind: 'constraint renamed' });

const added: Omit<ChangeRules<UniqueAdded>, 'made'> = {
  object: 'constraint',
  class: ({ isImplied }) => (isImplied ? 'free' : 'checked'),
  queries: ({ table, values, isImplied }, queries) =>
    isImplied ? noQueries : checks(queries.duplicates(table, values)),
};

export const uniqueRules: RulesOf<UniqueChanges> = {
  'primary key added': { ...added, made: ['add primary key'] },
  'unique added': { ...added, made: ['add unique'] },
  'unique removed': { object: 'constraint', class: 'free', made: ['drop constraint'] },
  'constraint renamed': { object: 'constraint', class: 'free', made: ['rename constraint'] },
};

/** Compares the primary key and the unique constraints of a table (design 12 §3.2). */
export function* compareUniques(keys: KeyMatching, change: TableChange): Generator<UniqueChanges | KeyRenamed> {
  const { pair } = change;
  const { before, after } = { before: pair.before.catalog, after: pair.after.catalog };
  const free = new Set<Key>(before.uniques);
  const found = new Map<Key, Key>();
  const isSame = (then: Key, now: Key) =>
    then.clustered === now.clustered &&
    sameList(exactNames(change, then.columns), now.columns) &&
    !keys.isBlocking(change, then.name);
  for (const now of after.uniques) {
    const candidates = [...free].filter((then) => isSame(then, now));
    const then = candidates.find(({ name }) => name === now.name) ?? candidates[0];
    if (!then) continue;
    free.delete(then);
    found.set(now, then);
  }
  const keepsPrimaryKey =
    before.primaryKey !== null && after.primaryKey !== null && isSame(before.primaryKey, after.primaryKey);
  if (before.primaryKey && after.primaryKey && keepsPrimaryKey)
    yield* keys.keep('constraint', change, before.primaryKey.name, after.primaryKey.name);
  for (const then of [...(before.primaryKey && !keepsPrimaryKey ? [before.primaryKey] : []), ...free])
    keys.dropTarget(change, then);
  const known = [before.primaryKey, ...before.uniques].flatMap((key) =>
    key === null
      ? []
      : [keys.later(change, key.columns)].filter((columns) => columns.every((names) => names.length > 0)),
  );
  if (after.primaryKey && !keepsPrimaryKey) {
    keys.added.push({ kind: 'primaryKey', table: pair.after.definition, name: after.primaryKey.name });
    yield* newUnique(keys, change, after.primaryKey, known, 'primary key');
  }
  for (const now of after.uniques) {
    const then = found.get(now);
    if (then) {
      yield* keys.keep('constraint', change, then.name, now.name);
      continue;
    }
    keys.added.push({ kind: 'constraint', table: pair.after.definition, constraint: constraintOf(change, now) });
    yield* newUnique(keys, change, now, known, 'unique');
  }
  const remaining = after.uniques.map(({ columns }) => columns.map((column) => storageOf(pair.after, column)));
  for (const then of free) {
    const columns = keys.later(change, then.columns);
    if (isLost(change, then.columns) || remaining.some((now) => isSameSet(columns, now))) continue;
    yield { kind: 'unique removed', owner: pair.after.owner, path: [pair.before.key, then.name] };
  }
}

/** The change for a new unique constraint. Rows are checked unless a narrower constraint held before. */
function* newUnique(
  { comparison: { values, dialect } }: KeyMatching,
  { pair: { before, after } }: TableChange,
  now: Key,
  known: readonly Candidates[],
  word: 'primary key' | 'unique',
): Generator<UniqueAdded> {
  const columns = now.columns.map((column) => storageOf(after, column));
  if (known.some((then) => isSameSet(then, columns))) return;
  const held = now.columns.map((column) => values.of(after.key, column));
  const isEmpty = !dialect.nullsAreEqual && held.some(({ kind }) => kind === 'null');
  const isImplied = isEmpty || known.some((then) => isWithin(then, columns));
  const place = { owner: after.owner, path: [after.key, now.name], table: before };
  yield { kind: `${word} added`, ...place, values: held, isImplied };
}
