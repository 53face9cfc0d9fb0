import type { Check, Expression, Index, Key } from '@dms/catalog';
import { core, qualified, unqualified } from '@dms/model';
import { type Comparison, storageOf } from '../comparing/comparison.ts';
import {
  type AffectedTable,
  effectOn,
  effectOnNone,
  present,
  type StatementKind,
  touched,
} from '../hazards/statement-effect.ts';
import { expressionColumns, renamedExpression, type TableChange } from '../matching/table-change.ts';
import type { SideTable } from '../matching/table-pairs.ts';
import type { Value } from '../matching/value.ts';
import { effectOnLater, laterTable, type ScriptParts, type StatementList } from '../script/script-parts.ts';
import {
  type ChangeRules,
  checks,
  noQueries,
  objectKey,
  type Place,
  type RulesOf,
  type Shown,
} from './change-rules.ts';
import {
  type AddedKey,
  asSet,
  type Candidates,
  type DroppedKey,
  exactName,
  exactNames,
  findConstraint,
  isLost,
  isSameSet,
  isWithin,
  type KeyMatching,
  type KeyRenamed,
  sameList,
} from './key-matching.ts';
import { isResourceKeyTarget, movedResources } from './resources.ts';

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
    yield* newUnique(keys, change, after.primaryKey, known);
  }
  for (const now of after.uniques) {
    const then = found.get(now);
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

/** The change for a new unique constraint. Rows are checked unless a narrower constraint held before. */
function* newUnique(
  { comparison: { values, dialect } }: KeyMatching,
  { pair: { before, after } }: TableChange,
  now: Key,
  known: readonly Candidates[],
): Generator<UniqueAdded> {
  const columns = now.columns.map((column) => storageOf(after, column));
  if (known.some((then) => isSameSet(then, columns))) return;
  const held = now.columns.map((column) => values.of(after.key, column));
  const isEmpty = !dialect.nullsAreEqual && held.some(({ kind }) => kind === 'null');
  const isImplied = isEmpty || known.some((then) => isWithin(then, columns));
  const place = { owner: after.owner, path: [after.key, now.name], table: before };
  const kind = now === after.catalog.primaryKey ? 'primary key added' : 'unique added';
  yield { kind, ...place, values: held, isImplied };
}

interface CheckAdded extends Place {
  readonly kind: 'check added';
  readonly table: SideTable;
  readonly condition: Expression;
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
    made: ['add check'],
    queries: ({ table, condition, values }, queries) => checks(queries.refused(table, condition, values)),
  },
  'check removed': { object: 'constraint', class: 'free', made: ['drop constraint'] },
};

/** Compares the checks of a table (design 12 §3.2). */
export function* compareChecks(keys: KeyMatching, change: TableChange): Generator<CheckChanges | KeyRenamed> {
  const { values, dialect } = keys.comparison;
  const { pair } = change;
  const free = new Set<Check>(pair.before.catalog.checks);
  // a column cannot be renamed while a check names it, so the check is dropped and added again
  const staysInPlace = ({ expression }: Check) =>
    dialect.dependentsFollowRenames || expressionColumns(expression).every((name) => exactName(change, name) === name);
  const added: Check[] = [];
  for (const now of pair.after.catalog.checks) {
    const same = [...free].filter(
      (then) =>
        renamedExpression(then.expression, (name) => exactName(change, name)) === now.expression &&
        staysInPlace(then) &&
        !keys.isBlocking(change, then.name),
    );
    const then = same.find(({ name }) => name === now.name) ?? same[0];
    if (then) {
      free.delete(then);
      yield* keys.keep('constraint', change, then.name, now.name);
    } else added.push(now);
  }
  const laterColumns = (expression: string) =>
    asSet(expressionColumns(expression).map((column) => pair.later.get(column)?.[0] ?? null));
  const earlier = new Set([...free].map(({ expression }) => laterColumns(expression)));
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

export type IndexChanges = IndexFree | (KeyRenamed & { readonly kind: 'index renamed' });

export const indexRules: RulesOf<IndexChanges> = {
  'index added': { object: 'index', class: 'free', made: ['create index'] },
  'index removed': { object: 'index', class: 'free', made: ['drop index'] },
  'index renamed': { object: 'index', class: 'free', made: ['rename index'] },
};

/** Compares the indexes of a table (design 12 §3.2). */
export function* compareIndexes(keys: KeyMatching, change: TableChange): Generator<IndexChanges | KeyRenamed> {
  const { pair } = change;
  const free = new Set<Index>(pair.before.catalog.indexes);
  const isSame = (then: Index, now: Index) =>
    then.unique === now.unique &&
    then.predicate === now.predicate &&
    sameList(exactNames(change, then.columns), now.columns) &&
    sameList(exactNames(change, then.include), now.include);
  for (const now of pair.after.catalog.indexes) {
    const same = [...free].filter((then) => isSame(then, now));
    const then = same.find(({ name }) => name === now.name) ?? same[0];
    if (then) {
      free.delete(then);
      yield* keys.keep('index', change, then.name, now.name);
      continue;
    }
    keys.added.push({ kind: 'index', table: pair.after.definition, index: now });
    if (pair.before.catalog.indexes.some(({ name }) => name === now.name)) continue;
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

/** Order of the drops: objects that no other object needs any more come first. */
const dropOrder = ['foreignKey', 'constraint', 'index'] as const;

/** The kind of statement that drops each kind of key. */
const dropsOf = {
  foreignKey: 'drop foreign key',
  constraint: 'drop constraint',
  index: 'drop index',
} as const satisfies Record<DroppedKey['kind'], StatementKind>;

const addOrder = ['primaryKey', 'unique', 'check', 'foreignKey', 'index'] as const;

/** The statement that makes each kind of key. */
const addsOf = {
  primaryKey: 'add primary key',
  unique: 'add unique',
  check: 'add check',
  foreignKey: 'add foreign key',
  index: 'create index',
} as const satisfies Record<(typeof addOrder)[number], StatementKind>;

/** Drops keys, checks and indexes that are removed, replaced, or in the way of a change (design 12 §5, step 3). */
export function dropKeys(parts: ScriptParts, out: StatementList): void {
  const { comparison, keys } = parts;
  const { dialect } = comparison;
  const targets = earlierTargets(comparison);
  const moved = movedResources(parts);
  for (const kind of dropOrder)
    for (const { table, name, makes } of keys.dropped.filter((entry) => entry.kind === kind)) {
      const target = kind === 'foreignKey' ? targets.get(keyNameOf(table, name)) : undefined;
      const own = objectKey(kind === 'index' ? 'index' : 'constraint', table, name);
      const touches = [touched('drop', kind === 'index' ? 'index' : 'constraint', table, name)];
      const sql =
        kind === 'index'
          ? dialect.dropIndex(unqualified(table), name)
          : dialect.dropConstraint(unqualified(table), name);
      const all = [own, ...makes, ...(isResourceKeyTarget(target) ? moved : [])];
      out.add('drop keys', table, { ...effectOn(dropsOf[kind], table, all), target, touches }, sql);
    }
}

/** The tables that the foreign keys of the earlier set refer to, by the table and the name of the key. */
function earlierTargets({ before }: Comparison): ReadonlyMap<string, AffectedTable> {
  return new Map(
    before.catalog.tables.flatMap((table) =>
      table.foreignKeys.map(({ name, target }): [string, AffectedTable] => [
        keyNameOf(qualified(table), name),
        present(`${target.schema}.${target.table}`),
      ]),
    ),
  );
}

const keyNameOf = (table: string, name: string) => `${table}\n${name}`;

/** Adds keys, checks and indexes, including those of new tables (design 12 §5, step 7). */
export function addKeys(parts: ScriptParts, out: StatementList): void {
  const { comparison, statements, keys, preparing } = parts;
  const { match, dialect } = comparison;
  const ofNewTables = match.added.flatMap(({ definition: table }): AddedKey[] => [
    ...table.addedConstraints.map((constraint): AddedKey => ({ kind: 'constraint', table, constraint })),
    ...table.foreignKeys.map((key): AddedKey => ({ kind: 'foreignKey', table, key })),
    ...table.indexes.map((index): AddedKey => ({ kind: 'index', table, index })),
  ]);
  const added = [...keys.added, ...ofNewTables];
  if (added.length > 0 && out.list.some(({ step }) => step !== 'checks'))
    out.add('add keys', qualified(core.document), effectOnNone('run deferred checks'), ...dialect.settle());
  const moved = movedResources(parts);
  for (const kind of addOrder) {
    for (const entry of added) {
      if (addKind(entry) !== kind) continue;
      const subject = qualified(entry.table);
      const { isNew } = laterTable(comparison, subject);
      const effect = effectOnLater(comparison, addsOf[kind], subject, [madeBy(entry, isNew)]);
      const steps = preparing.key(entry);
      if (entry.kind === 'primaryKey') out.add('add keys', subject, effect, statements.primaryKey(entry.table));
      else if (entry.kind === 'constraint')
        out.addPreparable('add keys', subject, {
          effect,
          sql: statements.constraint(entry.table, entry.constraint),
          steps,
        });
      else if (entry.kind === 'foreignKey') {
        const target = laterTable(comparison, `${entry.key.target.schema}.${entry.key.target.table}`);
        const makes = [...(effect.makes ?? []), ...(isResourceKeyTarget(target) && !isNew ? moved : [])];
        const sql = statements.foreignKey(entry.table, entry.key);
        out.addPreparable('add keys', subject, { effect: { ...effect, makes, target }, sql, steps });
      } else out.addPreparable('add keys', subject, { effect, sql: statements.index(entry.table, entry.index), steps });
    }
  }
}

const addKind = (entry: AddedKey): (typeof addOrder)[number] =>
  entry.kind === 'constraint' ? entry.constraint.kind : entry.kind;

/** An added key as the effects of its statement name it; keys of a new table come with the table. */
function madeBy(entry: AddedKey, isNew: boolean): string {
  const table = qualified(entry.table);
  if (isNew) return objectKey('table', table);
  if (entry.kind === 'index') return objectKey('index', table, entry.index.name);
  const { name } = entry.kind === 'constraint' ? entry.constraint : entry.kind === 'foreignKey' ? entry.key : entry;
  return objectKey('constraint', table, name);
}
