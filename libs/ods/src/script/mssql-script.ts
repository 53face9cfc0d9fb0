import { definitionHashes, markedViewsQueries, viewMark } from '@dms/databases';
import { disarming, framed } from '@dms/ddl';
import { type DbTableName, qualified } from '@dms/model';
import { dialectRules, qualifiedName } from '@dms/sql';
import { chunk } from 'es-toolkit/array';
import { mssqlReporting, sourceDatabaseVariable } from '../views/mssql-dialect.ts';
import type { ReportingOptions } from '../views/reporting-dialect.ts';
import type { ReportingView } from '../views/view.ts';
import { viewText } from '../views/view-text.ts';
import type { DescriptorDocuments } from './descriptor-table.ts';
import { markedOptions } from './marked-options.ts';
import { droppedTables, mssqlDescriptorBatches, mssqlDescriptorTable } from './mssql-descriptor-table.ts';

const { quote, stringLiteral } = dialectRules.mssql;

/** A constructor of rows has at most 1000. */
const rowsOfInsert = 500;

/** A batch that ends the script if it has found something. */
const refusing = (lines: readonly string[]): string =>
  [
    'DECLARE @refusal nvarchar(2000);',
    ...lines,
    'IF @refusal IS NOT NULL',
    'BEGIN',
    ...disarming("RAISERROR(N'%s', 16, 1, @refusal)").map((line) => `    ${line}`),
    'END',
  ].join('\n');

function guard(effectiveSchemaHash: string): string {
  const hash = stringLiteral(effectiveSchemaHash);
  return refusing([
    'DECLARE @stored_hash nvarchar(64);',
    `SELECT @stored_hash = [EffectiveSchemaHash] FROM [${sourceDatabaseVariable}].[dms].[EffectiveSchema] WHERE [EffectiveSchemaSingletonId] = 1;`,
    `IF @stored_hash IS NULL OR @stored_hash <> ${hash}`,
    `    SET @refusal = N'EffectiveSchemaHash mismatch: database has ''' + ISNULL(@stored_hash, N'') + N''' but expected ''' + ${hash} + N'''';`,
    `IF @refusal IS NULL AND DB_NAME() = N'${sourceDatabaseVariable}'`,
    `    SET @refusal = N'Names ignore case, so views need a database of their own. Run the script in another one.';`,
  ]);
}

const kindOf = (name: DbTableName, table: DbTableName | null) =>
  table !== null && qualified(name) === qualified(table) ? 'table' : 'view';

function nameRows(names: readonly DbTableName[], table: DbTableName | null): string {
  const rows = names.map(
    (each) => `    (${stringLiteral(each.schema)}, ${stringLiteral(each.name)}, ${stringLiteral(kindOf(each, table))})`,
  );
  return [
    'CREATE TABLE #views ([schema] sysname NOT NULL, [name] sysname NOT NULL, [kind] nvarchar(5) NOT NULL);',
    ...[...chunk(rows, rowsOfInsert)].map(
      (piece) => `INSERT INTO #views ([schema], [name], [kind]) VALUES\n${piece.join(',\n')};`,
    ),
  ].join('\n');
}

/** Refuses names that something else has, and removes marked views that the set no longer has. */
const cleared = `${refusing([
  "SELECT @refusal = N'These names of views are taken: ' + LEFT(STRING_AGG(CAST(s.name + N'.' + o.name AS nvarchar(max)), N', '), 1900)",
  'FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id JOIN #views v ON v.[schema] = s.name AND v.[name] = o.name',
  'WHERE NOT EXISTS (SELECT 1 FROM sys.extended_properties p',
  `    WHERE p.class = 1 AND p.major_id = o.object_id AND p.minor_id = 0 AND p.name = ${stringLiteral(viewMark)});`,
])}
DECLARE @drop nvarchar(max);
SELECT @drop = STRING_AGG(CAST(N'DROP VIEW ' + QUOTENAME(m.[schema]) + N'.' + QUOTENAME(m.name) + N';' AS nvarchar(max)), N' ')
FROM (${markedViewsQueries.mssql}) m
WHERE m.kind = 'view' AND NOT EXISTS (SELECT 1 FROM #views v WHERE v.[schema] = m.[schema] AND v.[name] = m.name AND v.[kind] = m.kind);
IF @drop IS NOT NULL EXEC sys.sp_executesql @drop;`;

/** Marks the views, with a hash of the definition that the database keeps, and what was chosen. */
function marks(effectiveSchemaHash: string, options: ReportingOptions): string {
  // a text inside a text
  const chosen = markedOptions(options).replaceAll("'", "''");
  const begin = stringLiteral(`@name = N'${viewMark}', @value = N'${effectiveSchemaHash} `);
  const end = stringLiteral(`${chosen}', @level0type = N'SCHEMA', @level0name = N`);
  return `DECLARE @marks nvarchar(max);
SELECT @marks = STRING_AGG(CAST(
    CASE WHEN EXISTS (SELECT 1 FROM sys.extended_properties p WHERE p.class = 1 AND p.major_id = o.object_id AND p.minor_id = 0 AND p.name = ${stringLiteral(viewMark)})
    THEN N'EXEC sys.sp_updateextendedproperty ' ELSE N'EXEC sys.sp_addextendedproperty ' END
    + ${begin} + ${definitionHashes.mssql('o.object_id')}
    + ${end} + QUOTENAME(s.name, '''') + N', @level1type = N''' + UPPER(v.[kind]) + N''', @level1name = N' + QUOTENAME(o.name, '''') + N';'
    AS nvarchar(max)), N' ')
FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id JOIN #views v ON v.[schema] = s.name AND v.[name] = o.name;
EXEC sys.sp_executesql @marks;
DROP TABLE #views;`;
}

/**
 * `reporting.mssql.sql` (design 19 §7, §8): replaces the marked views of a second database. The variable
 * `SourceDatabase` names the database with our tables.
 */
export function mssqlScript(
  views: readonly ReportingView[],
  effectiveSchemaHash: string,
  options: ReportingOptions,
  documents: DescriptorDocuments,
): string {
  const table = mssqlDescriptorTable(views, documents, options);
  const kept = table?.name ?? null;
  const names = views.map(({ table }) => mssqlReporting.viewName(table, options));
  const schemas = [...new Set(names.map(({ schema }) => schema))].sort();
  const grants = options.grants.flatMap((role) =>
    names.map((name) => `GRANT SELECT ON ${qualifiedName(dialectRules.mssql, name)} TO ${quote(role)};`),
  );
  const comment = [
    `-- ODS views of the schema set ${effectiveSchemaHash}.`,
    '-- Run it in a database of its own on the same server: dms-ddl reporting apply, or',
    '-- sqlcmd -f 65001 -d <database>_Ods -v SourceDatabase=<database> -i reporting.mssql.sql',
    '-- A login that reads the views needs SELECT on the tables that they read. Either grant it in both databases, or chain ownership:',
    '-- ALTER DATABASE [<database>] SET DB_CHAINING ON; the same for [<database>_Ods], and the same owner for both.',
  ].join('\n');
  const batches = [
    guard(effectiveSchemaHash),
    nameRows(names, kept),
    cleared,
    droppedTables(kept),
    schemas
      .map(
        (schema) =>
          `IF SCHEMA_ID(${stringLiteral(schema)}) IS NULL EXEC(${stringLiteral(`CREATE SCHEMA ${quote(schema)}`)});`,
      )
      .join('\n'),
    ...views.filter((view) => view !== table?.view).map((view) => viewText(mssqlReporting, view, options)),
    ...(table === null ? [] : mssqlDescriptorBatches(table, options)),
    ...(grants.length === 0 ? [] : [grants.join('\n')]),
    marks(effectiveSchemaHash, options),
  ];
  return `${comment}\n\n${framed(`${batches.join('\nGO\n')}\n\n`)}`;
}
