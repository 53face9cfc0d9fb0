import { lifecycleStates } from '@dms/catalog';
import { core, coreV2, type DbTableName, qualified as joined } from '@dms/model';
import type { SqlWriter } from '@dms/sql';
import type { Expectation } from '../../ddl-generation.ts';
import { literal, q, qualified } from '../../mssql/body-text.ts';
import { batchSeparator, disarming } from '../../mssql/script-frame.ts';
import { indented } from '../../statement-lines.ts';
import { type LayoutTrace, layoutTraces, recreate, shapeTraces } from '../singletons.ts';

/**
 * Refuses before any change: a database of another schema set, a database that lost its singletons, and a database of
 * another layout (design 16 §5.1).
 */
export function mssqlGuardsV2(writer: SqlWriter, { effectiveSchemaHash: hash }: Expectation): void {
  const effectiveSchema = core.effectiveSchema;
  writer
    .linesOf([
      'DECLARE @refusal nvarchar(500);',
      'DECLARE @stored_hash nvarchar(64);',
      'DECLARE @singleton_rows int;',
      'DECLARE @source_identity nvarchar(36);',
      'DECLARE @state varchar(16);',
      'DECLARE @recovery_required int;',
      `IF ${objectIn(effectiveSchema)} IS NOT NULL`,
      `    SELECT @stored_hash = ${q('EffectiveSchemaHash')}`,
      `    FROM ${qualified(effectiveSchema)}`,
      `    WHERE ${q('EffectiveSchemaSingletonId')} = 1;`,
      `IF @stored_hash <> ${literal(hash)}`,
      `    SET @refusal = N'EffectiveSchemaHash mismatch: database has ''' + @stored_hash + N''' but expected ''' + ${literal(hash)} + N'''';`,
      'IF @refusal IS NULL AND @stored_hash IS NOT NULL',
      'BEGIN',
      ...indented(completedDatabase()),
      'END',
      ...otherLayout(),
      'IF @refusal IS NOT NULL',
      'BEGIN',
      ...indented(disarming("RAISERROR(N'%s', 16, 1, @refusal)")),
      'END',
    ])
    .line(batchSeparator)
    .blank();
}

const objectIn = (table: DbTableName) => `OBJECT_ID(${literal(joined(table))}, N'U')`;

/**
 * Checks that a database completed for this schema still has the rows that a server binds its state to (design 16
 * §5.1).
 */
function completedDatabase(): string[] {
  const { dataStoreIdentity, documentCacheState } = coreV2;
  const row = (table: DbTableName) => `The row of ${joined(table)}`;
  // compared exactly: = ignores trailing blanks, and case according to the collation of the database
  const isKnown = lifecycleStates
    .map((state) => `(@state COLLATE Latin1_General_100_BIN2 = '${state}' AND DATALENGTH(@state) = ${state.length})`)
    .join(' OR ');
  return [
    ...refuseWhen(`${objectIn(dataStoreIdentity)} IS NULL`, missing(joined(dataStoreIdentity))),
    'IF @refusal IS NULL',
    'BEGIN',
    ...indented([
      ...readRow(
        `SELECT @rows = COUNT(*), @source = MAX(CAST(i.${q('SourceIdentity')} AS nvarchar(36))) FROM ${qualified(dataStoreIdentity)} AS i WHERE i.${q('DataStoreIdentitySingletonId')} = 1;`,
        '@rows int OUTPUT, @source nvarchar(36) OUTPUT',
        '@rows = @singleton_rows OUTPUT, @source = @source_identity OUTPUT',
      ),
      ...refuseWhen('@singleton_rows = 0', missing(row(dataStoreIdentity))),
      ...refuseWhen(
        `@source_identity = ${literal('00000000-0000-0000-0000-000000000000')}`,
        literal(`${joined(dataStoreIdentity)}.SourceIdentity is zero. ${recreate}`),
      ),
    ]),
    'END',
    ...refuseWhen(`${objectIn(documentCacheState)} IS NULL`, missing(joined(documentCacheState))),
    'IF @refusal IS NULL',
    'BEGIN',
    ...indented([
      ...readRow(
        `SELECT @rows = COUNT(*), @state = MAX(s.${q('ProjectionLifecycleState')}), @recovery = MAX(CAST(s.${q('CacheAheadRecoveryRequired')} AS int)) FROM ${qualified(documentCacheState)} AS s WHERE s.${q('StateId')} = 1;`,
        '@rows int OUTPUT, @state varchar(16) OUTPUT, @recovery int OUTPUT',
        '@rows = @singleton_rows OUTPUT, @state = @state OUTPUT, @recovery = @recovery_required OUTPUT',
      ),
      ...refuseWhen('@singleton_rows = 0', missing(row(documentCacheState))),
      ...refuseWhen(
        `(@state IS NULL OR NOT (${isKnown}))`,
        `${literal(`${joined(documentCacheState)}.ProjectionLifecycleState is '`)} + ISNULL(@state, N'NULL') + ${literal(`'. ${recreate}`)}`,
      ),
      ...refuseWhen(
        '@recovery_required IS NULL',
        literal(`${joined(documentCacheState)}.CacheAheadRecoveryRequired is NULL. ${recreate}`),
      ),
    ]),
    'END',
  ];
}

/** Sets `@refusal` if it is not set yet and the condition holds. */
const refuseWhen = (condition: string, text: string) => [
  `IF @refusal IS NULL AND ${condition}`,
  `    SET @refusal = ${text};`,
];

const missing = (what: string) => literal(`${what} is missing. ${recreate}`);

/** Reads a table that may not exist when the batch is compiled. */
const readRow = (query: string, parameters: string, assignments: string) => [
  `EXEC sys.sp_executesql ${literal(query)},`,
  `    ${literal(parameters)},`,
  `    ${assignments};`,
];

/**
 * Refuses traces of another layout or shape of schema `dms` (design 16 §5.1). The number of statements is fixed (06 §8.4):
 * the traces of a shape are in the statement of the last trace of a layout.
 */
function otherLayout(): string[] {
  const ofLayout = layoutTraces.slice(0, -1);
  const others = [...layoutTraces.slice(-1), ...shapeTraces];
  return [
    ...ofLayout.flatMap((found) => refuseWhen(conditions[found.kind](found), literal(found.text))),
    'IF @refusal IS NULL',
    '    SET @refusal = CASE',
    ...others.map((found) => `        WHEN ${conditions[found.kind](found)} THEN ${literal(found.text)}`),
    '    END;',
  ];
}

/** The condition that a database has a trace. */
const conditions: Readonly<Record<LayoutTrace['kind'], (trace: LayoutTrace) => string>> = {
  column: ({ table, name }) => `COL_LENGTH(${literal(joined(table))}, ${literal(name)}) IS NOT NULL`,
  index: ({ table, name }) =>
    `EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(${literal(joined(table))}, N'U') AND name = ${literal(name)})`,
  foreignKey: ({ table, name }) =>
    `EXISTS (SELECT 1 FROM sys.foreign_keys WHERE parent_object_id = OBJECT_ID(${literal(joined(table))}, N'U') AND name = ${literal(name)})`,
};
