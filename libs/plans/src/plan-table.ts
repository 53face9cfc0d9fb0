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
