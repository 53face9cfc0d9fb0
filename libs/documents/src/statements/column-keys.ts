import type { Table } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { documentStatements } from './statements-by-dialect.ts';

/** How a value is found in a hydrated row: by the position of its column in the select list of the plan, or by its name. */
export type ColumnKey = number | string;

export function columnKeys(dialect: SqlDialect, { columns }: Table): ReadonlyMap<string, ColumnKey> {
  const { hydratesArrays } = documentStatements[dialect];
  return new Map(columns.map(({ name }, position) => [name, hydratesArrays ? position : name]));
}
