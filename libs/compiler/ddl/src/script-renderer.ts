import {
  type Bodies,
  type ColumnDefinition,
  type ConstraintDefinition,
  type Expression,
  type ExpressionLeaves,
  type ForeignKey,
  type Index,
  type KeyDefinition,
  type LogicalTrigger,
  type OwnerRole,
  printExpression,
  type RoutineDefinition,
  type Sequence,
  type TableDefinition,
  type TableType,
  type ViewDefinition,
} from '@dms/catalog';
import { fail } from '@dms/diagnostics';
import { qualified } from '@dms/model';
import { columnList, type DialectRules, qualifiedName, type SqlWriter } from '@dms/sql';

/**
 * How a key or an index is made: in one go; while others write (PostgreSQL: outside a transaction, SQL Server: in some
 * editions); or without a look at the rows that are there.
 */
export type WayToMake = 'plain' | 'concurrently' | 'online' | 'notValid';

/** The end of a statement, before its semicolon, by way. */
const wayEnds: Readonly<Record<WayToMake, string>> = {
  plain: '',
  concurrently: '',
  online: ' WITH (ONLINE = ON)',
  notValid: ' NOT VALID',
};

/**
 * Renders the objects of a definition as guarded statements, each followed by a blank line. The parts that both
 * dialects share are here; a dialect adds the guards, the expressions and the objects whose statements differ.
 *
 * Without guards, the statements are for a database whose objects are known: a created table, constraint or index must
 * not exist yet, or the statement fails.
 */
export abstract class ScriptRenderer {
  protected readonly rules: DialectRules;
  protected readonly writer: SqlWriter;
  protected readonly isGuarded: boolean;
  private readonly bodies: Bodies;

  constructor(rules: DialectRules, writer: SqlWriter, bodies: Bodies, isGuarded: boolean) {
    this.rules = rules;
    this.writer = writer;
    this.bodies = bodies;
    this.isGuarded = isGuarded;
  }

  /** How the dialect renders the leaves of an expression. */
  abstract readonly leaves: ExpressionLeaves;

  /** Creates a schema, on one line. */
  abstract schema(name: string): void;
  abstract extension(name: string): void;
  abstract sequence(sequence: Sequence): void;
  abstract tableType(type: TableType): void;
  /** Creates the role that owns functions, if the dialect has one. */
  abstract createOwnerRole(role: OwnerRole): void;
  /** The privileges of that role, and the privileges that are revoked from others. */
  abstract grantRights(role: OwnerRole): void;
  /** Called after the last view if no trigger follows; closes its batch. */
  abstract closeViews(): void;
  /** Called before the first trigger of a segment. */
  abstract openTriggers(): void;

  protected abstract generatedColumn(name: string, type: string, expression: string): string;
  protected abstract identityClause: string;
  protected abstract routineStatement(routine: RoutineDefinition, body: string): void;
  protected abstract triggerStatements(table: TableDefinition, trigger: LogicalTrigger, body: string): void;
  protected abstract viewStatement(view: ViewDefinition, body: string): void;
  /** The default of a column, with its name if the dialect names defaults. */
  abstract defaultClause(column: ColumnDefinition, expression: Expression): string;
  protected abstract clustering(key: KeyDefinition): string;
  /** The head of a CREATE TABLE, up to the name, that runs only if the table does not exist. */
  protected abstract guardedTable(table: TableDefinition): readonly string[];
  /** Wraps an ALTER TABLE statement so that it runs only if the table lacks the constraint. */
  protected abstract guardedConstraint(
    kind: 'unique' | 'check' | 'foreignKey',
    table: TableDefinition,
    name: string,
    statement: readonly string[],
  ): void;
  /** Wraps the ALTER TABLE statement of a foreign key likewise. */
  protected guardedForeignKey(table: TableDefinition, key: ForeignKey, statement: readonly string[]): void {
    this.guardedConstraint('foreignKey', table, key.name, statement);
  }

  /** `definition` is everything from the index name on, including `;`; `create` is the text before it. */
  protected abstract guardedIndex(table: TableDefinition, index: Index, create: string, definition: string): void;
  protected abstract deferrableClause(key: ForeignKey): string;

  protected q(name: string): string {
    return this.rules.quote(name);
  }

  protected qualified(name: { readonly schema: string; readonly name: string }): string {
    return qualifiedName(this.rules, name);
  }

  protected columns(names: readonly string[]): string {
    return columnList(this.rules, names);
  }

  expression(expression: Expression): string {
    return printExpression(expression, this.leaves);
  }

  routine(routine: RoutineDefinition): void {
    this.routineStatement(routine, this.bodies.routines.get(routine) as string);
  }

  trigger(table: TableDefinition, trigger: LogicalTrigger): void {
    this.triggerStatements(table, trigger, this.bodies.triggers.get(trigger) as string);
  }

  view(view: ViewDefinition): void {
    this.viewStatement(view, this.bodies.views.get(view) as string);
  }

  /** A column in the form that CREATE TABLE and ADD share. */
  columnText(column: ColumnDefinition): string {
    const name = this.q(column.name);
    if (column.generated) return this.generatedColumn(name, column.type, this.expression(column.generated));
    const identity = column.isIdentity ? ` ${this.identityClause}` : '';
    const value = column.default ? ` ${this.defaultClause(column, column.default)}` : '';
    const collation = column.collation === null ? '' : ` COLLATE ${column.collation}`;
    return `${name} ${column.type}${collation}${identity} ${column.nullable ? 'NULL' : 'NOT NULL'}${value}`;
  }

  table(table: TableDefinition): void {
    this.writer.linesOf(this.isGuarded ? this.guardedTable(table) : [`CREATE TABLE ${this.qualified(table)}`]);
    this.writer
      .list(
        [
          ...table.columns.map((column) => this.columnText(column)),
          this.primaryKeyClause(table),
          ...table.inlineConstraints.map((constraint) => this.constraintClause(table, constraint)),
        ],
        ');',
      )
      .blank();
  }

  private primaryKeyClause({ primaryKey }: TableDefinition): string {
    const { name, columns } = primaryKey;
    return `CONSTRAINT ${this.q(name)} PRIMARY KEY${this.clustering(primaryKey)} (${this.columns(columns)})`;
  }

  private constraintClause(table: TableDefinition, constraint: ConstraintDefinition): string {
    const { name } = constraint;
    if (constraint.kind === 'check')
      return `CONSTRAINT ${this.q(name)} CHECK (${this.expression(constraint.condition)})`;
    this.requireColumns(table, name, constraint.columns);
    return `CONSTRAINT ${this.q(name)} UNIQUE${this.clustering(constraint)} (${this.columns(constraint.columns)})`;
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
    const clause = `${this.constraintClause(table, constraint)}${wayEnds[way]}`;
    this.addedConstraint(constraint.kind, table, constraint.name, clause);
  }

  private addedConstraint(kind: 'unique' | 'check', table: TableDefinition, name: string, clause: string): void {
    const statement = [`ALTER TABLE ${this.qualified(table)}`, `ADD ${clause};`];
    if (this.isGuarded) this.guardedConstraint(kind, table, name, statement);
    else this.writer.linesOf(statement);
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
    const target = this.qualified({ schema: key.target.schema, name: key.target.table });
    const statement = [
      `ALTER TABLE ${this.qualified(table)}`,
      `ADD CONSTRAINT ${this.q(key.name)} FOREIGN KEY (${this.columns(key.columns)})`,
      `REFERENCES ${target} (${this.columns(key.targetColumns)})`,
      `ON DELETE ${key.onDelete} ON UPDATE ${key.onUpdate}${this.deferrableClause(key)}${wayEnds[way]};`,
    ];
    if (this.isGuarded) this.guardedForeignKey(table, key, statement);
    else this.writer.linesOf(statement);
  }

  index(table: TableDefinition, index: Index, way: WayToMake = 'plain'): void {
    this.requireColumns(table, index.name, index.columns);
    const include = index.include.length > 0 ? ` INCLUDE (${this.columns(index.include)})` : '';
    const create = `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX${way === 'concurrently' ? ' CONCURRENTLY' : ''}`;
    const definition = `${this.q(index.name)} ON ${this.qualified(table)} (${this.columns(index.columns)})${include}${wayEnds[way]};`;
    if (this.isGuarded) this.guardedIndex(table, index, create, definition);
    else this.writer.line(`${create} ${definition}`);
  }
}
