import { dialectOf, empty, join, type PlainSql, textOf } from '@dms/sql';
import {
  type OdsColumn,
  type OdsForeignKey,
  type OdsMapping,
  type OdsTable,
  type OdsTableName,
  tableLabel,
} from '../mapping/ods-mapping.ts';
import { pgsqlReporting, usualOptions } from '../views/reporting-dialect.ts';

/** Statements that create a table of an ODS, copy the rows of its view into it and add its foreign keys. */
export interface TableCopy {
  readonly create: string;
  readonly copy: string;
  readonly foreignKeys: readonly string[];
}

const { sql, ids, id } = dialectOf.pgsql;

/** Statements that copy the views of a database into tables of an ODS, in the order of the mapping (design 19 §8). */
export function copiedTables({ tables }: OdsMapping, schemaOf: (schema: string) => string): readonly CopiedTable[] {
  const byLabel = new Map(tables.map((table) => [tableLabel(table), table]));
  const viewOf = (table: OdsTable) => pgsqlReporting.viewName(table, usualOptions);
  const placeOf = (table: OdsTable) => ({ schema: schemaOf(table.schema), name: viewOf(table).name });
  const namesOf = (table: OdsTable, names: readonly string[]) => ids(copiedNames(table, names));
  const targetOf = ({ schema, name }: OdsTableName) => byLabel.get(tableLabel({ schema, name }));
  const foreignKey = (table: OdsTable, { columns, targetTable, targetColumns }: OdsForeignKey): string[] => {
    const target = targetOf(targetTable);
    if (target === undefined) return [];
    const key = sql`ALTER TABLE ${placeOf(table)} ADD FOREIGN KEY (${namesOf(table, columns)}) REFERENCES ${placeOf(target)} (${namesOf(target, targetColumns)})`;
    return [textOf(key)];
  };
  return tables.map((table) => {
    const columns = copiedColumns(table);
    const key = table.key.length === 0 ? [] : [sql`PRIMARY KEY (${namesOf(table, table.key)})`];
    return {
      table,
      create: textOf(sql`CREATE TABLE ${placeOf(table)} (${join([...columns, ...key])})`),
      copy: textOf(sql`INSERT INTO ${placeOf(table)} SELECT * FROM ${viewOf(table)}`),
      foreignKeys: table.foreignKeys.flatMap((each) => foreignKey(table, each)),
    };
  });
}

/** Names of columns of a copy, from the full names that keys and foreign keys use. */
export function copiedNames({ columns }: OdsTable, names: readonly string[]): readonly string[] {
  const short = new Map(columns.map((column) => [column.name, copiedName(column)]));
  return names.map((name) => short.get(name) ?? name);
}

/** Names of system columns: a view may have such a column, but a table cannot. */
const systemColumns = new Set(['cmax', 'cmin', 'ctid', 'tableoid', 'xmax', 'xmin']);

function copiedName(column: OdsColumn): string {
  const name = pgsqlReporting.columnName(column);
  return systemColumns.has(name) ? `${name}_` : name;
}

/** The columns of a copy as in CREATE TABLE, with the types of an ODS. */
export const copiedColumns = ({ columns }: OdsTable): readonly PlainSql[] =>
  columns.map((column) => {
    const required = column.isNullable ? empty : sql` NOT NULL`;
    return sql`${id(copiedName(column))} ${pgsqlReporting.typeName(column.type)}${required}`;
  });

/** A table of an ODS with the statements for its copy. Only PostgreSQL can copy within one database. */
interface CopiedTable extends TableCopy {
  readonly table: OdsTable;
}
