import { resourceLabel } from '@dms/api-schema';
import { listText } from '@dms/canonical-json';
import type { MappingSet } from './mapping-set.ts';
import { resourcesInOrder } from './mapping-set-manifest.ts';
import type { ResourceReadPlan, ResourceWritePlan } from './plan.ts';

function writePlanFile({ tablePlansInDependencyOrder }: ResourceWritePlan) {
  return {
    tablePlansInDependencyOrder: tablePlansInDependencyOrder.map(({ tableModel, columnBindings, ...plan }) => ({
      table: tableModel.table,
      insertSql: plan.insertSql,
      updateSql: plan.updateSql,
      deleteByParentSql: plan.deleteByParentSql,
      bulkInsertBatching: plan.bulkInsertBatching,
      columnBindings: columnBindings.map(({ column, source, parameterName }) => ({
        column: column.name,
        source,
        parameterName,
      })),
      keyUnificationPlans: plan.keyUnificationPlans,
    })),
  };
}

function readPlanFile({ model: _, tablePlansInDependencyOrder, ...plan }: ResourceReadPlan) {
  return {
    keysetTable: plan.keysetTable,
    tablePlansInDependencyOrder: tablePlansInDependencyOrder.map(({ tableModel, selectByKeysetSql }) => ({
      table: tableModel.table,
      selectByKeysetSql,
    })),
    referenceIdentityProjectionPlansInDependencyOrder: plan.referenceIdentityProjectionPlansInDependencyOrder,
    descriptorProjectionPlansInOrder: plan.descriptorProjectionPlansInOrder,
  };
}

/** The text of `plans.<dialect>.json`: plans with their full SQL; model objects are written as their names (design 08 §11.5). */
export function plansText({ key, model, writePlansByResource, readPlansByResource }: MappingSet): string {
  return listText({
    plansFormat: 1,
    mappingSetKey: key,
    resources: resourcesInOrder(model.resources).map(({ resourceKey }) => {
      const label = resourceLabel(resourceKey);
      const [writePlan, readPlan] = [writePlansByResource.get(label), readPlansByResource.get(label)];
      return {
        resource: { projectName: resourceKey.projectName, resourceName: resourceKey.resourceName },
        writePlan: writePlan ? writePlanFile(writePlan) : null,
        readPlan: readPlan ? readPlanFile(readPlan) : null,
      };
    }),
  });
}
