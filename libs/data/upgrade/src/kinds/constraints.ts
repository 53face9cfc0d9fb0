import type { CatalogKey, Check, CheckExpression, Index, IndexDefinition } from '@dms/catalog';
import { storageOf } from '../comparing/comparison.ts';
import { expressionColumns, renamedExpression, type TableChange } from '../matching/table-change.ts';
import { catalogColumn, type SideTable } from '../matching/table-pairs.ts';
import type { Value } from '../matching/value.ts';
import type { IndexedValue } from '../script/row-queries.ts';
import { type ChangeRules, checks, noQueries, type Place, type RulesOf, type Shown } from './change-rules.ts';
import {
  asSet,
  type Candidates,
  collatedAs,
  exactName,
  exactNames,
  findConstraint,
  isLost,
  isSameSet,
  isWithin,
  type KeyMatching,
  type KeyRenamed,
  sameKeys,
  sameList,
} from './key-matching.ts';

interface UniqueAdded extends Place {
  readonly kind: 'primary key added' | 'unique added' | 'unique collated';
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

const added: ChangeRules<UniqueAdded> = {
  object: 'constraint',
  class: ({ isImplied }) => (isImplied ? 'free' : 'checked'),
  queries: ({ table, values, isImplied }, queries) =>
    isImplied ? noQueries : checks(queries.duplicates(table, values)),
};

export const uniqueRules: RulesOf<UniqueChanges> = {
  'primary key added': added,
  'unique added': added,
  'unique collated': { ...added, words: 'collation changed' },
  'unique removed': { object: 'constraint', class: 'free' },
  'constraint renamed': { object: 'constraint', class: 'free' },
};

/** Compares the primary key and the unique constraints of a table (design 12 §3.2). */
export function* compareUniques(keys: KeyMatching, change: TableChange): Generator<UniqueChanges | KeyRenamed> {
  const { pair } = change;
  const { before, after } = { before: pair.before.catalog, after: pair.after.catalog };
  const isSame = (then: CatalogKey, now: CatalogKey) =>
    then.clustered === now.clustered &&
    sameList(exactNames(change, then.columns), now.columns) &&
    !keys.isBlocking(change, then.name);
  const { kept, free } = sameKeys(before.uniques, after.uniques, isSame);
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
    yield* newUnique(keys, change, after.primaryKey, known);
  }
  for (const now of after.uniques) {
    const then = kept.get(now);
    if (then) {
      yield* keys.keep('constraint', change, then.name, now.name);
      continue;
    }
    keys.added.push({ kind: 'constraint', table: pair.after.definition, constraint: findConstraint(change, now) });
    yield* newUnique(keys, change, now, known);
  }
  const remaining = after.uniques.map(({ columns }) => columns.map((column) => storageOf(pair.after, column)));
  for (const then of free) {
    const columns = keys.later(change, then.columns);
    if (isLost(change, then.columns) || remaining.some((now) => isSameSet(columns, now))) continue;
    yield { kind: 'unique removed', owner: pair.after.owner, path: [pair.before.key, then.name] };
  }
}

/**
 * The change for a new unique constraint, or one under another collation. Rows are checked unless a narrower constraint
 * held before.
 */
function* newUnique(
  { comparison: { values, dialect } }: KeyMatching,
  change: TableChange,
  now: CatalogKey,
  known: readonly Candidates[],
): Generator<UniqueAdded> {
  const { pair, recollated } = change;
  const { before, after } = pair;
  const columns = now.columns.map((column) => storageOf(after, column));
  const isKnown = known.some((then) => isSameSet(then, columns));
  if (isKnown && !columns.some((column) => recollated.has(column))) return;
  const held = now.columns.map((column) => collatedAs(change, column, values.of(after.key, column)));
  const isEmpty = !dialect.nullsAreEqual && held.some(({ kind }) => kind === 'null');
  const isImplied =
    isEmpty || known.some((then) => isWithin(then, columns) && !then.flat().some((column) => recollated.has(column)));
  if (isKnown && isImplied) return;
  const place = { owner: after.owner, path: [after.key, now.name], table: before };
  const kind = isKnown ? 'unique collated' : now === after.catalog.primaryKey ? 'primary key added' : 'unique added';
  yield { kind, ...place, values: held, isImplied };
}

interface CheckAdded extends Place {
  readonly kind: 'check added';
  readonly table: SideTable;
  readonly condition: CheckExpression;
  /** The values in the columns of the condition. */
  readonly values: ReadonlyMap<string, Value>;
}

interface CheckRemoved extends Place, Shown {
  readonly kind: 'check removed';
}

export type CheckChanges = CheckAdded | CheckRemoved;

export const checkRules: RulesOf<CheckChanges> = {
  'check added': {
    object: 'constraint',
    class: 'checked',
    queries: ({ table, condition, values }, queries) => checks(queries.refused(table, condition, values)),
  },
  'check removed': { object: 'constraint', class: 'free' },
};

/** Compares the checks of a table (design 12 §3.2). */
export function* compareChecks(keys: KeyMatching, change: TableChange): Generator<CheckChanges | KeyRenamed> {
  const { values, dialect } = keys.comparison;
  const { pair } = change;
  // a column cannot be renamed while a check names it, so the check is dropped and added again
  const staysInPlace = ({ expression }: Check) =>
    dialect.dependentsFollowRenames || expressionColumns(expression).every((name) => exactName(change, name) === name);
  const { kept, free, added } = sameKeys(
    pair.before.catalog.checks,
    pair.after.catalog.checks,
    (then, now) =>
      renamedExpression(then.expression, (name) => exactName(change, name)) === now.expression &&
      staysInPlace(then) &&
      !keys.isBlocking(change, then.name),
  );
  for (const [now, then] of kept) yield* keys.keep('constraint', change, then.name, now.name);
  const laterColumns = (expression: string) =>
    asSet(expressionColumns(expression).map((column) => pair.later.get(column)?.[0] ?? null));
  const earlier = new Set(free.map(({ expression }) => laterColumns(expression)));
  for (const now of added) {
    const constraint = findConstraint(change, now);
    if (constraint.kind !== 'check') throw new Error(`${pair.after.key} ${now.name} is not a check`);
    keys.added.push({ kind: 'constraint', table: pair.after.definition, constraint });
    const columns = expressionColumns(now.expression);
    if (earlier.has(asSet(columns))) continue;
    if (columns.every((column) => values.of(pair.after.key, column).kind === 'null')) continue;
    if (columns.every((column) => change.fates.some(({ kind, after }) => kind === 'filled' && after.name === column)))
      continue;
    const held = new Map(columns.map((column) => [column, values.of(pair.after.key, column)]));
    const entry = { owner: pair.after.owner, path: [pair.after.key, now.name] };
    yield { kind: 'check added', ...entry, table: pair.before, condition: constraint.condition, values: held };
  }
  const later = new Set(added.map(({ expression }) => asSet(expressionColumns(expression))));
  for (const then of free) {
    keys.drop('constraint', change, then.name);
    const columns = expressionColumns(then.expression);
    if (isLost(change, columns) || later.has(laterColumns(then.expression))) continue;
    if (columns.every((column) => change.dropped.some((entry) => entry.column.name === column))) continue;
    yield { kind: 'check removed', owner: pair.after.owner, path: [pair.before.key, then.name] };
  }
}

interface IndexFree extends Place, Shown {
  readonly kind: 'index added' | 'index removed';
}

interface UniqueIndexAdded extends Place {
  readonly kind: 'unique index added';
  readonly table: SideTable;
  readonly values: readonly IndexedValue[];
}

export type IndexChanges = IndexFree | UniqueIndexAdded | (KeyRenamed & { readonly kind: 'index renamed' });

export const indexRules: RulesOf<IndexChanges> = {
  'index added': { object: 'index', class: 'free' },
  'unique index added': {
    object: 'index',
    words: 'index added',
    class: 'checked',
    queries: ({ table, values }, queries) => checks(queries.duplicates(table, values)),
  },
  'index removed': { object: 'index', class: 'free' },
  'index renamed': { object: 'index', class: 'free' },
};

/** Compares the indexes of a table (design 12 §3.2). */
export function* compareIndexes(keys: KeyMatching, change: TableChange): Generator<IndexChanges | KeyRenamed> {
  const { pair } = change;
  const isSame = (then: Index, now: Index) =>
    then.unique === now.unique &&
    then.predicate === now.predicate &&
    !keys.isBlocking(change, then.name) &&
    sameList(exactIndexColumns(change, then), now.columns) &&
    sameList(exactNames(change, then.include), now.include);
  const { kept, free } = sameKeys(pair.before.catalog.indexes, pair.after.catalog.indexes, isSame);
  for (const now of pair.after.catalog.indexes) {
    const then = kept.get(now);
    if (then) {
      yield* keys.keep('index', change, then.name, now.name);
      continue;
    }
    // the definition has the expressions of an index as trees
    const index: IndexDefinition = pair.after.definition.indexes.find(({ name }) => name === now.name) ?? now;
    keys.added.push({ kind: 'index', table: pair.after.definition, index });
    if (pair.before.catalog.indexes.some(({ name }) => name === now.name)) continue;
    if (now.unique) {
      const indexed = index.columns.map((column) => indexedValue(keys, change, index, column));
      const entry = { owner: pair.after.owner, path: [pair.after.key, now.name] };
      yield { kind: 'unique index added', ...entry, table: pair.before, values: indexed };
      continue;
    }
    const values = now.columns.map((column) => keys.comparison.values.of(pair.after.key, column));
    if (values.every(({ kind }) => kind === 'null')) continue;
    yield { kind: 'index added', owner: pair.after.owner, path: [pair.after.key, now.name] };
  }
  for (const then of free) {
    keys.drop('index', change, then.name);
    if (isLost(change, then.columns) || pair.after.catalog.indexes.some(({ name }) => name === then.name)) continue;
    yield { kind: 'index removed', owner: pair.after.owner, path: [pair.before.key, then.name] };
  }
}

/** The later columns of an index that stays in place; null if one of its columns or expressions changes. */
function exactIndexColumns(change: TableChange, { columns, plain }: Index): readonly string[] | null {
  if (plain) return exactNames(change, columns);
  const { kept, touched } = change;
  // an expression also quotes its collation
  const isColumn = (name: string) => kept.has(name) || touched.has(name);
  const names = columns.map((column) =>
    isColumn(column)
      ? exactName(change, column)
      : renamedExpression(column, (name) => (isColumn(name) ? exactName(change, name) : name)),
  );
  return names.every((name) => typeof name === 'string') ? names : null;
}

/** The value of a column or an expression of an index; a computed column that is new is an expression too. */
function indexedValue(
  { comparison: { values } }: KeyMatching,
  { pair: { after } }: TableChange,
  { expressions }: IndexDefinition,
  column: string,
): IndexedValue {
  const definitions = new Map(after.definition.columns.map((each) => [each.name, each]));
  const value = values.of(after.key, column);
  const ofIndex = expressions?.get(column);
  const expression = ofIndex ?? (value.kind === 'null' ? definitions.get(column)?.generated : null);
  if (!expression) return value;
  const readValue = (name: string) => values.of(after.key, name);
  const text = ofIndex ? column : (catalogColumn(after, column)?.generated?.expression ?? '');
  const read = expressionColumns(text).filter((name) => definitions.has(name));
  const collationOf = (name: string) => definitions.get(name)?.collation ?? null;
  return { kind: 'expression', expression, reads: read.map(readValue), readValue, collationOf };
}
