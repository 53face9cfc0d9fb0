import type { RelationalModelSet } from '@dms/model';
import { repeated } from '@dms/values';
import type { Inventory } from '../src/inventory.ts';
import { hierarchy } from './hierarchy-invariants.ts';
import { abstractIdentities, identityElements, superclassAliases } from './identity-invariants.ts';
import { constraintIndexes, foreignKeyIndexes, indexShapes } from './index-invariants.ts';
import { Inspected, type InventoryEntry } from './inspected.ts';
import { fallbackTriggers, stampsAndIdentities, storedColumns } from './trigger-invariants.ts';

/*
 * The invariants of design 05 §10 as functions that list violations. Each line begins with the number of the invariant,
 * or with the section of a rule in §2 to §6. They are written from the chapter and use only types of the product.
 */

/** 10: strictly ascending, ordinal; names unique in the scopes of §6. */
function order(inspected: Inspected): string[] {
  const isBefore = (a: InventoryEntry, b: InventoryEntry) => {
    if (a.table.schema !== b.table.schema) return a.table.schema < b.table.schema;
    if (a.table.name !== b.table.name) return a.table.name < b.table.name;
    return a.name < b.name;
  };
  const { indexes, triggers } = inspected.inventory;
  const unsorted = (list: readonly InventoryEntry[]) =>
    list.flatMap((entry, index) => {
      const before = list[index - 1];
      return before && !isBefore(before, entry) ? [`10 ${entry.name} after ${before.name}`] : [];
    });
  const isPgsql = inspected.model.dialect === 'pgsql';
  const inSchema = ({ table, name }: InventoryEntry) => `${table.schema} ${name}`;
  const inTable = ({ table, name }: InventoryEntry) => `${table.schema} ${table.name} ${name}`;
  return [
    ...unsorted(indexes),
    ...unsorted(triggers),
    ...repeated(indexes.map(isPgsql ? inSchema : inTable)).map((name) => `10 two indexes ${name}`),
    ...repeated(triggers.map(isPgsql ? inTable : inSchema)).map((name) => `10 two triggers ${name}`),
  ];
}

const checks = [
  constraintIndexes,
  foreignKeyIndexes,
  indexShapes,
  stampsAndIdentities,
  storedColumns,
  fallbackTriggers,
  identityElements,
  superclassAliases,
  abstractIdentities,
  hierarchy,
  order,
];

/** All violations of the rules that a single inventory can show (2 to 6, 8 to 11, parts of 7). */
export function invariantFindings(model: RelationalModelSet, inventory: Inventory): string[] {
  if (model.dialect !== inventory.dialect)
    return [`an inventory for ${inventory.dialect} of a model for ${model.dialect}`];
  const inspected = new Inspected(model, inventory);
  return checks.flatMap((check) => check(inspected));
}
