import { isPathPrefix, type JsonPath, pathOf } from '@dms/api-schema';
import { type Column, type DbTableName, mustExist, qualified, type Table } from '@dms/model';

/** A table of a resource with its columns by name, for lookups in both compilers. */
export interface PlanTable {
  readonly model: Table;
  readonly columns: ReadonlyMap<string, Column>;
}

export function indexTable(model: Table): PlanTable {
  return { model, columns: new Map(model.columns.map((column) => [column.name, column])) };
}

export function columnOf({ model, columns }: PlanTable, name: string): Column {
  return mustExist(columns.get(name), `${qualified(model.table)}.${name}`);
}

/** `schema.table` and column as one lookup key. */
export const sourceKey = (table: DbTableName, column: string) => `${qualified(table)}.${column}`;

/** A path in the scope of the table, relative to its rows: `$` for the value at the scope itself (design 08 §6.4). */
export function relativeToScope({ jsonScope }: Pick<Table, 'jsonScope'>, path: JsonPath): JsonPath {
  if (!isPathPrefix(jsonScope, path)) throw new Error(`${path.canonical} is not in the scope ${jsonScope.canonical}`);
  return pathOf(path.segments.slice(jsonScope.segments.length));
}
