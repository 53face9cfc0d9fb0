import { qualified } from '@dms/model';
import type { Inventory } from '../src/inventory.ts';
import type { DbTrigger } from '../src/trigger-kinds.ts';
import type { TriggerOf } from './inspected.ts';

/** The indexes of one table as `Kind Name (columns)`, in the order of the inventory. */
export function indexLines(inventory: Inventory, table: string): string[] {
  return inventory.indexes
    .filter((index) => qualified(index.table) === table)
    .map(({ kind, name, keyColumns }) => `${kind} ${name} (${keyColumns.join(', ')})`);
}

/** Names of all triggers of one table, or of all tables as `schema.Table Name`. */
export function triggerNames(inventory: Inventory, table?: string): string[] {
  if (table === undefined) return inventory.triggers.map((trigger) => `${qualified(trigger.table)} ${trigger.name}`);
  return inventory.triggers.filter((trigger) => qualified(trigger.table) === table).map(({ name }) => name);
}

/** The only trigger of a kind on a table. */
export function triggerOf<Kind extends DbTrigger['kind']>(
  inventory: Inventory,
  table: string,
  kind: Kind,
): TriggerOf<Kind> {
  const found = inventory.triggers.filter((trigger) => qualified(trigger.table) === table && trigger.kind === kind);
  if (found.length !== 1) throw new Error(`${table} has ${found.length} triggers of the kind ${kind}`);
  return found[0] as TriggerOf<Kind>;
}

/** Column and path of each identity element of a root table's own identity. */
export function elementsOf(inventory: Inventory, table: string): [string, string][] {
  const { identityElements } = triggerOf(inventory, table, 'ReferentialIdentityMaintenance');
  return identityElements.map(({ column, identityJsonPath }) => [column, identityJsonPath.canonical]);
}
