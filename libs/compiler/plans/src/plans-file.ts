import { resourceLabel } from '@dms/api-schema';
import { listText } from '@dms/files';
import type { PlansFileFormat } from './generation.ts';
import { generations } from './generations.ts';
import type { MappingSet } from './mapping-set.ts';
import { resourcesInOrder } from './mapping-set-manifest.ts';
import type { ResourceReadPlan, ResourceWritePlan } from './plan.ts';

type Members = Readonly<Record<string, unknown>>;

/** Leaves out the members that a format does not have. */
const membersOf =
  ({ absent }: PlansFileFormat) =>
  (all: Members): Members =>
    absent.size === 0 ? all : Object.fromEntries(Object.entries(all).filter(([name]) => !absent.has(name)));

const writePlanMembers = (
  { tablePlansInDependencyOrder }: ResourceWritePlan,
  of: (all: Members) => Members,
): Members => ({
  tablePlansInDependencyOrder: tablePlansInDependencyOrder.map(({ tableModel, columnBindings, ...plan }) =>
    of({
      table: tableModel.table,
      insertSql: plan.insertSql,
      updateSql: plan.updateSql,
      deleteByParentSql: plan.deleteByParentSql,
      collectionMergePlan: plan.collectionMergePlan,
      bulkInsertBatching: plan.bulkInsertBatching,
      columnBindings: columnBindings.map(({ column, source, parameterName }) => ({
        column: column.name,
        source,
        parameterName,
      })),
      collectionKeyPreallocationPlan: plan.collectionKeyPreallocationPlan,
      keyUnificationPlans: plan.keyUnificationPlans,
    }),
  ),
});

const readPlanMembers = (plan: ResourceReadPlan, of: (all: Members) => Members): Members =>
  of({
    keysetTable: plan.keysetTable,
    tablePlansInDependencyOrder: plan.tablePlansInDependencyOrder.map((table) =>
      of({
        table: table.tableModel.table,
        selectByKeysetSql: table.selectByKeysetSql,
        selectBySingleDocumentSql: table.selectBySingleDocumentSql,
      }),
    ),
    referenceIdentityProjectionPlansInDependencyOrder: plan.referenceIdentityProjectionPlansInDependencyOrder.map(
      ({ table, bindingsInOrder }) => ({
        table,
        bindingsInOrder: bindingsInOrder.map((binding) => ({
          ...binding,
          identityFieldOrdinalsInOrder: binding.identityFieldOrdinalsInOrder.map((field) => of({ ...field })),
        })),
      }),
    ),
    descriptorProjectionPlansInOrder: plan.descriptorProjectionPlansInOrder.map((projection) => of({ ...projection })),
    documentReferenceLookup: plan.documentReferenceLookup,
  });

/**
 * The text of `plans.<dialect>.json`: plans with their full SQL; model objects are written as their names (design 08
 * §11.5).
 */
export function plansText(mappingSet: MappingSet): string {
  const { key, model, writePlansByResource, readPlansByResource } = mappingSet;
  const { queryCapabilities, descriptorQueryCapabilities } = mappingSet;
  const { file } = generations[key.relationalMappingVersion];
  const of = membersOf(file);
  return listText({
    plansFormat: file.format,
    mappingSetKey: key,
    resources: resourcesInOrder(model.resources).map(({ resourceKey }) => {
      const label = resourceLabel(resourceKey);
      const writePlan = writePlansByResource.get(label);
      const readPlan = readPlansByResource.get(label);
      return of({
        resource: { projectName: resourceKey.projectName, resourceName: resourceKey.resourceName },
        writePlan: writePlan ? writePlanMembers(writePlan, of) : null,
        readPlan: readPlan ? readPlanMembers(readPlan, of) : null,
        queryCapability: queryCapabilities.get(label) ?? null,
        descriptorQueryCapability: descriptorQueryCapabilities.get(label) ?? null,
      });
    }),
  });
}
