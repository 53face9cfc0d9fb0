import { type ResourceKeyEntry, resourceLabel } from '@dms/api-schema';
import { type DbTrigger, type Inventory, identityBlocks, type NamedColumns, unknownColumn } from '@dms/inventory';
import { coreSchema, qualified, type RelationalModelSet, type ResourceModel } from '@dms/model';
import type { UpgradeSet } from './upgrade-set.ts';

/** The first resource that an inventory numbers differently from the model. */
function unknownResource({ triggers }: Inventory, resourceKeys: readonly ResourceKeyEntry[]): string | undefined {
  const ids = new Map(resourceKeys.map((row) => [resourceLabel(row), row.id]));
  const unknown = triggers.flatMap(identityBlocks).find((block) => ids.get(resourceLabel(block)) !== block.resourceKeyId);
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
    identityBlocks(trigger).map((block) => [
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
export function strangeInInventory({ inventory, model, catalog }: UpgradeSet): string | undefined {
  const coreTables = catalog.tables
    .filter(({ schema }) => schema === coreSchema)
    .map((table): NamedColumns => [table, table.columns.map(({ name }) => name)]);
  const column = unknownColumn(inventory, model, coreTables);
  if (column !== undefined) return `it names ${column}, which the model does not have`;
  const resource = unknownResource(inventory, model.effectiveSchema.resourceKeys);
  if (resource !== undefined) return `it knows ${resource}, which the model does not`;
  const identity = otherIdentity(inventory, model);
  return identity && `it says another identity of ${identity} than the model`;
}
