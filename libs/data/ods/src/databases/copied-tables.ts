import { columnList, dialectRules, qualifiedName } from '@dms/sql';
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

const { pgsql: rules } = dialectRules;

/** Statements that copy the views of a database into tables of an ODS, in the order of the mapping (design 19 §8). */
export function copiedTables({ tables }: OdsMapping, schemaOf: (schema: string) => string): readonly CopiedTable[] {
  const byLabel = new Map(tables.map((table) => [tableLabel(table), table]));
  const viewOf = (table: OdsTable) => pgsqlReporting.viewName(table, usualOptions);
  const placeOf = (table: OdsTable) =>
    qualifiedName(rules, { schema: schemaOf(table.schema), name: viewOf(table).name });
  const namesOf = (table: OdsTable, names: readonly string[]) => columnList(rules, copiedNames(table, names));
  const targetOf = ({ schema, name }: OdsTableName) => byLabel.get(tableLabel({ schema, name }));
  const foreignKey = (table: OdsTable, { columns, targetTable, targetColumns }: OdsForeignKey): string[] => {
    const target = targetOf(targetTable);
    if (target === undefined) return [];
    return [
      `ALTER TABLE ${placeOf(table)} ADD FOREIGN KEY (${namesOf(table, columns)}) REFERENCES ${placeOf(target)} (${namesOf(target, targetColumns)})`,
    ];
  };
  return tables.map((table) => {
    const columns = copiedColumns(table);
    const key = table.key.length === 0 ? [] : [`PRIMARY KEY (${namesOf(table, table.key)})`];
    return {
      table,
      create: `CREATE TABLE ${placeOf(table)} (${[...columns, ...key].join(', ')})`,
      copy: `INSERT INTO ${placeOf(table)} SELECT * FROM ${qualifiedName(rules, viewOf(table))}`,
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
export const copiedColumns = ({ columns }: OdsTable): readonly string[] =>
  columns.map((column) => {
    const type = pgsqlReporting.typeName(column.type);
    return `${rules.quote(copiedName(column))} ${type}${column.isNullable ? '' : ' NOT NULL'}`;
  });

/** A table of an ODS with the statements for its copy. Only PostgreSQL can copy within one database. */
interface CopiedTable extends TableCopy {
  readonly table: OdsTable;
}
