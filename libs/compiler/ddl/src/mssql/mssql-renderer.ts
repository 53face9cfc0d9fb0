import type {
  Bodies,
  ColumnDefinition,
  Expression,
  ExpressionLeaves,
  ForeignKey,
  Index,
  KeyDefinition,
  LogicalTrigger,
  RoutineDefinition,
  Sequence,
  TableDefinition,
  TableType,
  ViewDefinition,
} from '@dms/catalog';
import { dialectRules, type SqlWriter } from '@dms/sql';
import { ScriptRenderer } from '../script-renderer.ts';
import { batchSeparator } from './script-frame.ts';

const rules = dialectRules.mssql;

const constraintCatalogs = {
  unique: 'sys.key_constraints',
  check: 'sys.check_constraints',
  foreignKey: 'sys.foreign_keys',
} as const;

export class MssqlRenderer extends ScriptRenderer {
  protected readonly identityClause = 'IDENTITY(1,1)';
  readonly leaves: ExpressionLeaves = {
    column: (name) => this.q(name),
    // the texts of checks are ASCII; the server would only convert an nvarchar literal
    text: (value) => `'${value.replaceAll("'", "''")}'`,
    true: rules.booleanLiteral(true),
    nextValue: (sequence) => `NEXT VALUE FOR ${this.qualified(sequence)}`,
    function: (name) => name,
  };

  constructor(writer: SqlWriter, bodies: Bodies, isGuarded: boolean) {
    super(rules, writer, bodies, isGuarded);
  }

  /** Name as a string literal for look-ups: unquoted, with quotes doubled (design 06 §3.1). */
  private lookup({ schema, name }: { readonly schema: string; readonly name: string }): string {
    return rules.stringLiteral(`${schema}.${name}`);
  }

  schema(name: string): void {
    // CREATE SCHEMA must be first in its batch, so it runs as dynamic SQL
    const statement = `CREATE SCHEMA ${this.q(name)}`.replaceAll("'", "''");
    this.writer.line(
      `IF NOT EXISTS (SELECT 1 FROM sys.schemas WHERE name = ${rules.stringLiteral(name)}) EXEC('${statement}');`,
    );
  }

  extension(): void {}

  sequence(sequence: Sequence): void {
    this.writer
      .linesOf([
        'IF NOT EXISTS (',
        '    SELECT 1 FROM sys.sequences AS q',
        '    INNER JOIN sys.schemas AS s ON s.schema_id = q.schema_id',
        `    WHERE s.name = ${rules.stringLiteral(sequence.schema)} AND q.name = ${rules.stringLiteral(sequence.name)}`,
        ')',
        `CREATE SEQUENCE ${this.qualified(sequence)} START WITH ${sequence.start};`,
      ])
      .blank();
  }

  protected routineStatement(routine: RoutineDefinition, body: string): void {
    this.openBatch();
    this.writer.line(`CREATE OR ALTER FUNCTION ${this.qualified(routine)}${body}`);
    this.endBatch();
    this.writer.blank();
  }

  tableType(type: TableType): void {
    const columns = type.columns.map(
      (column) => `${this.q(column.name)} ${column.type} ${column.nullable ? 'NULL' : 'NOT NULL'}`,
    );
    this.writer
      .linesOf([
        'IF NOT EXISTS (',
        '    SELECT 1 FROM sys.types AS t',
        '    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id',
        `    WHERE s.name = ${rules.stringLiteral(type.schema)} AND t.name = ${rules.stringLiteral(type.name)} AND t.is_table_type = 1`,
        ')',
        `CREATE TYPE ${this.qualified(type)} AS TABLE (${columns.join(', ')});`,
      ])
      .blank();
  }

  /** A trigger runs with the rights of the owner of its table, so no role is needed. */
  createOwnerRole(): void {}
  grantRights(): void {}

  protected triggerStatements({ schema }: TableDefinition, { triggers }: LogicalTrigger, body: string): void {
    for (const { name } of triggers) {
      this.writer.line(`CREATE OR ALTER TRIGGER ${this.qualified({ schema, name })}`).line(body);
      this.endBatch();
      this.writer.blank();
    }
  }

  closeViews(): void {
    this.endBatch();
    this.writer.blank();
  }

  openTriggers(): void {
    this.openBatch();
  }

  /** A statement that is rendered alone is a batch; its caller ends it. */
  private endBatch(): void {
    if (this.isGuarded) this.writer.line(batchSeparator);
  }

  private openBatch(): void {
    if (this.writer.lastText() !== batchSeparator) this.endBatch();
  }

  protected generatedColumn(name: string, _type: string, expression: string): string {
    return `${name} AS (${expression}) PERSISTED`;
  }

  defaultClause({ defaultName }: ColumnDefinition, expression: Expression): string {
    const name = defaultName === null ? '' : `CONSTRAINT ${this.q(defaultName)} `;
    return `${name}DEFAULT (${this.expression(expression)})`;
  }

  protected clustering(key: KeyDefinition): string {
    if (!key.declaresClustering) return '';
    return key.clustered ? ' CLUSTERED' : ' NONCLUSTERED';
  }

  protected guardedTable(table: TableDefinition): readonly string[] {
    return [`IF OBJECT_ID(${this.lookup(table)}, N'U') IS NULL`, `CREATE TABLE ${this.qualified(table)}`];
  }

  protected guardedConstraint(
    kind: keyof typeof constraintCatalogs,
    table: TableDefinition,
    name: string,
    statement: readonly string[],
  ): void {
    const type = kind === 'unique' ? ` AND type = 'UQ'` : '';
    this.writer
      .linesOf([
        'IF NOT EXISTS (',
        `    SELECT 1 FROM ${constraintCatalogs[kind]}`,
        `    WHERE name = ${rules.stringLiteral(name)}${type} AND parent_object_id = OBJECT_ID(${this.lookup(table)})`,
        ')',
        ...statement,
      ])
      .blank();
  }

  protected guardedIndex(table: TableDefinition, index: Index, create: string, definition: string): void {
    this.writer
      .linesOf([
        'IF NOT EXISTS (',
        '    SELECT 1 FROM sys.indexes AS i',
        '    INNER JOIN sys.tables AS t ON t.object_id = i.object_id',
        '    INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id',
        `    WHERE s.name = ${rules.stringLiteral(table.schema)} AND t.name = ${rules.stringLiteral(table.name)} AND i.name = ${rules.stringLiteral(index.name)}`,
        ')',
        `${create} ${definition}`,
      ])
      .blank();
  }

  protected viewStatement(view: ViewDefinition, body: string): void {
    this.endBatch();
    this.writer.line(`CREATE OR ALTER VIEW ${this.qualified(view)} ${body}`).blank();
  }

  protected deferrableClause(_key: ForeignKey): string {
    return '';
  }
}
