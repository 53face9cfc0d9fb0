import { type DbTableName, qualified, type RelationalModelSet, type ResourceModel, type Table } from '@dms/model';
import { shortNameIn } from '@dms/testing';
import type { DbIndex, Inventory } from '../src/inventory.ts';
import type { DbTrigger } from '../src/trigger-kinds.ts';

/** The text of a value with sorted members, so that equal values have equal texts. */
export const text = (value: unknown) => JSON.stringify(value);

type InspectedTriggerKind = DbTrigger['kind'];

export type TriggerOf<Kind extends InspectedTriggerKind> = Extract<DbTrigger, { kind: Kind }>;

/** An entry of the list of indexes or of the list of triggers. */
export interface InventoryEntry {
  readonly name: string;
  readonly table: DbTableName;
}

/** A model and its inventory with lookups. */
export class Inspected {
  readonly model: RelationalModelSet;
  readonly inventory: Inventory;
  readonly resources: readonly { readonly resource: ResourceModel; readonly root: Table }[];
  readonly tables: readonly Table[];
  private readonly byName: ReadonlyMap<string, Table>;
  private readonly indexes = new Map<string, DbIndex[]>();
  private readonly triggers = new Map<string, DbTrigger[]>();
  private readonly fullNames = new Map<string, string>();

  constructor(model: RelationalModelSet, inventory: Inventory) {
    this.model = model;
    this.inventory = inventory;
    this.resources = model.resources.flatMap((resource) => {
      const [root] = resource.tablesInDependencyOrder;
      return root ? [{ resource, root }] : [];
    });
    this.tables = [
      ...model.resources.flatMap((resource) => resource.tablesInDependencyOrder),
      ...model.abstractIdentityTables.map(({ table }) => table),
    ];
    this.byName = new Map(this.tables.map((table) => [qualified(table.table), table]));
    for (const { table } of this.tables) {
      this.indexes.set(qualified(table), []);
      this.triggers.set(qualified(table), []);
    }
    for (const index of inventory.indexes) this.indexes.get(qualified(index.table))?.push(index);
    for (const trigger of inventory.triggers) this.triggers.get(qualified(trigger.table))?.push(trigger);
    for (const { kind, schema, table, name, fullName } of model.shortenedNames)
      this.fullNames.set(text([kind, schema, table, name]), fullName);
  }

  table(name: DbTableName): Table | undefined {
    return this.byName.get(qualified(name));
  }

  indexesOn(table: Table): readonly DbIndex[] {
    return this.indexes.get(qualified(table.table)) ?? [];
  }

  triggersOn<Kind extends InspectedTriggerKind>(table: Table, kind: Kind): TriggerOf<Kind>[] {
    const all = this.triggers.get(qualified(table.table)) ?? [];
    return all.filter((trigger): trigger is TriggerOf<Kind> => trigger.kind === kind);
  }

  fullTable({ schema, name }: DbTableName): string {
    return this.fullNames.get(text(['table', schema, null, name])) ?? name;
  }

  fullColumn(table: DbTableName, column: string): string {
    return this.fullNames.get(text(['column', table.schema, table.name, column])) ?? column;
  }

  limit(fullName: string): string {
    return shortNameIn(this.model.dialect, fullName);
  }
}

export const columnOf = (table: Table | undefined, name: string) =>
  table?.columns.find((column) => column.name === name);

/** The reason why a column must not be in a list of stored columns; undefined for a stored value column. */
export function reasonAgainst(table: Table | undefined, name: string): string | undefined {
  const column = columnOf(table, name);
  if (!table || !column) return 'missing';
  if (column.storage.kind !== 'Stored') return 'an alias';
  const isGate = table.columns.some(
    ({ storage }) => storage.kind === 'UnifiedAlias' && storage.presenceColumn === name,
  );
  const isFlag = column.kind === 'Scalar' && column.scalarType?.kind === 'Boolean' && column.sourcePath === null;
  return isGate && isFlag ? 'a presence flag' : undefined;
}

export function storageOf(table: Table, name: string): string {
  const storage = columnOf(table, name)?.storage;
  return storage?.kind === 'UnifiedAlias' ? storage.canonicalColumn : name;
}
