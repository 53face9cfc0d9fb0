import { resourceLabel } from '@dms/api-schema';
import { qualified } from '@dms/model';
import { type Inspected, text } from './inspected.ts';
import { sameList } from './lists.ts';

/** §5: the hierarchy, its triggers and its index. */
export function hierarchy(inspected: Inspected): string[] {
  const { model, inventory } = inspected;
  const found: string[] = [];
  const view = model.abstractUnionViews.find(({ resourceKey }) => resourceKey.resourceName === 'EducationOrganization');
  const { authEdOrgHierarchy: actual } = inventory;
  if ((view === undefined) !== (actual === null)) return ['§5.1 hierarchy or abstract EducationOrganization alone'];
  const entities = actual?.entities ?? [];
  if (view) {
    const family = new Set([
      resourceLabel(view.resourceKey),
      ...view.unionArms.map((arm) => resourceLabel(arm.concreteMember)),
    ]);
    const members = new Map(view.unionArms.map((arm) => [qualified(arm.fromTable), arm.concreteMember]));
    if (!sameList(entities.map(({ table }) => qualified(table)).sort(), [...members.keys()].sort()))
      found.push(`§5.2 the entities ${entities.map(({ entityName }) => entityName).join(', ')}`);
    const names = entities.map(({ entityName }) => entityName);
    if (!sameList(names, [...names].sort())) found.push('§5.2 the entities are not sorted');
    for (const { resource, root } of inspected.resources) {
      const entity = entities.find(({ table }) => qualified(table) === qualified(root.table));
      if (!entity) continue;
      if (entity.entityName !== resource.resourceKey.resourceName)
        found.push(`§5.2 ${entity.entityName}: not the resource name`);
      const parents = resource.documentReferenceBindings
        .filter(
          ({ table, targetResource }) =>
            qualified(table) === qualified(root.table) && family.has(resourceLabel(targetResource)),
        )
        .map(({ identityBindings }) => identityBindings.map(({ column }) => column).join('+'))
        .sort((a, b) => (inspected.fullColumn(root.table, a) < inspected.fullColumn(root.table, b) ? -1 : 1));
      const listed = entity.parentFks.map(({ denormalizedParentIdColumn }) => denormalizedParentIdColumn);
      if (!sameList(listed, parents)) found.push(`§5.2 ${entity.entityName}: the parents ${listed.join(', ')}`);
    }
  }
  const expectedTriggers = entities.flatMap((entity) =>
    ['Delete', 'Insert', ...(entity.parentFks.length > 0 ? ['Update'] : [])].map((event) =>
      text([inspected.limit(`TR_${entity.entityName}_AuthHierarchy_${event}`), entity.table, event, entity, [], []]),
    ),
  );
  const triggers = inventory.triggers.flatMap((trigger) =>
    trigger.kind === 'AuthHierarchyMaintenance'
      ? [
          text([
            trigger.name,
            trigger.table,
            trigger.triggerEvent,
            trigger.entity,
            trigger.keyColumns,
            trigger.identityProjectionColumns,
          ]),
        ]
      : [],
  );
  if (!sameList(triggers.sort(), expectedTriggers.sort())) found.push(`§5.3 the triggers ${triggers.join('; ')}`);
  const explicit = inventory.indexes.filter(({ kind }) => kind === 'Explicit');
  const authTable = { schema: 'auth', name: 'EducationOrganizationIdToEducationOrganizationId' };
  const wanted =
    entities.length === 0
      ? []
      : [
          {
            name: 'IX_EducationOrganizationIdToEducationOrganizationId_Target',
            table: authTable,
            kind: 'Explicit',
            isUnique: false,
            keyColumns: ['TargetEducationOrganizationId'],
            includeColumns: ['SourceEducationOrganizationId'],
          },
        ];
  if (text(explicit) !== text(wanted)) found.push(`§5.4 the explicit indexes ${text(explicit)}`);
  return found;
}
