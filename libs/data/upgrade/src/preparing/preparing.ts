import type { ConstraintDefinition, ForeignKey, Index, TableDefinition } from '@dms/catalog';
import { core, modelIndex, qualified } from '@dms/model';
import type { Comparison } from '../comparing/comparison.ts';
import type { AddedKey, KeyPlan } from '../kinds/key-matching.ts';
import { expressionColumns, type TableChange } from '../matching/table-change.ts';
import { isWiderType } from '../ops/alter-column.ts';
import type { EarlyWay } from '../ops/operated.ts';

/** The inputs that decide what can be made before an upgrade. */
interface PreparingParts {
  readonly comparison: Comparison;
  readonly keys: KeyPlan;
  /** Resources of the later set whose documents a translation writes while no foreign key leads to their tables. */
  readonly written: ReadonlySet<string>;
}

/**
 * Decides which operations of an upgrade can be made before it, while the service works with the earlier set (design 12a
 * §5.1). An object is prepared only if no row that the earlier set allows can violate it, and if no statement of the
 * upgrade would have to remove it again.
 */
export class PreparationPlanner {
  private readonly parts: PreparingParts;
  private readonly isPossible: boolean;
  /** Names of tables, views, sequences and indexes of the earlier set, by schema. */
  private readonly relations = new Map<string, Set<string>>();
  /** Prepared tables. */
  private readonly tables = new Map<string, TableDefinition>();
  /** Prepared columns of tables that both sets have. */
  private readonly added = new Map<string, ReadonlySet<string>>();
  /** Tables, prepared or not, into which a translation writes rows; new ones get their keys and indexes afterwards. */
  private readonly written: ReadonlySet<string>;
  /** Column sets of prepared uniques, by table. */
  private readonly uniques = new Map<string, Set<string>>();

  constructor(parts: PreparingParts) {
    this.parts = parts;
    const { before, definition, match, changes } = parts.comparison;
    const sequences = new Set(before.catalog.sequences.map(qualified));
    const extensions = new Set(before.catalog.extensions.map(({ name }) => name));
    // tables may need sequences and extensions that are created before them
    const hasNewCore =
      definition.sequences.some((each) => !sequences.has(qualified(each))) ||
      definition.extensions.some(({ name }) => !extensions.has(name));
    this.isPossible = !hasNewCore;
    this.written = tablesOf(parts);
    if (!this.isPossible) return;
    this.collectRelations();
    for (const { definition: table } of match.added) if (this.isFree(table)) this.tables.set(qualified(table), table);
    for (const change of changes) {
      const names = this.newColumns(change);
      if (names.size > 0) this.added.set(change.pair.after.key, names);
    }
    for (const entry of parts.keys.added) {
      if (entry.kind !== 'constraint' || entry.constraint.kind !== 'unique') continue;
      if (this.isPreparedUnique(entry.table, entry.constraint))
        this.addUnique(qualified(entry.table), entry.constraint.columns);
    }
  }

  private collectRelations(): void {
    const { catalog } = this.parts.comparison.before;
    const add = (schema: string, name: string) => {
      const names = this.relations.get(schema) ?? new Set<string>();
      this.relations.set(schema, names.add(name));
    };
    for (const { schema, name } of [...catalog.views, ...catalog.sequences]) add(schema, name);
    for (const table of catalog.tables) {
      add(table.schema, table.name);
      for (const { name } of [...(table.primaryKey ? [table.primaryKey] : []), ...table.uniques, ...table.indexes])
        add(table.schema, name);
    }
  }

  private hasRelation(schema: string, name: string): boolean {
    return this.relations.get(schema)?.has(name) ?? false;
  }

  /**
   * Whether no relation of the earlier set has a name that a new table needs. The core tables of the tool come with the
   * upgrade.
   */
  private isFree(table: TableDefinition): boolean {
    const { schema, name, primaryKey, inlineConstraints, addedConstraints, indexes, modelIndexes } = table;
    const names = [name, primaryKey.name, ...[...inlineConstraints, ...addedConstraints].map((each) => each.name)];
    const all = [...names, ...[...indexes, ...modelIndexes].map((index) => index.name)];
    return schema !== core.document.schema && !all.some((each) => this.hasRelation(schema, each));
  }

  /** The change of a table that keeps its name; undefined for other tables. */
  private sameTable(key: string): TableChange | undefined {
    const change = this.parts.comparison.changesByAfter.get(key);
    return change?.pair.before.key === key ? change : undefined;
  }

  private newColumns(change: TableChange): ReadonlySet<string> {
    const { pair, fates } = change;
    const known = new Set(pair.before.catalog.columns.map(({ name }) => name));
    const isNew = ({ kind, after }: TableChange['fates'][number]) =>
      kind === 'added' && after.nullable && after.default === null && after.identity === null && !known.has(after.name);
    if (pair.before.key !== pair.after.key) return new Set();
    return new Set(fates.filter(isNew).map(({ after }) => after.name));
  }

  /** Whether a column of the later set has its name, type and values in the earlier set too. */
  private isSame({ kept, touched }: TableChange, column: string): boolean {
    return kept.get(column) === column && !touched.has(column);
  }

  private isAdded(key: string, column: string): boolean {
    return this.added.get(key)?.has(column) ?? false;
  }

  /** Whether a preparation finds these columns in a table, or has added them. */
  private hasColumns(key: string, columns: readonly string[]): boolean {
    if (this.tables.has(key)) return true;
    const change = this.sameTable(key);
    return change !== undefined && columns.every((column) => this.isAdded(key, column) || this.isSame(change, column));
  }

  private addUnique(key: string, columns: readonly string[]): void {
    const sets = this.uniques.get(key) ?? new Set<string>();
    this.uniques.set(key, sets.add(asSet(columns)));
  }

  /**
   * Whether no two rows of the earlier set can be equal in these columns: a key of the earlier set guarantees it, or
   * NULL in a new column makes all rows differ.
   */
  private isImplied(key: string, columns: readonly string[]): boolean {
    const { nullsAreEqual } = this.parts.comparison.dialect;
    if (!nullsAreEqual && columns.some((column) => this.isAdded(key, column))) return true;
    const before = this.sameTable(key)?.pair.before.catalog;
    const known = before ? [...(before.primaryKey ? [before.primaryKey] : []), ...before.uniques] : [];
    return known.some((each) => each.columns.every((column) => columns.includes(column)));
  }

  private isPreparedUnique(
    table: TableDefinition,
    { name, columns }: { name: string; columns: readonly string[] },
  ): boolean {
    const key = qualified(table);
    const change = this.sameTable(key);
    return (
      change !== undefined &&
      !isWritten(change) &&
      !this.hasRelation(table.schema, name) &&
      !this.hasConstraint(key, name) &&
      this.hasColumns(key, columns) &&
      this.isImplied(key, columns)
    );
  }

  private hasConstraint(key: string, name: string): boolean {
    const table = this.sameTable(key)?.pair.before.catalog;
    return [...(table?.checks ?? []), ...(table?.foreignKeys ?? [])].some((each) => each.name === name);
  }

  /** Whether the key that a foreign key refers to exists or is prepared, and the upgrade leaves it as it is. */
  private hasTarget({ target, targetColumns }: ForeignKey): boolean {
    const key = `${target.schema}.${target.table}`;
    if (this.written.has(key)) return false;
    if (this.tables.has(key) || this.uniques.get(key)?.has(asSet(targetColumns))) return true;
    const change = this.sameTable(key);
    if (!change || !targetColumns.every((column) => this.isSame(change, column))) return false;
    const { primaryKey, uniques } = change.pair.before.catalog;
    const dropped = new Set(this.parts.keys.dropped.flatMap(({ table, name }) => (table === key ? [name] : [])));
    return [...(primaryKey ? [primaryKey] : []), ...uniques].some(
      ({ name, columns }) => asSet(columns) === asSet(targetColumns) && !dropped.has(name),
    );
  }

  /** How a new schema is made before the upgrade; null if only the upgrade makes it. The other members likewise. */
  schema(): EarlyWay | null {
    return this.isPossible ? 'new' : null;
  }

  table(table: TableDefinition): EarlyWay | null {
    return this.tables.has(qualified(table)) ? 'new' : null;
  }

  /** The columns of a table of both sets that are made before the upgrade. */
  columns(key: string): ReadonlySet<string> {
    return this.added.get(key) ?? new Set();
  }

  key(entry: AddedKey): EarlyWay | null {
    if (!this.isPossible || this.written.has(qualified(entry.table))) return null;
    switch (entry.kind) {
      // a table that both sets have keeps its rows under its primary key until the upgrade
      case 'primaryKey':
        return null;
      case 'constraint':
        return this.constraint(entry.table, entry.constraint);
      case 'foreignKey':
        return this.foreignKey(entry.table, entry.key);
      case 'index':
        return this.index(entry.table, entry.index);
    }
  }

  private constraint(table: TableDefinition, constraint: ConstraintDefinition): EarlyWay | null {
    const key = qualified(table);
    if (this.tables.has(key)) return 'new';
    if (constraint.kind === 'unique') return this.isPreparedUnique(table, constraint) ? 'used' : null;
    const { name } = constraint;
    const checks = this.sameTable(key)?.pair.after.catalog.checks;
    const expression = checks?.find((each) => each.name === name)?.expression;
    // a row of NULLs satisfies the check
    const isAllNew =
      expression !== undefined && expressionColumns(expression).every((column) => this.isAdded(key, column));
    return isAllNew && !this.hasConstraint(key, name) ? 'used' : null;
  }

  private foreignKey(table: TableDefinition, key: ForeignKey): EarlyWay | null {
    const subject = qualified(table);
    if (!this.hasTarget(key)) return null;
    if (this.tables.has(subject))
      return this.tables.has(`${key.target.schema}.${key.target.table}`) ? 'new' : 'newToUsed';
    // the server does not check a key with a column that is NULL in all rows
    const isUnused = key.columns.some((column) => this.isAdded(subject, column));
    return isUnused && this.hasColumns(subject, key.columns) && !this.hasConstraint(subject, key.name) ? 'used' : null;
  }

  private index(table: TableDefinition, index: Index): EarlyWay | null {
    const key = qualified(table);
    if (this.tables.has(key)) return 'new';
    const change = this.sameTable(key);
    const isPrepared =
      change !== undefined &&
      !index.unique &&
      index.predicate === null &&
      !isWritten(change) &&
      !this.hasRelation(table.schema, index.name) &&
      this.hasColumns(key, [...index.columns, ...index.include]);
    return isPrepared ? 'used' : null;
  }
}

/** The tables of the resources that a translation writes. */
const tablesOf = ({ comparison: { after }, written }: PreparingParts): ReadonlySet<string> =>
  new Set(
    modelIndex(after.model).tables.flatMap(({ key, label }): string | readonly string[] =>
      written.has(label) ? key : [],
    ),
  );

const asSet = (names: readonly string[]) => JSON.stringify([...names].sort());

/** Whether the upgrade rewrites the rows or the file of a table, so that an index would be made twice. */
const isWritten = ({ fates }: TableChange) =>
  fates.some(
    (fate) =>
      fate.kind === 'filled' ||
      fate.kind === 'generated' ||
      (fate.kind === 'kept' && fate.before.type !== fate.after.type && !isWiderType(fate.before.type, fate.after.type)),
  );
