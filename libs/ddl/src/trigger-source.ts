import type { DesiredColumn, DesiredTable } from '@dms/catalog';
import { fail } from '@dms/diagnostics';
import type { DbTrigger } from '@dms/inventory';

/** The tables of a catalog by `schema.name`, for bodies that name columns of other tables. */
export type TableLookup = ReadonlyMap<string, DesiredTable>;

/** A trigger of the inventory with the table that it stands on. */
export interface TriggerSource<Trigger extends DbTrigger = DbTrigger> {
  readonly trigger: Trigger;
  readonly table: DesiredTable;
  readonly tables: TableLookup;
}

export function columnOf(table: DesiredTable, name: string): DesiredColumn {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (!column) throw new Error(`${table.schema}.${table.name} has no column ${name}`);
  return column;
}

/** The one key column of a stamping trigger; any other number is `DDL_STAMP_KEY` (design 07 §9.1). */
export function stampKey({ trigger }: TriggerSource): string {
  const [key, ...others] = trigger.keyColumns;
  if (key !== undefined && others.length === 0) return key;
  const text = `The stamping trigger ${trigger.name} has ${trigger.keyColumns.length} key columns instead of one.`;
  return fail('DDL_STAMP_KEY', text, {}, { trigger: trigger.name, count: trigger.keyColumns.length });
}
