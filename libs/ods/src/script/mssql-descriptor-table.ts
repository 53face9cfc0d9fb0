import { markedViewsQueries } from '@dms/databases';
import { indented } from '@dms/ddl';
import type { DbTableName } from '@dms/model';
import { dialectRules, qualifiedName } from '@dms/sql';
import { mssqlReporting } from '../views/mssql-dialect.ts';
import type { ReportingOptions } from '../views/reporting-dialect.ts';
import { changeColumns, type ReportingView } from '../views/view.ts';
import { viewQuery } from '../views/view-text.ts';
import {
  columnNamed,
  type DescriptorColumn,
  type DescriptorDocuments,
  type DescriptorTable,
  descriptorTable,
  filledColumns,
  keyColumn,
} from './descriptor-table.ts';

/*
 * The table of descriptors on SQL Server, whose rows each run of the script brings up to date (design 19 §8.1). It is in another
 * database than the documents: a trigger would need the rights of every writer there, and would refuse writes while
 * that database is away.
 */

const rules = dialectRules.mssql;
const { quote, stringLiteral } = rules;

/** On SQL Server both columns of a foreign key must have the same type, so the key has its type of an ODS. */
const ofTable = (options: ReportingOptions): ReportingOptions => ({ ...options, exactTypes: true });

export const mssqlDescriptorTable = (
  views: readonly ReportingView[],
  documents: DescriptorDocuments,
  options: ReportingOptions,
): DescriptorTable | null => descriptorTable(mssqlReporting, views, documents, ofTable(options));

/** The definition of a column, and what it gets where a row does not say it. */
function columnText(table: DescriptorTable, { name, role, type, isNullable }: DescriptorColumn): string {
  const named = (column: string) => quote(columnNamed(table, column));
  const stated = `${quote(name)} ${type}`;
  const nullable = isNullable ? 'NULL' : 'NOT NULL';
  switch (role) {
    case 'key':
      return `${stated} IDENTITY(-1,-1) NOT NULL PRIMARY KEY`;
    case 'computed':
      return `${quote(name)} AS (${named('Namespace')} + N'#' + ${named('CodeValue')}) PERSISTED`;
    case 'moment':
      return `${stated} ${nullable} DEFAULT (SYSUTCDATETIME())`;
    case 'uuid':
      return `${stated} ${nullable} DEFAULT (NEWID())`;
    case 'plain':
      return `${stated} ${nullable}`;
  }
}

/** Removes the table of an earlier run that the script does not have, unless others have inserted rows. */
export function droppedTables(kept: DbTableName | null): string {
  const isKept =
    kept === null ? '1 = 0' : `m.[schema] = ${stringLiteral(kept.schema)} AND m.name = ${stringLiteral(kept.name)}`;
  return `DECLARE @tables nvarchar(max);
SELECT @tables = STRING_AGG(CAST(N'IF EXISTS (SELECT 1 FROM ' + QUOTENAME(m.[schema]) + N'.' + QUOTENAME(m.name)
    + N' WHERE [DescriptorId] < 0) RAISERROR(N''The table of descriptors has rows that were inserted into it'', 16, 1) ELSE DROP TABLE '
    + QUOTENAME(m.[schema]) + N'.' + QUOTENAME(m.name) + N';' AS nvarchar(max)), N' ')
FROM (${markedViewsQueries.mssql}) m WHERE m.kind = 'table' AND NOT (${isKept});
IF @tables IS NOT NULL EXEC sys.sp_executesql @tables;`;
}

/** The batches that make the table and fill it; a batch cannot name a column that it adds. */
export function mssqlDescriptorBatches(table: DescriptorTable, options: ReportingOptions): readonly string[] {
  const place = qualifiedName(rules, table.name);
  const literal = stringLiteral(place);
  const create = [
    `IF OBJECT_ID(${literal}, N'U') IS NULL`,
    `CREATE TABLE ${place} (`,
    table.columns.map((column) => `    ${columnText(table, column)}`).join(',\n'),
    ');',
  ].join('\n');
  const byName = new Map(table.columns.map((column) => [column.odsName, column]));
  const adjusted = changeColumns.map((each) => {
    const column = byName.get(each);
    const length = `COL_LENGTH(${literal}, ${stringLiteral(each)})`;
    return column === undefined
      ? `IF ${length} IS NOT NULL ALTER TABLE ${place} DROP COLUMN ${quote(each)};`
      : `IF ${length} IS NULL ALTER TABLE ${place} ADD ${quote(column.name)} ${column.type} NULL;`;
  });
  const key = quote(keyColumn(table));
  const columns = filledColumns(table).map((column) => quote(column.name));
  const others = columns.filter((column) => column !== key);
  const of = (alias: string) => others.map((column) => `${alias}.${column}`).join(', ');
  const list = columns.join(', ');
  const fill = [
    `SELECT ${list} INTO #descriptors FROM (`,
    ...indented(viewQuery(mssqlReporting, table.view, ofTable(options)).split('\n')),
    ') v;',
    `DELETE t FROM ${place} t WHERE t.${key} > 0 AND NOT EXISTS (SELECT 1 FROM #descriptors d WHERE d.${key} = t.${key});`,
    `UPDATE t SET ${others.map((column) => `${column} = d.${column}`).join(', ')} FROM ${place} t INNER JOIN #descriptors d ON d.${key} = t.${key}`,
    `WHERE EXISTS (SELECT ${of('t')} EXCEPT SELECT ${of('d')});`,
    `SET IDENTITY_INSERT ${place} ON;`,
    `INSERT INTO ${place} (${list}) SELECT ${list} FROM #descriptors d WHERE NOT EXISTS (SELECT 1 FROM ${place} t WHERE t.${key} = d.${key});`,
    `SET IDENTITY_INSERT ${place} OFF;`,
    'DROP TABLE #descriptors;',
  ].join('\n');
  return [create, adjusted.join('\n'), fill];
}
