import { defineDatabase, type LogicalTrigger, type TriggerIntent } from '@dms/catalog';
import type { Inventory } from '@dms/inventory';
import { qualified, type RelationalModelSet } from '@dms/model';

/** The purpose of a trigger of a catalog. */
export interface TriggerFacts {
  /** `schema.name` of its table. */
  readonly table: string;
  readonly intent: TriggerIntent;
}

/** The triggers of a schema set, indexed by their catalog data. */
export interface TriggersOfSet {
  /** By the path of the trigger: table and name. */
  readonly triggers: ReadonlyMap<string, TriggerFacts>;
  /** By `schema.name` of the function with the body (PostgreSQL). */
  readonly functions: ReadonlyMap<string, TriggerFacts>;
}

export const triggerKey = (path: readonly string[]) => path.join('\n');

/** The triggers of a schema set, including those of the core. */
export function triggersOfSet(model: RelationalModelSet, inventory: Inventory): TriggersOfSet {
  const triggers = new Map<string, TriggerFacts>();
  const functions = new Map<string, TriggerFacts>();
  const add = (table: string, logical: LogicalTrigger) => {
    const facts = { table, intent: logical.intent };
    for (const { name } of logical.triggers) triggers.set(triggerKey([table, name]), facts);
    if (logical.function) functions.set(qualified(logical.function), facts);
  };
  for (const table of defineDatabase(model, inventory).tables)
    for (const trigger of table.triggers) add(qualified(table), trigger);
  return { triggers, functions };
}

/** An intent without the ids of resource keys that its body contains. */
function withoutKeys(intent: TriggerIntent): string {
  return JSON.stringify(intent, (name, value: unknown) => (name === 'resourceKeyId' ? undefined : value));
}

/** Whether two triggers differ only in ids of resource keys. */
export function differInKeysOnly(before: TriggerIntent, after: TriggerIntent): boolean {
  return JSON.stringify(before) !== JSON.stringify(after) && withoutKeys(before) === withoutKeys(after);
}
