import { columnList, dialectRules, qualifiedName } from '@dms/sql';
import type { TableCopy } from '../databases/copy-views.ts';
import {
  type OdsForeignKey,
  type OdsMapping,
  type OdsTable,
  type OdsTableName,
  tableLabel,
} from '../mapping/ods-mapping.ts';
import { pgsqlReporting } from '../views/pgsql-dialect.ts';
import { usualOptions } from '../views/reporting-dialect.ts';

const { pgsql: rules } = dialectRules;

/** A table as an ODS has it, and how the rows of its view get there. PostgreSQL alone can copy in one database. */
export interface CopiedTable extends TableCopy {
  readonly table: OdsTable;
}

/** Statements that copy the views of a database into tables of an ODS, in the order of the mapping (design 19 §8). */
export function copiedTables({ tables }: OdsMapping, schemaOf: (schema: string) => string): readonly CopiedTable[] {
  const byLabel = new Map(tables.map((table) => [tableLabel(table), table]));
  const viewOf = (table: OdsTable) => pgsqlReporting.viewName(table, usualOptions);
  const placeOf = (table: OdsTable) =>
    qualifiedName(rules, { schema: schemaOf(table.schema), name: viewOf(table).name });
  /** Columns by their whole names, which keys and foreign keys use. */
  const namesOf = ({ columns }: OdsTable, names: readonly string[]) => {
    const short = new Map(columns.map((column) => [column.name, pgsqlReporting.columnName(column)]));
    return columnList(
      rules,
      names.map((name) => short.get(name) ?? name),
    );
  };
  const targetOf = ({ schema, name }: OdsTableName) => byLabel.get(tableLabel({ schema, name }));
  const foreignKey = (table: OdsTable, { columns, targetTable, targetColumns }: OdsForeignKey): string[] => {
    const target = targetOf(targetTable);
    if (target === undefined) return [];
    return [
      `ALTER TABLE ${placeOf(table)} ADD FOREIGN KEY (${namesOf(table, columns)}) REFERENCES ${placeOf(target)} (${namesOf(target, targetColumns)})`,
    ];
  };
  return tables.map((table) => {
    const columns = table.columns.map((column) => {
      const type = pgsqlReporting.typeName(column.type);
      return `${rules.quote(pgsqlReporting.columnName(column))} ${type}${column.isNullable ? '' : ' NOT NULL'}`;
    });
    const key = table.key.length === 0 ? [] : [`PRIMARY KEY (${namesOf(table, table.key)})`];
    return {
      table,
      create: `CREATE TABLE ${placeOf(table)} (${[...columns, ...key].join(', ')})`,
      copy: `INSERT INTO ${placeOf(table)} SELECT * FROM ${qualifiedName(rules, viewOf(table))}`,
      foreignKeys: table.foreignKeys.flatMap((each) => foreignKey(table, each)),
    };
  });
}
