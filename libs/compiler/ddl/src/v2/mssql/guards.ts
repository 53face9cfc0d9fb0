import { lifecycleStates } from '@dms/catalog';
import { core, coreV2, type DbTableName, qualified } from '@dms/model';
import { dialectOf, group, join, type PlainLines, type PlainSql, type SqlWriter, textOf } from '@dms/sql';
import type { Expectation } from '../../ddl-generation.ts';
import { disarming } from '../../mssql/script-frame.ts';
import { type LayoutTrace, layoutTraces, recreate, type TracePlace } from '../singletons.ts';

const { sql, lines, literal, asciiLiteral, exact } = dialectOf.mssql;

/** An object by its name, which the server reads without quotes. */
const objectIn = (table: DbTableName) => sql`OBJECT_ID(${literal(qualified(table))}, N'U')`;

/** Sets `@refusal` if it is not set yet and the condition holds. */
const refuseWhen = (condition: PlainSql, refusal: PlainSql) => lines`
  IF @refusal IS NULL AND ${condition}
      SET @refusal = ${refusal};`;

const missing = (what: string) => literal(`${what} is missing. ${recreate}`);
const missingRow = (table: DbTableName) => missing(`The row of ${qualified(table)}`);

/** A statement as a literal: it reads a table that may not exist when the batch is compiled. */
const quoted = (statement: PlainSql) => literal(textOf(statement));

const { dataStoreIdentity, documentCacheState } = coreV2;

const readIdentity = quoted(
  sql`SELECT @rows = COUNT(*), @source = MAX(CAST(i."SourceIdentity" AS nvarchar(36))) FROM ${dataStoreIdentity} AS i WHERE i."DataStoreIdentitySingletonId" = 1;`,
);
const readState = quoted(
  sql`SELECT @rows = COUNT(*), @state = MAX(s."ProjectionLifecycleState"), @recovery = MAX(CAST(s."CacheAheadRecoveryRequired" AS int)) FROM ${documentCacheState} AS s WHERE s."StateId" = 1;`,
);
const zeroIdentity = literal(`${qualified(dataStoreIdentity)}.SourceIdentity is zero. ${recreate}`);
const unknownState = literal(`${qualified(documentCacheState)}.ProjectionLifecycleState is '`);
const noRecovery = literal(`${qualified(documentCacheState)}.CacheAheadRecoveryRequired is NULL. ${recreate}`);

/** Compared exactly: = ignores trailing blanks, and case according to the collation of the database. */
const isState = (state: string) =>
  sql`(${exact(sql`@state`)} = ${asciiLiteral(state)} AND DATALENGTH(@state) = ${literal(state.length)})`;

/**
 * Checks that a database completed for this schema still has the rows that a server binds its state to (design 16
 * §5.1).
 */
const completedDatabase = lines`
  ${refuseWhen(sql`${objectIn(dataStoreIdentity)} IS NULL`, missing(qualified(dataStoreIdentity)))}
  IF @refusal IS NULL
  BEGIN
      EXEC sys.sp_executesql ${readIdentity},
          N'@rows int OUTPUT, @source nvarchar(36) OUTPUT',
          @rows = @singleton_rows OUTPUT, @source = @source_identity OUTPUT;
      ${refuseWhen(sql`@singleton_rows = 0`, missingRow(dataStoreIdentity))}
      ${refuseWhen(sql`@source_identity = N'00000000-0000-0000-0000-000000000000'`, zeroIdentity)}
  END
  ${refuseWhen(sql`${objectIn(documentCacheState)} IS NULL`, missing(qualified(documentCacheState)))}
  IF @refusal IS NULL
  BEGIN
      EXEC sys.sp_executesql ${readState},
          N'@rows int OUTPUT, @state varchar(16) OUTPUT, @recovery int OUTPUT',
          @rows = @singleton_rows OUTPUT, @state = @state OUTPUT, @recovery = @recovery_required OUTPUT;
      ${refuseWhen(sql`@singleton_rows = 0`, missingRow(documentCacheState))}
      ${refuseWhen(
        sql`(@state IS NULL OR NOT (${join(lifecycleStates.map(isState), ' OR ')}))`,
        sql`${unknownState} + ISNULL(@state, N'NULL') + ${literal(`'. ${recreate}`)}`,
      )}
      ${refuseWhen(sql`@recovery_required IS NULL`, noRecovery)}
  END`;

/** The condition that a database has a trace. */
export const traceConditions: Readonly<Record<TracePlace['kind'], (trace: TracePlace) => PlainSql>> = {
  table: ({ table }) => sql`${objectIn(table)} IS NOT NULL`,
  column: ({ table, name }) => sql`COL_LENGTH(${literal(qualified(table))}, ${literal(name)}) IS NOT NULL`,
  index: ({ table, name }) =>
    sql`EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = ${objectIn(table)} AND name = ${literal(name)})`,
  foreignKey: ({ table, name }) =>
    sql`EXISTS (SELECT 1 FROM sys.foreign_keys WHERE parent_object_id = ${objectIn(table)} AND name = ${literal(name)})`,
};

const hasTrace = (trace: LayoutTrace) => traceConditions[trace.kind](trace);

/**
 * Refuses traces of another layout or shape of schema `dms` (design 16 §5.1). The number of statements is fixed (06 §8.4):
 * the traces of a shape are in the statement of the last trace of a layout.
 */
const otherLayout = (shape: readonly LayoutTrace[]) => lines`
  ${group(...layoutTraces.slice(0, -1).map((trace) => refuseWhen(hasTrace(trace), literal(trace.text))))}
  IF @refusal IS NULL
      SET @refusal = CASE
          ${group(...[...layoutTraces.slice(-1), ...shape].map((trace) => sql`WHEN ${hasTrace(trace)} THEN ${literal(trace.text)}`))}
      END;`;

/**
 * Refuses before any change: a database of another schema set, a database that lost its singletons, and a database of
 * another layout (design 16 §5.1).
 */
export const mssqlGuards =
  (shape: readonly LayoutTrace[]) =>
  (writer: SqlWriter, expectation: Expectation): void =>
    writeGuards(writer, expectation, otherLayout(shape));

function writeGuards(writer: SqlWriter, { effectiveSchemaHash }: Expectation, layout: PlainLines): void {
  const hash = literal(effectiveSchemaHash);
  writer
    .write(lines`
      DECLARE @refusal nvarchar(500);
      DECLARE @stored_hash nvarchar(64);
      DECLARE @singleton_rows int;
      DECLARE @source_identity nvarchar(36);
      DECLARE @state varchar(16);
      DECLARE @recovery_required int;
      IF ${objectIn(core.effectiveSchema)} IS NOT NULL
          SELECT @stored_hash = "EffectiveSchemaHash"
          FROM ${core.effectiveSchema}
          WHERE "EffectiveSchemaSingletonId" = 1;
      IF @stored_hash <> ${hash}
          SET @refusal = N'EffectiveSchemaHash mismatch: database has ''' + @stored_hash + N''' but expected ''' + ${hash} + N'''';
      IF @refusal IS NULL AND @stored_hash IS NOT NULL
      BEGIN
          ${completedDatabase}
      END
      ${layout}
      IF @refusal IS NOT NULL
      BEGIN
          ${disarming(sql`RAISERROR(N'%s', 16, 1, @refusal)`)}
      END
      GO`)
    .blank();
}
