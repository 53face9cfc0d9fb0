import type {
  Bodies,
  CheckExpression,
  ColumnDefinition,
  ConstraintDefinition,
  ForeignKey,
  Index,
  IndexDefinition,
  KeyDefinition,
  LogicalTrigger,
  OwnerRole,
  RoutineDefinition,
  Sequence,
  TableDefinition,
  TableType,
  ViewDefinition,
} from '@dms/catalog';
import { fail } from '@dms/diagnostics';
import { qualified } from '@dms/model';
import {
  type Dialect,
  dialectOf,
  empty,
  join,
  listed,
  type PlainLines,
  type PlainSql,
  type QualifiedName,
  type SqlWriter,
  trusted,
} from '@dms/sql';
import { expressionLeaves, printed } from './expression-leaves.ts';
import type { SeedRenderer } from './seed-values.ts';

/**
 * How a key or an index is made: in one go; while others write (PostgreSQL: outside a transaction, SQL Server: in some
 * editions); or without a look at the rows that are there.
 */
export type WayToMake = 'plain' | 'concurrently' | 'online' | 'notValid';

/** The end of a statement, before its semicolon, by way. */
const wayEnds: Readonly<Record<WayToMake, PlainSql>> = {
  plain: empty,
  concurrently: empty,
  online: dialectOf.mssql.sql` WITH (ONLINE = ON)`,
  notValid: dialectOf.pgsql.sql` NOT VALID`,
};

/**
 * Renders the objects of a definition as guarded statements, each followed by a blank line. The parts that both
 * dialects share are here; a dialect adds the guards, the expressions and the objects whose statements differ.
 *
 * Without guards, the statements are for a database whose objects are known: a created table, constraint or index must
 * not exist yet, or the statement fails.
 */
export abstract class ScriptRenderer {
  private readonly dialect: Dialect;
  protected readonly writer: SqlWriter;
  protected readonly isGuarded: boolean;
  private readonly bodies: Bodies;

  constructor(dialect: Dialect, writer: SqlWriter, bodies: Bodies, isGuarded: boolean) {
    this.dialect = dialect;
    this.writer = writer;
    this.bodies = bodies;
    this.isGuarded = isGuarded;
  }

  /** Puts the statements of a script into one transaction if the client may not do so (design 06 §2.4). */
  framed(statements: string): string {
    return statements;
  }

  /** The statements of one object in the form that they have in such a script. */
  framedPart(statements: string): string {
    return statements;
  }

  abstract readonly seed: SeedRenderer;
  /** Creates a schema, on one line. */
  abstract schema(name: string): void;
  abstract extension(name: string): void;
  abstract sequence(sequence: Sequence): void;
  abstract tableType(type: TableType): void;
  /** Creates the role that owns functions, if the dialect has one. */
  abstract createOwnerRole(role: OwnerRole): void;
  /** The privileges of that role, and the privileges that are revoked from others. */
  abstract grantRights(role: OwnerRole): void;
  /** Revokes the right to execute a function of that role from everybody else. */
  abstract closeFunction(role: OwnerRole, routine: QualifiedName): void;
  /** Called after the last view if no trigger follows; closes its batch. */
  abstract closeViews(): void;
  /** Called before the first trigger of a segment. */
  abstract openTriggers(): void;

  protected abstract generatedColumn(column: PlainSql, definition: ColumnDefinition, expression: PlainSql): PlainSql;
  protected abstract identityClause: PlainSql;
  protected abstract routineStatement(routine: RoutineDefinition, body: PlainSql): void;
  protected abstract triggerStatements(table: TableDefinition, trigger: LogicalTrigger, body: PlainSql): void;
  protected abstract viewStatement(view: ViewDefinition, body: PlainSql): void;
  /** The default of a column, with its name if the dialect names defaults. */
  abstract defaultClause(column: ColumnDefinition, expression: CheckExpression): PlainSql;
  protected abstract clustering(key: KeyDefinition): PlainSql;
  /** The head of a CREATE TABLE, up to the name, that runs only if the table does not exist. */
  protected abstract guardedTable(table: TableDefinition): PlainLines;
  /** Wraps an ALTER TABLE statement so that it runs only if the table lacks the constraint. */
  protected abstract guardedConstraint(
    kind: 'unique' | 'check' | 'foreignKey',
    table: TableDefinition,
    name: string,
    statement: PlainLines,
  ): void;
  /** Wraps the ALTER TABLE statement of a foreign key likewise. */
  protected guardedForeignKey(table: TableDefinition, key: ForeignKey, statement: PlainLines): void {
    this.guardedConstraint('foreignKey', table, key.name, statement);
  }

  /** `definition` is everything from the index name on, including `;`; `create` is the text before it. */
  protected abstract guardedIndex(table: TableDefinition, index: Index, create: PlainSql, definition: PlainSql): void;
  protected abstract deferrableClause(key: ForeignKey): PlainSql;

  expression(expression: CheckExpression): PlainSql {
    return printed(expression, expressionLeaves[this.dialect.name]);
  }

  routine(routine: RoutineDefinition): void {
    this.routineStatement(routine, trusted(this.bodies.routines.get(routine) as string));
  }

  trigger(table: TableDefinition, trigger: LogicalTrigger): void {
    this.triggerStatements(table, trigger, trusted(this.bodies.triggers.get(trigger) as string));
  }

  view(view: ViewDefinition): void {
    this.viewStatement(view, trusted(this.bodies.views.get(view) as string));
  }

  /** A column in the form that CREATE TABLE and ADD share. */
  columnText(column: ColumnDefinition): PlainSql {
    const { sql, id } = this.dialect;
    const name = id(column.name);
    if (column.generated) return this.generatedColumn(name, column, this.expression(column.generated));
    const type = trusted(column.type);
    const identity = column.isIdentity ? sql` ${this.identityClause}` : empty;
    const value = column.default ? sql` ${this.defaultClause(column, column.default)}` : empty;
    const collation = column.collation === null ? empty : sql` COLLATE ${trusted(column.collation)}`;
    return sql`${name} ${type}${collation}${identity} ${column.nullable ? sql`NULL` : sql`NOT NULL`}${value}`;
  }

  table(table: TableDefinition): void {
    const { sql, lines } = this.dialect;
    const parts = [
      ...table.columns.map((column) => this.columnText(column)),
      this.primaryKeyClause(table),
      ...table.inlineConstraints.map((constraint) => this.constraintClause(table, constraint)),
    ];
    this.writer
      .write(lines`
        ${this.isGuarded ? this.guardedTable(table) : sql`CREATE TABLE ${table}`}
        (
            ${listed(parts)}
        );`)
      .blank();
  }

  private primaryKeyClause({ primaryKey }: TableDefinition): PlainSql {
    const { sql, id, ids } = this.dialect;
    const { name, columns } = primaryKey;
    return sql`CONSTRAINT ${id(name)} PRIMARY KEY${this.clustering(primaryKey)} (${ids(columns)})`;
  }

  private constraintClause(table: TableDefinition, constraint: ConstraintDefinition): PlainSql {
    const { sql, id, ids } = this.dialect;
    const name = id(constraint.name);
    if (constraint.kind === 'check') return sql`CONSTRAINT ${name} CHECK (${this.expression(constraint.condition)})`;
    this.requireColumns(table, constraint.name, constraint.columns);
    return sql`CONSTRAINT ${name} UNIQUE${this.clustering(constraint)} (${ids(constraint.columns)})`;
  }

  private requireColumns(table: TableDefinition, name: string, columns: readonly string[]): void {
    if (columns.length > 0) return;
    const owner = qualified(table);
    fail('DDL_INVALID_KEY', `${name} of table ${owner} has no columns.`, {}, { table: owner, name });
  }

  /** The uniques and checks of a core table that are separate statements. */
  addedConstraints(table: TableDefinition): void {
    for (const constraint of table.addedConstraints) this.constraint(table, constraint);
  }

  /** A unique or check as a separate statement. */
  constraint(table: TableDefinition, constraint: ConstraintDefinition, way: WayToMake = 'plain'): void {
    const clause = this.dialect.sql`${this.constraintClause(table, constraint)}${wayEnds[way]}`;
    this.addedConstraint(constraint.kind, table, constraint.name, clause);
  }

  private addedConstraint(kind: 'unique' | 'check', table: TableDefinition, name: string, clause: PlainSql): void {
    const statement = this.dialect.lines`
      ALTER TABLE ${table}
      ADD ${clause};`;
    if (this.isGuarded) this.guardedConstraint(kind, table, name, statement);
    else this.writer.write(statement);
  }

  /** The primary key of an existing table. */
  primaryKey(table: TableDefinition): void {
    this.addedConstraint('unique', table, table.primaryKey.name, this.primaryKeyClause(table));
  }

  foreignKey(table: TableDefinition, key: ForeignKey, way: WayToMake = 'plain'): void {
    this.requireColumns(table, key.name, key.columns);
    if (key.columns.length !== key.targetColumns.length) {
      const owner = qualified(table);
      const text = `${key.name} of table ${owner} has ${key.columns.length} local but ${key.targetColumns.length} target columns.`;
      fail('DDL_INVALID_KEY', text, {}, { table: owner, name: key.name });
    }
    const { lines, id, ids } = this.dialect;
    const statement = lines`
      ALTER TABLE ${table}
      ADD CONSTRAINT ${id(key.name)} FOREIGN KEY (${ids(key.columns)})
      REFERENCES ${{ schema: key.target.schema, name: key.target.table }} (${ids(key.targetColumns)})
      ON DELETE ${trusted(key.onDelete)} ON UPDATE ${trusted(key.onUpdate)}${this.deferrableClause(key)}${wayEnds[way]};`;
    if (this.isGuarded) this.guardedForeignKey(table, key, statement);
    else this.writer.write(statement);
  }

  index(table: TableDefinition, index: IndexDefinition, way: WayToMake = 'plain'): void {
    this.requireColumns(table, index.name, index.columns);
    const { sql, id, ids } = this.dialect;
    const include = index.include.length > 0 ? sql` INCLUDE (${ids(index.include)})` : empty;
    const kind = index.unique ? sql`UNIQUE INDEX` : sql`INDEX`;
    const create = sql`CREATE ${kind}${way === 'concurrently' ? sql` CONCURRENTLY` : empty}`;
    const { columns, expressions } = index;
    const keys = columns.map((name) => {
      const expression = expressions?.get(name);
      return expression ? this.expression(expression) : id(name);
    });
    const definition = sql`${id(index.name)} ON ${table} (${join(keys)})${include}${wayEnds[way]};`;
    if (this.isGuarded) this.guardedIndex(table, index, create, definition);
    else this.writer.write(sql`${create} ${definition}`);
  }
}
