import { type ResourceKeyEntry, resourceLabel } from '@dms/api-schema';
import type { Catalog, CatalogTable } from '@dms/catalog';
import {
  type AuthView,
  type AuthViewArm,
  authColumns,
  authTable,
  type DbTrigger,
  type IdentityBlock,
  type Inventory,
  type TrackedChangeTable,
} from '@dms/inventory';
import { allTables, coreSchema, type DbTableName, qualified, type RelationalModelSet, type ResourceModel } from '@dms/model';
import type { ComparedSet } from './compared-set.ts';

/** Columns that an inventory names, with their table. */
type NamedColumns = readonly [table: DbTableName, columns: readonly string[]];

const blocksOf = (trigger: DbTrigger): readonly IdentityBlock[] => {
  if (trigger.kind !== 'ReferentialIdentityMaintenance') return [];
  return trigger.superclassAlias ? [trigger, trigger.superclassAlias] : [trigger];
};

const entityColumns = ({
  table,
  identityColumn,
  parentFks,
}: NonNullable<Inventory['authEdOrgHierarchy']>['entities'][number]) =>
  [table, [identityColumn, ...parentFks.map(({ denormalizedParentIdColumn }) => denormalizedParentIdColumn)]] as const;

function payloadColumns(trigger: DbTrigger): readonly NamedColumns[] {
  switch (trigger.kind) {
    case 'DocumentStamping': {
      const { mirrorStampTargetTable, changeTracking } = trigger;
      const tables = [mirrorStampTargetTable, changeTracking?.trackedChangeTable ?? null];
      return tables.flatMap((table): NamedColumns[] => (table === null ? [] : [[table, []]]));
    }
    case 'ReferentialIdentityMaintenance':
      return blocksOf(trigger).map(({ identityElements }) => [trigger.table, identityElements.map(({ column }) => column)]);
    case 'AbstractIdentityMaintenance':
      return [
        [trigger.table, trigger.targetColumnMappings.map(({ sourceColumn }) => sourceColumn)],
        [trigger.targetTable, trigger.targetColumnMappings.map(({ targetColumn }) => targetColumn)],
      ];
    case 'IdentityPropagationFallback':
      return trigger.referrerUpdates.flatMap(({ referrerTable, referrerFkColumn, targetColumnMappings }): NamedColumns[] => [
        [trigger.table, targetColumnMappings.map(({ sourceColumn }) => sourceColumn)],
        [referrerTable, [referrerFkColumn, ...targetColumnMappings.map(({ targetColumn }) => targetColumn)]],
      ]);
    case 'AuthHierarchyMaintenance':
      return [entityColumns(trigger.entity)];
  }
}

function trackedColumns({ sourceTable, personJoins }: TrackedChangeTable): readonly NamedColumns[] {
  const steps = personJoins.flatMap(({ joinPath }) => joinPath);
  return [
    [sourceTable, []],
    ...steps.flatMap(({ sourceTable: source, sourceColumn, targetTable, targetColumn }): NamedColumns[] => [
      [source, [sourceColumn]],
      [targetTable, [targetColumn]],
    ]),
  ];
}

function viewColumns({ source, joins, outputColumns }: AuthViewArm): readonly NamedColumns[] {
  const parts = [source, ...joins];
  return parts.map(({ alias, table }): NamedColumns => {
    const shown = outputColumns.filter((entry) => entry.alias === alias).map(({ column }) => column);
    const joined = joins.flatMap(({ on }) =>
      on.flatMap(({ leftAlias, leftColumn, rightAlias, rightColumn }) => [
        ...(leftAlias === alias ? [leftColumn] : []),
        ...(rightAlias === alias ? [rightColumn] : []),
      ]),
    );
    return [table, [...shown, ...joined]];
  });
}

const namedColumns = ({
  indexes,
  triggers,
  trackedChangeTables,
  authEdOrgHierarchy,
  authViews,
}: Inventory): readonly NamedColumns[] => [
  ...indexes.map(({ table, keyColumns, includeColumns }): NamedColumns => [table, [...keyColumns, ...includeColumns]]),
  ...triggers.flatMap((trigger): NamedColumns[] => [
    [trigger.table, [...trigger.keyColumns, ...trigger.identityProjectionColumns]],
    ...payloadColumns(trigger),
  ]),
  ...trackedChangeTables.flatMap(trackedColumns),
  ...(authEdOrgHierarchy?.entities ?? []).map(entityColumns),
  ...authViews.flatMap(({ arms }) => arms.flatMap(viewColumns)),
];

/** The columns that the first arm of a view shows. */
const shownColumns = ({ arms: [first] }: AuthView) =>
  (first?.outputColumns ?? []).map(({ column, outputName }) => outputName ?? column);

/** The columns of the tables and views that an inventory may name: of the core, of the model, and its own. */
function knownColumns(inventory: Inventory, model: RelationalModelSet, { tables }: Catalog): Map<string, ReadonlySet<string>> {
  const columnNames = (columns: readonly { readonly name: string }[]) => columns.map(({ name }) => name);
  const known: readonly (readonly [DbTableName | CatalogTable, readonly string[]])[] = [
    ...tables.filter(({ schema }) => schema === coreSchema).map((table) => [table, columnNames(table.columns)] as const),
    ...allTables(model).map(({ table }) => [table.table, columnNames(table.columns)] as const),
    [authTable, Object.values(authColumns)],
    ...inventory.trackedChangeTables.map(
      ({ table, valueColumns, systemColumns }) =>
        [
          table,
          [
            ...valueColumns.flatMap(({ oldColumn, newColumn }) => [oldColumn, newColumn]),
            ...systemColumns.map(({ column }) => column),
          ],
        ] as const,
    ),
    ...inventory.authViews.map((view) => [view.view, shownColumns(view)] as const),
  ];
  return new Map(known.map(([table, names]) => [qualified(table), new Set(names)]));
}

/** The first table or column that an inventory names and that does not exist. */
function unknownColumn(inventory: Inventory, model: RelationalModelSet, catalog: Catalog): string | undefined {
  const columns = knownColumns(inventory, model, catalog);
  for (const [table, names] of namedColumns(inventory)) {
    const key = qualified(table);
    const known = columns.get(key);
    if (!known) return key;
    const unknown = names.find((name) => !known.has(name));
    if (unknown !== undefined) return `${key}.${unknown}`;
  }
  return undefined;
}

/** The first resource that an inventory numbers differently from the model. */
function unknownResource({ triggers }: Inventory, resourceKeys: readonly ResourceKeyEntry[]): string | undefined {
  const ids = new Map(resourceKeys.map((row) => [resourceLabel(row), row.id]));
  const unknown = triggers.flatMap(blocksOf).find((block) => ids.get(resourceLabel(block)) !== block.resourceKeyId);
  return unknown && `${resourceLabel(unknown)} as number ${unknown.resourceKeyId}`;
}

/** What the referential ids of a resource are made from: names, and paths in their order. */
function identityText({ resourceKey, identityJsonPaths, superclass }: ResourceModel): string {
  const own = identityJsonPaths.map(({ canonical }) => canonical);
  const general = superclass?.identityJsonPath ? own.map(() => superclass.identityJsonPath?.canonical) : own;
  return JSON.stringify([
    [resourceLabel(resourceKey), own],
    ...(superclass ? [[resourceLabel(superclass.resource), general]] : []),
  ]);
}

const blockText = (trigger: DbTrigger) =>
  JSON.stringify(
    blocksOf(trigger).map((block) => [
      resourceLabel(block),
      block.identityElements.map(({ identityJsonPath }) => identityJsonPath.canonical),
    ]),
  );

/** Whether each part of an identity is in a column that holds its path. */
function holdsItsPaths(
  { tablesInDependencyOrder: [root], documentReferenceBindings }: ResourceModel,
  trigger: DbTrigger,
): boolean {
  if (trigger.kind !== 'ReferentialIdentityMaintenance' || !root) return false;
  const held = new Set([
    ...root.columns.map(({ name, sourcePath }) => `${name} ${sourcePath?.canonical}`),
    ...documentReferenceBindings.flatMap(({ identityBindings }) =>
      identityBindings.map(({ column, referenceJsonPath }) => `${column} ${referenceJsonPath.canonical}`),
    ),
  ]);
  return trigger.identityElements.every(({ column, identityJsonPath }) => held.has(`${column} ${identityJsonPath.canonical}`));
}

/** The first resource whose identity differs between an inventory and the model. */
function otherIdentity({ triggers }: Inventory, { resources }: RelationalModelSet): string | undefined {
  const identities = new Map(
    triggers.flatMap((trigger) =>
      trigger.kind === 'ReferentialIdentityMaintenance' ? [[qualified(trigger.table), trigger] as const] : [],
    ),
  );
  const other = resources.find((resource) => {
    const [root] = resource.tablesInDependencyOrder;
    const trigger = root && identities.get(qualified(root.table));
    if (!root) return false;
    return !trigger || blockText(trigger) !== identityText(resource) || !holdsItsPaths(resource, trigger);
  });
  return other && resourceLabel(other.resourceKey);
}

/**
 * How an inventory contradicts its model, as a text; undefined if it does not. The set of indexes and triggers
 * is not checked: an earlier version of the tool may have had others.
 */
export function strangeInInventory({ inventory, model, catalog }: ComparedSet): string | undefined {
  const column = unknownColumn(inventory, model, catalog);
  if (column !== undefined) return `it names ${column}, which the model does not have`;
  const resource = unknownResource(inventory, model.effectiveSchema.resourceKeys);
  if (resource !== undefined) return `it knows ${resource}, which the model does not`;
  const identity = otherIdentity(inventory, model);
  return identity && `it says another identity of ${identity} than the model`;
}
