import type { Check, ConstraintDefinition, ForeignKey, Index, Key } from '@dms/catalog';
import type { Change } from './change.ts';
import { type Comparison, laterStorages, storageOf } from './comparison.ts';
import type { AddedKey, DroppedKey, KeyPlan, RenamedKey } from './key-plan.ts';
import { expressionColumns, renamedExpression, type TableChange } from './table-change.ts';

/** Keys of the earlier set that must be dropped for a while in any case: `schema.name` of the table and the name. */
export type HinderingKeys = ReadonlySet<string>;

export const hindering = (table: string, name: string) => `${table}\n${name}`;

/** The name of a column that stays in place, unchanged. */
const exactName = ({ kept, touched }: TableChange, column: string) => (touched.has(column) ? undefined : kept.get(column));

function exactNames(change: TableChange, columns: readonly string[]): string[] | null {
  const names = columns.map((column) => exactName(change, column));
  return names.some((name) => name === undefined) ? null : (names as string[]);
}

const sameList = (left: readonly string[] | null, right: readonly string[]) =>
  left !== null && left.length === right.length && left.every((entry, index) => entry === right[index]);

const asSet = (names: readonly (string | null)[]) => JSON.stringify([...new Set(names)].sort());

/** For each column of a key of the earlier set, the columns of the later one that may replace it. */
type Candidates = readonly (readonly string[])[];

const targetKeyOf = ({ target }: ForeignKey) => `${target.schema}.${target.table}`;

/** Whether every column of an earlier key is among those of a later one. */
const isWithin = (then: Candidates, now: readonly string[]) => then.every((names) => names.some((name) => now.includes(name)));

/** Whether an earlier key and a later one cover the same values. */
const isSameSet = (then: Candidates, now: readonly string[]) =>
  isWithin(then, now) && now.every((name) => then.some((names) => names.includes(name)));

class KeyComparison {
  readonly dropped: DroppedKey[] = [];
  readonly keptNames: RenamedKey[] = [];
  readonly renamed: RenamedKey[] = [];
  readonly added: AddedKey[] = [];
  readonly changes: Change[] = [];
  private readonly comparison: Comparison;
  private readonly hinderingKeys: HinderingKeys;
  /** Column sets of the dropped keys, by table of the earlier set. Foreign keys that refer to a dropped key must be dropped too. */
  private readonly droppedTargets = new Map<string, Set<string>>();

  constructor(comparison: Comparison, hinderingKeys: HinderingKeys) {
    this.comparison = comparison;
    this.hinderingKeys = hinderingKeys;
  }

  private keep(kind: RenamedKey['kind'], { pair }: TableChange, from: string, to: string): void {
    const entry = { kind, table: pair.after.key, from, to };
    if (from === to) this.keptNames.push(entry);
    else {
      this.renamed.push(entry);
      const path = [pair.after.key, to];
      this.changes.push({ kind: `${kind} renamed`, owner: pair.after.owner, path, before: from, after: to });
    }
  }

  private drop(kind: DroppedKey['kind'], { pair }: TableChange, name: string): void {
    this.dropped.push({ kind, table: pair.before.key, name });
  }

  private isHindering({ pair }: TableChange, name: string): boolean {
    return this.hinderingKeys.has(hindering(pair.before.key, name));
  }

  /** For each column of the earlier set, the stored columns of the later one that hold the same values. */
  private later(change: TableChange, columns: readonly string[]): Candidates {
    return columns.map((column) => laterStorages(change, column));
  }

  private isLost({ dropped }: TableChange, columns: readonly string[]): boolean {
    return dropped.some(({ column, isLost }) => isLost && columns.includes(column.name));
  }

  uniques(change: TableChange): void {
    const { pair } = change;
    const { before, after } = { before: pair.before.catalog, after: pair.after.catalog };
    const free = new Set<Key>(before.uniques);
    const found = new Map<Key, Key>();
    const isSame = (then: Key, now: Key) =>
      then.clustered === now.clustered &&
      sameList(exactNames(change, then.columns), now.columns) &&
      !this.isHindering(change, then.name);
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
      this.keep('constraint', change, before.primaryKey.name, after.primaryKey.name);
    for (const then of [...(before.primaryKey && !keepsPrimaryKey ? [before.primaryKey] : []), ...free]) {
      this.drop('constraint', change, then.name);
      const targets = this.droppedTargets.get(pair.before.key) ?? new Set<string>();
      this.droppedTargets.set(pair.before.key, targets.add(asSet(then.columns)));
    }
    const definitions = new Map(
      [...pair.after.definition.inlineConstraints, ...pair.after.definition.addedConstraints].map((entry) => [
        entry.name,
        entry,
      ]),
    );
    const known = [before.primaryKey, ...before.uniques].flatMap((key) =>
      key === null ? [] : [this.later(change, key.columns)].filter((columns) => columns.every((names) => names.length > 0)),
    );
    if (after.primaryKey && !keepsPrimaryKey) {
      this.added.push({ kind: 'primaryKey', table: pair.after.definition });
      this.newUnique(change, after.primaryKey, known, 'primary key');
    }
    for (const now of after.uniques) {
      const then = found.get(now);
      if (then) {
        this.keep('constraint', change, then.name, now.name);
        continue;
      }
      const constraint = definitions.get(now.name) as ConstraintDefinition;
      this.added.push({ kind: 'constraint', table: pair.after.definition, constraint });
      this.newUnique(change, now, known, 'unique');
    }
    const remaining = after.uniques.map(({ columns }) => columns.map((column) => storageOf(pair.after, column)));
    for (const then of free) {
      const columns = this.later(change, then.columns);
      if (this.isLost(change, then.columns) || remaining.some((now) => isSameSet(columns, now))) continue;
      const path = [pair.before.key, then.name];
      this.changes.push({ kind: 'unique removed', owner: pair.after.owner, path });
    }
  }

  /** The item of a new unique constraint. Rows are checked unless a narrower constraint held before. */
  private newUnique(change: TableChange, now: Key, known: readonly Candidates[], word: 'primary key' | 'unique'): void {
    const { values, dialect } = this.comparison;
    const { after, before } = change.pair;
    const columns = now.columns.map((column) => storageOf(after, column));
    if (known.some((then) => isSameSet(then, columns))) return;
    const held = now.columns.map((column) => values.of(after.key, column));
    const isEmpty = !dialect.nullsAreEqual && held.some(({ kind }) => kind === 'null');
    const isImplied = isEmpty || known.some((then) => isWithin(then, columns));
    const place = { owner: after.owner, path: [after.key, now.name], table: before };
    this.changes.push({ kind: `${word} added`, ...place, values: held, isImplied });
  }

  checks(change: TableChange): void {
    const { values } = this.comparison;
    const { pair } = change;
    const free = new Set<Check>(pair.before.catalog.checks);
    const added: Check[] = [];
    for (const now of pair.after.catalog.checks) {
      const same = [...free].filter(
        (then) =>
          renamedExpression(then.expression, (name) => exactName(change, name)) === now.expression &&
          !this.isHindering(change, then.name),
      );
      const then = same.find(({ name }) => name === now.name) ?? same[0];
      if (then) {
        free.delete(then);
        this.keep('constraint', change, then.name, now.name);
      } else added.push(now);
    }
    const laterColumns = (expression: string) =>
      asSet(expressionColumns(expression).map((column) => pair.later.get(column)?.[0] ?? null));
    const earlier = new Set([...free].map(({ expression }) => laterColumns(expression)));
    const definitions = new Map(
      [...pair.after.definition.inlineConstraints, ...pair.after.definition.addedConstraints].map((entry) => [
        entry.name,
        entry,
      ]),
    );
    for (const now of added) {
      const constraint = definitions.get(now.name);
      if (constraint?.kind !== 'check') throw new Error(`${pair.after.key} has no check ${now.name}`);
      this.added.push({ kind: 'constraint', table: pair.after.definition, constraint });
      const columns = expressionColumns(now.expression);
      if (earlier.has(asSet(columns))) continue;
      const entry = { owner: pair.after.owner, path: [pair.after.key, now.name] };
      if (columns.every((column) => values.of(pair.after.key, column).kind === 'null')) continue;
      if (columns.every((column) => change.fates.some(({ kind, after }) => kind === 'filled' && after.name === column)))
        continue;
      const held = new Map(columns.map((column) => [column, values.of(pair.after.key, column)]));
      this.changes.push({ kind: 'check added', ...entry, table: pair.before, condition: constraint.condition, values: held });
    }
    const later = new Set(added.map(({ expression }) => asSet(expressionColumns(expression))));
    for (const then of free) {
      this.drop('constraint', change, then.name);
      if (this.isLost(change, expressionColumns(then.expression)) || later.has(laterColumns(then.expression))) continue;
      if (expressionColumns(then.expression).every((column) => change.dropped.some((entry) => entry.column.name === column)))
        continue;
      this.changes.push({ kind: 'check removed', owner: pair.after.owner, path: [pair.before.key, then.name] });
    }
  }

  /** Called when the uniques of all tables are known. */
  foreignKeys(change: TableChange): void {
    const { pair } = change;
    const free = new Set<ForeignKey>(pair.before.catalog.foreignKeys);
    const added: ForeignKey[] = [];
    for (const now of pair.after.catalog.foreignKeys) {
      const same = [...free].filter((then) => this.isSameForeignKey(change, then, now));
      const then = same.find(({ name }) => name === now.name) ?? same[0];
      if (then) {
        free.delete(then);
        this.keep('constraint', change, then.name, now.name);
      } else added.push(now);
    }
    const pairsBefore = [...free].map((key) => ({ key, ...this.laterPairs(change, key) }));
    const explained = new Set<ForeignKey>();
    for (const now of added) {
      this.added.push({ kind: 'foreignKey', table: pair.after.definition, key: now });
      const found = this.newForeignKey(change, now, pairsBefore);
      if (found) explained.add(found);
    }
    for (const { key } of pairsBefore) {
      this.drop('foreignKey', change, key.name);
      if (explained.has(key) || this.isLost(change, key.columns)) continue;
      const entry = { owner: pair.after.owner, path: [pair.before.key, key.name] };
      this.changes.push({ kind: 'foreign key removed', ...entry, target: targetKeyOf(key) });
    }
  }

  private isSameForeignKey(change: TableChange, then: ForeignKey, now: ForeignKey): boolean {
    const target = this.comparison.changesByBefore.get(`${then.target.schema}.${then.target.table}`);
    return (
      target !== undefined &&
      target.pair.after.key === `${now.target.schema}.${now.target.table}` &&
      !this.isHindering(change, then.name) &&
      !this.droppedTargets.get(target.pair.before.key)?.has(asSet(then.targetColumns)) &&
      sameList(exactNames(change, then.columns), now.columns) &&
      sameList(exactNames(target, then.targetColumns), now.targetColumns) &&
      then.onDelete === now.onDelete &&
      then.onUpdate === now.onUpdate &&
      then.deferrable === now.deferrable
    );
  }

  /** A key of the earlier set, expressed in columns of the later one. */
  private laterPairs(change: TableChange, key: ForeignKey) {
    const target = this.comparison.changesByBefore.get(`${key.target.schema}.${key.target.table}`);
    const columns = this.later(change, key.columns);
    const targets: Candidates = target ? this.later(target, key.targetColumns) : key.targetColumns.map(() => []);
    const pairs = columns.map((names, index) =>
      names.flatMap((name) => (targets[index] ?? []).map((targetName) => JSON.stringify([name, targetName]))),
    );
    return { target: target?.pair.after.key ?? null, lead: columns[0] ?? [], pairs };
  }

  /** The item of a new key, and the earlier key that it replaces. */
  private newForeignKey(
    change: TableChange,
    now: ForeignKey,
    earlier: readonly ({ readonly key: ForeignKey } & ReturnType<KeyComparison['laterPairs']>)[],
  ): ForeignKey | undefined {
    const { values, changesByAfter } = this.comparison;
    const { after, before } = change.pair;
    const targetKey = `${now.target.schema}.${now.target.table}`;
    const target = changesByAfter.get(targetKey);
    const columns = now.columns.map((column) => storageOf(after, column));
    const pairs = columns.map((column, index) => {
      const name = now.targetColumns[index] ?? '';
      return JSON.stringify([column, target ? storageOf(target.pair.after, name) : name]);
    });
    const followed = earlier.filter((entry) => entry.target === targetKey);
    const entry = { owner: after.owner, path: [after.key, now.name] };
    const same = followed.find((each) => isSameSet(each.pairs, pairs));
    if (same) {
      const { key } = same;
      const isAction = key.onDelete !== now.onDelete || key.onUpdate !== now.onUpdate || key.deferrable !== now.deferrable;
      if (isAction) this.changes.push({ kind: 'foreign key action changed', ...entry, target: targetKeyOf(key) });
      else if (key.name !== now.name)
        this.changes.push({ kind: 'constraint renamed', ...entry, before: key.name, after: now.name });
      return key;
    }
    const partner = followed.find(({ lead }) => lead.includes(columns[0] ?? ''))?.key;
    const held = now.columns.map((column) => values.of(after.key, column));
    if (held.some(({ kind }) => kind === 'null') || !target) return partner;
    const targetValues = now.targetColumns.map((column) => values.of(targetKey, column));
    const rows = { table: before, values: held, target: target.pair.before, targetValues };
    this.changes.push({ kind: partner ? 'foreign key changed' : 'foreign key added', ...entry, ...rows });
    return partner;
  }

  indexes(change: TableChange): void {
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
        this.keep('index', change, then.name, now.name);
        continue;
      }
      this.added.push({ kind: 'index', table: pair.after.definition, index: now });
      if (pair.before.catalog.indexes.some(({ name }) => name === now.name)) continue;
      const values = now.columns.map((column) => this.comparison.values.of(pair.after.key, column));
      if (values.every(({ kind }) => kind === 'null')) continue;
      this.changes.push({ kind: 'index added', owner: pair.after.owner, path: [pair.after.key, now.name] });
    }
    for (const then of free) {
      this.drop('index', change, then.name);
      if (this.isLost(change, then.columns) || pair.after.catalog.indexes.some(({ name }) => name === then.name)) continue;
      this.changes.push({ kind: 'index removed', owner: pair.after.owner, path: [pair.before.key, then.name] });
    }
  }
}

/** What becomes of the keys, checks and indexes of the tables that both sets have (design 12 §3.2). */
export function compareKeys(
  comparison: Comparison,
  hinderingKeys: HinderingKeys,
): { readonly keys: KeyPlan; readonly changes: readonly Change[] } {
  const keys = new KeyComparison(comparison, hinderingKeys);
  for (const change of comparison.changes) keys.uniques(change);
  for (const change of comparison.changes) {
    keys.checks(change);
    keys.foreignKeys(change);
    keys.indexes(change);
  }
  // a dropped table may refer to a table, or to a key, that is dropped before it
  const ofRemoved = comparison.match.removed.flatMap(({ key, catalog }) =>
    catalog.foreignKeys.map(({ name }): DroppedKey => ({ kind: 'foreignKey', table: key, name })),
  );
  const { keptNames: kept, renamed, added, changes } = keys;
  return { keys: { dropped: [...keys.dropped, ...ofRemoved], kept, renamed, added }, changes };
}
