import type { Connection } from '@dms/databases';
import { dialectOf, dialectRules, qualifiedName, textOf, trusted } from '@dms/sql';
import type { OdsColumn, OdsMapping, OdsTable, OdsType } from '../src/index.ts';
import { mssqlReading, pgsqlReading } from '../src/reading/reading-dialect.ts';
import { mssqlReporting } from '../src/views/reporting-dialect.ts';
import { schemaSuffix } from './copied-ods.ts';

/* The tables of an ODS on SQL Server, with the rows of an ODS on PostgreSQL. */

const { quote } = dialectRules.mssql;

const typeOf = (type: OdsType) => textOf(mssqlReporting.typeName(type));
const nameOf = (column: OdsColumn) => quote(mssqlReading.columnName(column));
const placeOf = (table: OdsTable) =>
  qualifiedName(dialectRules.mssql, { schema: table.schema, name: mssqlReading.tableName(table) });

/** The statements that create the schemas and the tables; each needs its own batch. */
export function mssqlOdsTables({ tables }: OdsMapping): readonly string[] {
  return [
    ...[...new Set(tables.map(({ schema }) => schema))].map((schema) => `CREATE SCHEMA ${quote(schema)}`),
    ...tables.map((table) => {
      const columns = table.columns.map(
        (column) => `${nameOf(column)} ${typeOf(column.type)} ${column.isNullable ? 'NULL' : 'NOT NULL'}`,
      );
      const key = table.columns.filter(({ name }) => table.key.includes(name)).map(nameOf);
      return `CREATE TABLE ${placeOf(table)} (${[...columns, `PRIMARY KEY (${key.join(', ')})`].join(', ')})`;
    }),
  ];
}

/** Copies the rows of a table. Returns their number. */
export async function copyToMssql(source: Connection, target: Connection, table: OdsTable): Promise<number> {
  const own = dialectOf.pgsql;
  const values = table.columns.map((column) =>
    textOf(own.sql`${pgsqlReading.value(own.id(column.pgsqlName.toLowerCase()), column.type.kind, '')}::text`),
  );
  const place = qualifiedName(own, { schema: `${table.schema}${schemaSuffix}`, name: table.pgsqlName.toLowerCase() });
  const [found] = await source.query<{ rows: string; count: number }>(
    trusted(
      `SELECT coalesce(jsonb_agg(to_jsonb(ARRAY[${values.join(', ')}])), '[]')::text AS rows, count(*)::int4 AS count FROM ${place}`,
    ),
  );
  const names = table.columns.map(nameOf).join(', ');
  const typed = table.columns.map((column, index) => `${nameOf(column)} ${typeOf(column.type)} '$[${index}]'`);
  await target.query(
    trusted(`INSERT INTO ${placeOf(table)} (${names}) SELECT ${names} FROM OPENJSON(@p1) WITH (${typed.join(', ')})`),
    [found?.rows ?? '[]'],
  );
  return found?.count ?? 0;
}
