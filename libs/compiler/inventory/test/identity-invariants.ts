import { type JsonPath, resourceLabel } from '@dms/api-schema';
import { type IdentityElement, qualified, type ResourceModel, type Table } from '@dms/model';
import { columnOf, type Inspected, storageOf, text } from './inspected.ts';
import { sameList } from './lists.ts';

/** The allowed columns for an identity path: those of its source path, or of the parts of its root reference. */
function columnsAt(resource: ResourceModel, root: Table, path: JsonPath): string[] {
  const bindings = resource.documentReferenceBindings
    .filter(({ table }) => qualified(table) === qualified(root.table))
    .flatMap(({ identityBindings }) => identityBindings)
    .filter(({ referenceJsonPath }) => referenceJsonPath.canonical === path.canonical);
  if (bindings.length > 0) return bindings.slice(0, 1).map(({ column }) => column);
  return root.columns.filter(({ sourcePath }) => sourcePath?.canonical === path.canonical).map(({ name }) => name);
}

/**
 * 9, §4.1, §4.2: one element per identity path in schema order, with the right column; the projection consists of their
 * stored columns.
 */
export function identityElements(inspected: Inspected): string[] {
  return inspected.resources.flatMap(({ resource, root }) => {
    const [trigger] = inspected.triggersOn(root, 'ReferentialIdentityMaintenance');
    if (!trigger) return [];
    const found: string[] = [];
    const paths = trigger.identityElements.map(({ identityJsonPath }) => identityJsonPath.canonical);
    const wanted = resource.identityElements.map(({ identityJsonPath }) => identityJsonPath.canonical);
    if (!sameList(paths, wanted))
      found.push(`9 ${trigger.name}: the paths ${paths.join(', ')} instead of ${wanted.join(', ')}`);
    for (const element of trigger.identityElements) {
      const column = columnOf(root, element.column);
      if (!columnsAt(resource, root, element.identityJsonPath).includes(element.column))
        found.push(
          `§4.1 ${trigger.name}: ${element.column} is not the column of ${element.identityJsonPath.canonical}`,
        );
      if (
        text(element.scalarType) !== text(column?.scalarType) ||
        element.isDescriptor !== (column?.kind === 'DescriptorFk')
      )
        found.push(`§3.3 ${trigger.name}: type or kind of ${element.column}`);
    }
    const storage = [...new Set(trigger.identityElements.map(({ column }) => storageOf(root, column)))];
    if (!sameList(trigger.identityProjectionColumns, storage))
      found.push(`§4.2 ${trigger.name}: the projection ${trigger.identityProjectionColumns.join(', ')}`);
    return found;
  });
}

/**
 * 11, §4.3: exactly subclasses have an alias, over columns of their own identity, under the paths of the superclass.
 */
export function superclassAliases(inspected: Inspected): string[] {
  const keys = new Map(inspected.model.effectiveSchema.resourceKeys.map((key) => [resourceLabel(key), key.id]));
  return inspected.resources.flatMap(({ resource, root }) => {
    const [trigger] = inspected.triggersOn(root, 'ReferentialIdentityMaintenance');
    if (!trigger) return [];
    const { superclassAlias: alias, identityElements: own } = trigger;
    const { superclass } = resource;
    if (!alias || !superclass)
      return alias === null && superclass === null ? [] : [`11 ${trigger.name}: alias or superclass alone`];
    const found: string[] = [];
    const columns = (elements: readonly IdentityElement[]) => elements.map(({ column }) => column);
    const strays = columns(alias.identityElements).filter((column) => !columns(own).includes(column));
    found.push(...strays.map((column) => `11 ${trigger.name}: the alias column ${column} is not one of its own`));
    if (
      resourceLabel(alias) !== resourceLabel(superclass.resource) ||
      alias.resourceKeyId !== keys.get(resourceLabel(alias))
    )
      found.push(`§4.3 ${trigger.name}: an alias of ${alias.resourceKeyId} ${resourceLabel(alias)}`);
    const renamed = superclass.identityJsonPath;
    const wanted = renamed ? own.map((element) => ({ ...element, identityJsonPath: renamed })) : own;
    if (text(alias.identityElements) !== text(wanted)) found.push(`§4.3 ${trigger.name}: the elements of the alias`);
    return found;
  });
}

/**
 * §4.3, 03 invariant 11: subclasses of an abstract resource maintain its identity table, with the same columns as their
 * arm of the view.
 */
export function abstractIdentities(inspected: Inspected): string[] {
  const { model, inventory } = inspected;
  const found: string[] = [];
  let expected = 0;
  for (const { resource, root } of inspected.resources) {
    const { superclass } = resource;
    const target = model.abstractIdentityTables.find(
      ({ resourceKey }) => superclass !== null && resourceLabel(resourceKey) === resourceLabel(superclass.resource),
    );
    const label = resourceLabel(resource.resourceKey);
    const triggers = inspected.triggersOn(root, 'AbstractIdentityMaintenance');
    const [trigger] = triggers;
    if (triggers.length !== (target ? 1 : 0))
      found.push(`§3.2 ${label}: ${triggers.length} abstract identity triggers`);
    if (!target || !trigger) continue;
    expected += 1;
    if (trigger.name !== inspected.limit(`TR_${inspected.fullTable(root.table)}_AbstractIdentity`))
      found.push(`§3.2 ${label}: an abstract identity trigger ${trigger.name}`);
    if (!sameList(trigger.keyColumns, ['DocumentId']))
      found.push(`§3.2 ${trigger.name}: ${trigger.keyColumns.join(', ')}`);
    if (qualified(trigger.targetTable) !== qualified(target.table.table) || trigger.discriminatorValue !== label)
      found.push(`§3.3 ${trigger.name}: ${trigger.discriminatorValue} into ${qualified(trigger.targetTable)}`);
    const projection = inspected.triggersOn(root, 'ReferentialIdentityMaintenance')[0]?.identityProjectionColumns ?? [];
    if (!sameList(trigger.identityProjectionColumns, projection))
      found.push(`§4.2 ${trigger.name}: another projection`);
    const arm = model.abstractUnionViews
      .find(({ resourceKey }) => resourceLabel(resourceKey) === resourceLabel(target.resourceKey))
      ?.unionArms.find(({ concreteMember }) => resourceLabel(concreteMember) === label);
    const wanted = target.table.columns.flatMap((column, position) => {
      const projected = arm?.projections[position];
      if (column.sourcePath === null) return [];
      return [{ sourceColumn: projected?.kind === 'SourceColumn' ? projected.column : '?', targetColumn: column.name }];
    });
    if (text(trigger.targetColumnMappings) !== text(wanted))
      found.push(`§4.3 ${trigger.name}: ${text(trigger.targetColumnMappings)}`);
  }
  const actual = inventory.triggers.filter(({ kind }) => kind === 'AbstractIdentityMaintenance').length;
  return actual === expected ? found : [...found, `§3.2 ${actual} abstract identity triggers instead of ${expected}`];
}
