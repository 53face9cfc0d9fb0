import type { CheckedSet } from '@dms/checking';
import { qualified, type ScalarType, storedColumn, type Table } from '@dms/model';
import { Unions } from '@dms/values';
import { isEqual } from 'es-toolkit';
import type { WorldResource } from './world-tables.ts';

/*
 * Columns of different resources that must have the same value, because a row has required references to both and keeps
 * both values in one column. A world has one document of each resource, so these columns share a value.
 */

/** A set of columns with the same value, and their type. */
export interface SharedColumn {
  readonly type: ScalarType;
}

/** Finds the shared column of a column; undefined if no other resource determines its value. */
export function sharedColumns(
  { model, inventory }: CheckedSet,
  resources: readonly WorldResource[],
  targets: ReadonlyMap<string, readonly WorldResource[]>,
): (table: Table, column: string) => SharedColumn | undefined {
  const tables = resources.flatMap(({ root, lower }) => [root, ...lower]);
  const byName = new Map<string, Table>([
    ...model.abstractIdentityTables.map(({ table }) => [qualified(table.table), table] as const),
    ...tables.map(({ name, table }) => [name, table] as const),
  ]);
  const stored = (name: string, column: string) => {
    const table = byName.get(name);
    return placeOf(name, table ? storedColumn(table, column) : column);
  };
  const unions = new Unions<string>();
  const copied = new Set<string>();
  for (const { name, references } of tables)
    for (const { target, copies } of references)
      for (const { sourceColumn, targetColumn } of copies) {
        unions.join(stored(qualified(target), sourceColumn), stored(name, targetColumn));
        copied.add(stored(name, targetColumn));
      }
  // an abstract resource has the values of the member that a world refers to
  const first = new Map([...targets].flatMap(([target, [member]]) => (member ? [[target, member.root.name]] : [])));
  for (const trigger of inventory.triggers) {
    if (trigger.kind !== 'AbstractIdentityMaintenance') continue;
    const [own, target] = [qualified(trigger.table), qualified(trigger.targetTable)];
    if (first.get(target) !== own) continue;
    for (const { sourceColumn, targetColumn } of trigger.targetColumnMappings) {
      unions.join(stored(target, targetColumn), stored(own, sourceColumn));
      copied.add(stored(target, targetColumn));
    }
  }
  const types = new Map(
    [...byName].flatMap(([name, { columns }]) =>
      columns.flatMap(({ name: column, scalarType }) =>
        scalarType === null ? [] : [[placeOf(name, column), scalarType] as const],
      ),
    ),
  );
  const found = new Map<string, SharedColumn>();
  for (const places of unions.groups) {
    // a value with only one source is copied from there
    if (places.filter((place) => !copied.has(place)).length < 2) continue;
    const all = places.flatMap((place) => types.get(place) ?? []);
    const [type] = all;
    // columns that can share values have the same type here, with room for all of them
    if (type === undefined || all.length < places.length || !all.every((each) => isEqual(each, type))) continue;
    const shared = { type };
    for (const place of places) found.set(place, shared);
  }
  return ({ table }, column) => found.get(placeOf(qualified(table), column));
}

const placeOf = (table: string, column: string) => `${table} ${column}`;
