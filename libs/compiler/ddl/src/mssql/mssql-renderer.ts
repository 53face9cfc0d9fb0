import type {
  Bodies,
  CheckExpression,
  ColumnDefinition,
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
import { qualified } from '@dms/model';
import {
  dialectOf,
  empty,
  join,
  type PlainLines,
  type PlainSql,
  type QualifiedName,
  type SqlWriter,
  textOf,
  trusted,
} from '@dms/sql';
import { ScriptRenderer } from '../script-renderer.ts';
import { mssqlSeed } from './mssql-seed.ts';
import { batchSeparator, framed, framedPart } from './script-frame.ts';

const { sql, lines, id, literal, asciiLiteral } = dialectOf.mssql;

/** The catalog with a kind of constraint, and its condition for this kind. */
const constraintCatalogs = {
  unique: { catalog: sql`sys.key_constraints`, ofKind: sql` AND type = 'UQ'` },
  check: { catalog: sql`sys.check_constraints`, ofKind: empty },
  foreignKey: { catalog: sql`sys.foreign_keys`, ofKind: empty },
} as const;

/** Name as a string literal for look-ups: unquoted, with quotes doubled (design 06 §3.1). */
const lookup = (name: QualifiedName) => literal(qualified(name));

export class MssqlRenderer extends ScriptRenderer {
  readonly seed = mssqlSeed;
  protected readonly identityClause = sql`IDENTITY(1,1)`;

  constructor(writer: SqlWriter, bodies: Bodies, isGuarded: boolean) {
    super(dialectOf.mssql, writer, bodies, isGuarded);
  }

  override framed(statements: string): string {
    return framed(statements);
  }

  override framedPart(statements: string): string {
    return framedPart(statements);
  }

  /** CREATE SCHEMA must be first in its batch, so it runs as dynamic SQL. */
  schema(name: string): void {
    const create = asciiLiteral(textOf(sql`CREATE SCHEMA ${id(name)}`));
    this.writer.write(sql`IF NOT EXISTS (SELECT 1 FROM sys.schemas WHERE name = ${literal(name)}) EXEC(${create});`);
  }

  extension(): void {}

  sequence(sequence: Sequence): void {
    this.writer
      .write(lines`
        IF NOT EXISTS (
            SELECT 1 FROM sys.sequences AS q
            INNER JOIN sys.schemas AS s ON s.schema_id = q.schema_id
            WHERE s.name = ${literal(sequence.schema)} AND q.name = ${literal(sequence.name)}
        )
        CREATE SEQUENCE ${sequence} START WITH ${trusted(sequence.start)};`)
      .blank();
  }

  protected routineStatement(routine: RoutineDefinition, body: PlainSql): void {
    this.openBatch();
    this.writer.write(sql`CREATE OR ALTER FUNCTION ${routine}${body}`);
    this.endBatch();
    this.writer.blank();
  }

  tableType(type: TableType): void {
    const columns = type.columns.map(
      (column) => sql`${id(column.name)} ${trusted(column.type)} ${column.nullable ? sql`NULL` : sql`NOT NULL`}`,
    );
    this.writer
      .write(lines`
        IF NOT EXISTS (
            SELECT 1 FROM sys.types AS t
            INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
            WHERE s.name = ${literal(type.schema)} AND t.name = ${literal(type.name)} AND t.is_table_type = 1
        )
        CREATE TYPE ${type} AS TABLE (${join(columns)});`)
      .blank();
  }

  /** A trigger runs with the rights of the owner of its table, so no role is needed. */
  createOwnerRole(): void {}
  grantRights(): void {}
  closeFunction(): void {}

  protected triggerStatements({ schema }: TableDefinition, { triggers }: LogicalTrigger, body: PlainSql): void {
    for (const { name } of triggers) {
      this.writer.write(sql`CREATE OR ALTER TRIGGER ${{ schema, name }}`, body);
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

  protected generatedColumn(column: PlainSql, { isVirtual }: ColumnDefinition, expression: PlainSql): PlainSql {
    return isVirtual ? sql`${column} AS ${expression}` : sql`${column} AS (${expression}) PERSISTED`;
  }

  defaultClause({ defaultName }: ColumnDefinition, expression: CheckExpression): PlainSql {
    const name = defaultName === null ? empty : sql`CONSTRAINT ${id(defaultName)} `;
    return sql`${name}DEFAULT (${this.expression(expression)})`;
  }

  protected clustering(key: KeyDefinition): PlainSql {
    if (!key.declaresClustering) return empty;
    return key.clustered ? sql` CLUSTERED` : sql` NONCLUSTERED`;
  }

  protected guardedTable(table: TableDefinition): PlainLines {
    return lines`
      IF OBJECT_ID(${lookup(table)}, N'U') IS NULL
      CREATE TABLE ${table}`;
  }

  protected guardedConstraint(
    kind: keyof typeof constraintCatalogs,
    table: TableDefinition,
    name: string,
    statement: PlainLines,
  ): void {
    const { catalog, ofKind } = constraintCatalogs[kind];
    this.writer
      .write(lines`
        IF NOT EXISTS (
            SELECT 1 FROM ${catalog}
            WHERE name = ${literal(name)}${ofKind} AND parent_object_id = OBJECT_ID(${lookup(table)})
        )
        ${statement}`)
      .blank();
  }

  protected guardedIndex(table: TableDefinition, index: Index, create: PlainSql, definition: PlainSql): void {
    this.writer
      .write(lines`
        IF NOT EXISTS (
            SELECT 1 FROM sys.indexes AS i
            INNER JOIN sys.tables AS t ON t.object_id = i.object_id
            INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id
            WHERE s.name = ${literal(table.schema)} AND t.name = ${literal(table.name)} AND i.name = ${literal(index.name)}
        )
        ${create} ${definition}`)
      .blank();
  }

  protected viewStatement(view: ViewDefinition, body: PlainSql): void {
    this.endBatch();
    this.writer.write(sql`CREATE OR ALTER VIEW ${view} ${body}`).blank();
  }

  protected deferrableClause(_key: ForeignKey): PlainSql {
    return empty;
  }
}
