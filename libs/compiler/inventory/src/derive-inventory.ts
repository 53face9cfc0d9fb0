import { fail, failIfAny } from '@dms/diagnostics';
import {
  type DbTableName,
  type FullNames,
  findCollisions,
  modelIndex,
  type NameRegistration,
  qualified,
  type RelationalModelSet,
} from '@dms/model';
import { dialectRules, limitIdentifier, type SqlDialect } from '@dms/sql';
import { compareBy, compareOrdinal, repeated } from '@dms/values';
import { deriveHierarchy } from './derive-hierarchy.ts';
import { deriveIndexes, hierarchyIndex } from './derive-indexes.ts';
import { deriveTriggers } from './derive-triggers.ts';
import { generations } from './generations.ts';
import type { DbIndex, Inventory, TrackedChangeTable } from './inventory.ts';
import { inventoryFindings } from './inventory-limits.ts';
import { finishTrackedTable } from './tracked-table-names.ts';
import type { DbTrigger } from './trigger-kinds.ts';

type InventoryKind = 'index' | 'trigger';

/**
 * The scope in which a name must be unique: for index names, the schema in PostgreSQL and the table in SQL Server; for
 * trigger names, the reverse.
 */
const nameScopes: Readonly<Record<SqlDialect, Readonly<Record<InventoryKind, 'schema' | 'table'>>>> = {
  pgsql: { index: 'schema', trigger: 'table' },
  mssql: { index: 'table', trigger: 'schema' },
};

interface NamedOnTable {
  readonly name: string;
  readonly table: DbTableName;
}

function registration(
  kind: InventoryKind,
  dialect: SqlDialect,
  names: FullNames,
  {
    fullName,
    finalName,
    table,
  }: { readonly fullName: string; readonly finalName: string; readonly table: DbTableName },
): NameRegistration {
  const scopeTable = nameScopes[dialect][kind] === 'table' ? table.name : '';
  return {
    scope: { kind, schema: table.schema, table: scopeTable },
    originalName: fullName,
    finalName,
    describe: () => `${kind} ${fullName} on ${table.schema}.${names.table(table)}`,
    label: '',
    path: '',
  };
}

/** Refuses equal names with the same origin, which the collision report treats as one (design 05 §6). */
function checkDuplicates(kind: InventoryKind, dialect: SqlDialect, entries: readonly NamedOnTable[]): void {
  const isPerTable = nameScopes[dialect][kind] === 'table';
  const seen = new Set<string>();
  const duplicates = new Map<string, NamedOnTable>();
  for (const { name, table } of entries) {
    const place = isPerTable ? `${table.schema}.${table.name}:${name}` : `${table.schema}:${name}`;
    if (seen.has(place)) duplicates.set(place, { name, table: isPerTable ? table : { ...table, name: '' } });
    seen.add(place);
  }
  if (duplicates.size === 0) return;
  const list = [...duplicates].sort(([, a], [, b]) => entryOrder(a, b)).map(([place]) => place);
  fail(
    'NAME_INVENTORY_DUPLICATE',
    `The inventory lists ${kind} names twice: ${list.join(', ')}.`,
    {},
    { kind, duplicates: list },
  );
}

const entryOrder = compareBy<NamedOnTable>(
  ({ table }) => table.schema,
  ({ table }) => table.name,
  ({ name }) => name,
);

interface DeriveInventorySettings {
  /** Whether the required parts of the data standard must exist (design 15 §7.4, 15a §1); true by default. */
  readonly strict?: boolean;
}

/** Refuses tables, columns or joins of tracked changes with the same name (design 15a §4). */
function checkTrackedDuplicates(tables: readonly TrackedChangeTable[]): void {
  const names = tables.flatMap(({ table, valueColumns, descriptorJoins, personJoins }) => [
    `table ${qualified(table)}`,
    ...valueColumns.map(({ oldColumn }) => `column ${qualified(table)}.${oldColumn}`),
    ...[...descriptorJoins, ...personJoins].map(({ name }) => `join ${qualified(table)}.${name}`),
  ]);
  const duplicates = repeated(names).sort(compareOrdinal);
  if (duplicates.length === 0) return;
  const text = `Tracked changes list names twice: ${duplicates.join(', ')}.`;
  fail('NAME_INVENTORY_DUPLICATE', text, {}, { kind: 'tracked change', duplicates });
}

/** Adds to each stamping trigger the table that records its changes. */
function withChangeTracking(triggers: readonly DbTrigger[], tables: readonly TrackedChangeTable[]): DbTrigger[] {
  const bySource = new Map(tables.map(({ table, sourceTable }) => [qualified(sourceTable), table]));
  return triggers.map((trigger) => {
    const tracked = trigger.kind === 'DocumentStamping' ? bySource.get(qualified(trigger.table)) : undefined;
    return tracked ? { ...trigger, changeTracking: { trackedChangeTable: tracked } } : trigger;
  });
}

/**
 * Derives the inventory of a finished model, without SQL: indexes, triggers, and in the second generation
 * tracked-change tables and views for authorization (design 05, 15a). The model may come from its file, because names
 * are derived from the full-length names that it contains. All lists are sorted by table schema, table, name. Throws
 * the `TRG_*`, `AUTH_*`, `TRACKED_*` and `SECURABLE_*` codes, `NAME_COLLISION`, `NAME_INVENTORY_DUPLICATE`,
 * `TABLE_LIMIT_EXCEEDED`.
 */
export function deriveInventory(model: RelationalModelSet, { strict = true }: DeriveInventorySettings = {}): Inventory {
  const { dialect } = model;
  const rules = dialectRules[dialect];
  const generation = generations[model.effectiveSchema.relationalMappingVersion];
  const { fullNames: names } = modelIndex(model);
  const hierarchy = deriveHierarchy(model, names);
  const hasHierarchy = hierarchy !== null && hierarchy.entities.length > 0;
  const ownIndexes = deriveIndexes(model, names);
  const ownTriggers = deriveTriggers(model, names, generation.triggers, hierarchy);
  const further = generation.further({ model, names, indexes: ownIndexes, strict });
  const namedIndexes = [...ownIndexes, ...(hasHierarchy ? [hierarchyIndex] : []), ...further.indexes];
  const namedTriggers = [...ownTriggers, ...further.triggers];
  const registrations: NameRegistration[] = [];
  const finish = <Named extends { readonly fullName: string; readonly table: DbTableName }>(
    kind: InventoryKind,
    { fullName, ...entry }: Named,
  ) => {
    const name = limitIdentifier(rules, fullName);
    registrations.push(registration(kind, dialect, names, { fullName, finalName: name, table: entry.table }));
    return { name, ...entry };
  };
  const indexes: DbIndex[] = namedIndexes.map((index) => finish('index', index));
  const triggers = namedTriggers.map((trigger) => finish('trigger', trigger) as DbTrigger);
  const finished = further.trackedTables.map((tracked) => finishTrackedTable(rules, tracked));
  const trackedChangeTables = finished.map(({ tracked }) => tracked);
  failIfAny(findCollisions([...registrations, ...finished.flatMap((table) => table.registrations)], dialect));
  checkDuplicates('index', dialect, indexes);
  checkDuplicates('trigger', dialect, triggers);
  checkTrackedDuplicates(trackedChangeTables);
  const inventory: Inventory = {
    dialect,
    indexes: indexes.sort(entryOrder),
    triggers: withChangeTracking(triggers, trackedChangeTables).sort(entryOrder),
    trackedChangeTables,
    authEdOrgHierarchy: hierarchy,
    authViews: hasHierarchy ? generation.authViews(model, trackedChangeTables) : [],
  };
  failIfAny(inventoryFindings(model, inventory).errors);
  return inventory;
}
