import type { Column, Table } from '@dms/model';
import { type PackPlace, refuseInvariant } from '../refusal.ts';

/** A table of a payload with its columns by name, and its place for messages. */
export interface LoadedTable {
  readonly model: Table;
  readonly at: PackPlace;
  readonly columns: ReadonlyMap<string, Column>;
}

/** The column with that name; throws `PACK_INVARIANT` if the table has none. */
export function existingColumn({ columns, at }: LoadedTable, name: string, what: string): Column {
  return columns.get(name) ?? refuseInvariant(at, what, 'a column of the table', name);
}
