import type {
  Bodies,
  CheckExpression,
  ColumnDefinition,
  ForeignKey,
  Index,
  KeyDefinition,
  LogicalTrigger,
  OwnerRole,
  RoutineDefinition,
  Sequence,
  TableDefinition,
  ViewDefinition,
} from '@dms/catalog';
import { mustExist, qualified } from '@dms/model';
import {
  dialectOf,
  dollarTagOf,
  empty,
  group,
  join,
  type PlainLines,
  type PlainSql,
  type QualifiedName,
  type SqlWriter,
  trusted,
} from '@dms/sql';
import { ScriptRenderer } from '../script-renderer.ts';
import { block } from './anonymous-block.ts';
import { uuidv5Statement } from './identity-rows.ts';
import { closeFunction, createOwnedFunction, createOwnerRole, grantRights } from './owner-role.ts';
import { pgsqlSeed } from './pgsql-seed.ts';

const { sql, lines, id, ids, literal, nameLiteral } = dialectOf.pgsql;

/** A function with its body between dollar tags. */
function functionStatement(head: PlainLines, body: PlainSql): PlainLines {
  const tag = dollarTagOf(group(body), '$func$');
  return lines`
    ${head}
    AS ${tag}
    ${body}
    ${tag};`;
}

export class PgsqlRenderer extends ScriptRenderer {
  readonly seed = pgsqlSeed;
  protected readonly identityClause = sql`GENERATED ALWAYS AS IDENTITY`;

  constructor(writer: SqlWriter, bodies: Bodies, isGuarded: boolean) {
    super(dialectOf.pgsql, writer, bodies, isGuarded);
  }

  schema(name: string): void {
    this.writer.write(sql`CREATE SCHEMA IF NOT EXISTS ${id(name)};`);
  }

  extension(name: string): void {
    this.writer.write(sql`CREATE EXTENSION IF NOT EXISTS ${id(name)};`).blank();
  }

  sequence(sequence: Sequence): void {
    this.writer.write(sql`CREATE SEQUENCE IF NOT EXISTS ${sequence} START WITH ${trusted(sequence.start)};`).blank();
  }

  protected routineStatement(routine: RoutineDefinition, body: PlainSql): void {
    const { arguments: args, result, language, volatility } = routine;
    const stated = () => mustExist(volatility, `the volatility of ${qualified(routine)}`).toUpperCase();
    const statement = () =>
      functionStatement(
        lines`
          CREATE OR REPLACE FUNCTION ${routine}(${trusted(args)})
          RETURNS ${trusted(result)}
          LANGUAGE ${trusted(language)}
          ${trusted(stated())}`,
        body,
      );
    // the block that looks up the schema of pgcrypto writes this body, so its text differs from the usual body
    this.writer.write(routine.kind === 'uuidv5' ? uuidv5Statement : statement()).blank();
  }

  /** No table type is needed: an array serves instead. */
  tableType(): void {}

  createOwnerRole(role: OwnerRole): void {
    this.writer.write(createOwnerRole(role)).blank();
  }

  grantRights(role: OwnerRole): void {
    this.writer.write(grantRights(role)).blank();
  }

  closeFunction(role: OwnerRole, routine: QualifiedName): void {
    this.writer.write(closeFunction(role.name, routine)).blank();
  }

  protected triggerStatements(
    table: TableDefinition,
    { function: routine, triggers }: LogicalTrigger,
    body: PlainSql,
  ): void {
    if (!routine) throw new Error(`a trigger of ${table.schema}.${table.name} has no function`);
    const head = lines`
      CREATE OR REPLACE FUNCTION ${routine}()
      RETURNS trigger
      LANGUAGE plpgsql`;
    if (routine.owner === null) this.writer.write(functionStatement(head, body));
    else {
      const owned = lines`
        ${head}
        SECURITY DEFINER
        SET search_path = pg_catalog`;
      this.writer.write(createOwnedFunction(routine.owner, routine, functionStatement(owned, body)));
    }
    for (const { name, timing, level, events, updateOf, oldTable, newTable } of triggers) {
      const columns = updateOf.length === 0 ? empty : sql` OF ${ids(updateOf)}`;
      const fired = events.map((event) => (event === 'UPDATE' ? sql`UPDATE${columns}` : trusted(event)));
      const rows = [
        ...(oldTable ? [sql`OLD TABLE AS ${trusted(oldTable)}`] : []),
        ...(newTable ? [sql`NEW TABLE AS ${trusted(newTable)}`] : []),
      ];
      this.writer.write(lines`
        CREATE OR REPLACE TRIGGER ${id(name)}
        ${trusted(timing)} ${join(fired, ' OR ')} ON ${table}
        ${rows.length > 0 ? sql`REFERENCING ${join(rows, ' ')}` : empty}
        FOR EACH ${trusted(level)}
        EXECUTE FUNCTION ${routine}();`);
    }
    this.writer.blank();
  }

  closeViews(): void {}
  openTriggers(): void {}

  protected generatedColumn(column: PlainSql, { type }: ColumnDefinition, expression: PlainSql): PlainSql {
    return sql`${column} ${trusted(type)} GENERATED ALWAYS AS (${expression}) STORED`;
  }

  defaultClause(_column: ColumnDefinition, expression: CheckExpression): PlainSql {
    return sql`DEFAULT ${this.expression(expression)}`;
  }

  protected clustering(_key: KeyDefinition): PlainSql {
    return empty;
  }

  protected guardedTable(table: TableDefinition): PlainLines {
    return lines`CREATE TABLE IF NOT EXISTS ${table}`;
  }

  protected guardedConstraint(_kind: string, table: TableDefinition, name: string, statement: PlainLines): void {
    this.unlessExists(table, name, statement, group());
  }

  /** Earlier versions created a key that is now INITIALLY IMMEDIATE as INITIALLY DEFERRED. */
  protected override guardedForeignKey(table: TableDefinition, key: ForeignKey, statement: PlainLines): void {
    if (key.deferrable !== 'InitiallyImmediate') return super.guardedForeignKey(table, key, statement);
    const mended = lines`
      ELSIF EXISTS (
          ${constraintOf(table, key.name)} AND condeferred
      ) THEN
          ALTER TABLE ${table}
          ALTER CONSTRAINT ${id(key.name)}${this.deferrableClause(key)};`;
    this.unlessExists(table, key.name, statement, mended);
  }

  /** Runs `statement` only if the table lacks the constraint; otherwise another branch. */
  private unlessExists(table: TableDefinition, name: string, statement: PlainLines, otherwise: PlainLines): void {
    this.writer
      .write(
        block(lines`
          BEGIN
              IF NOT EXISTS (
                  ${constraintOf(table, name)}
              ) THEN
                  ${statement}
              ${otherwise}
              END IF;`),
      )
      .blank();
  }

  protected guardedIndex(_table: TableDefinition, _index: Index, create: PlainSql, definition: PlainSql): void {
    this.writer.write(sql`${create} IF NOT EXISTS ${definition}`).blank();
  }

  protected viewStatement(view: ViewDefinition, body: PlainSql): void {
    this.writer.write(sql`CREATE OR REPLACE VIEW ${view} AS`, body).blank();
  }

  protected deferrableClause({ deferrable }: ForeignKey): PlainSql {
    if (deferrable === 'InitiallyImmediate') return sql` DEFERRABLE INITIALLY IMMEDIATE`;
    return deferrable ? sql` DEFERRABLE INITIALLY DEFERRED` : empty;
  }
}

const constraintOf = (table: TableDefinition, name: string) => lines`
  SELECT 1 FROM pg_catalog.pg_constraint
  WHERE conname = ${literal(name)} AND conrelid = pg_catalog.to_regclass(${nameLiteral(table)})`;
