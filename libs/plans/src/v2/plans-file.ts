import type { PlansFileFormat } from '../plans-file-format.ts';

/** The plans file of the second generation (design 17 §6). */
export const plansFileV2: PlansFileFormat = {
  format: 2,
  writePlan: ({ tablePlansInDependencyOrder }) => ({
    tablePlansInDependencyOrder: tablePlansInDependencyOrder.map(({ tableModel, columnBindings, ...plan }) => ({
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
    })),
  }),
  readPlan: (plan) => ({
    keysetTable: plan.keysetTable,
    tablePlansInDependencyOrder: plan.tablePlansInDependencyOrder.map((table) => ({
      table: table.tableModel.table,
      selectByKeysetSql: table.selectByKeysetSql,
      selectBySingleDocumentSql: table.selectBySingleDocumentSql,
    })),
    referenceIdentityProjectionPlansInDependencyOrder: plan.referenceIdentityProjectionPlansInDependencyOrder,
    descriptorProjectionPlansInOrder: plan.descriptorProjectionPlansInOrder,
    documentReferenceLookup: plan.documentReferenceLookup,
  }),
  capabilities: (label, { queryCapabilities, descriptorQueryCapabilities }) => ({
    queryCapability: queryCapabilities.get(label) ?? null,
    descriptorQueryCapability: descriptorQueryCapabilities.get(label) ?? null,
  }),
};
