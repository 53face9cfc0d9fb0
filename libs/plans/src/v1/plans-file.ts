import type { PlansFileFormat } from '../plans-file-format.ts';

/** The plans file of the first generation (design 08 §11.5). */
export const plansFileV1: PlansFileFormat = {
  format: 1,
  writePlan: ({ tablePlansInDependencyOrder }) => ({
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
  }),
  readPlan: (plan) => ({
    keysetTable: plan.keysetTable,
    tablePlansInDependencyOrder: plan.tablePlansInDependencyOrder.map(({ tableModel, selectByKeysetSql }) => ({
      table: tableModel.table,
      selectByKeysetSql,
    })),
    referenceIdentityProjectionPlansInDependencyOrder: plan.referenceIdentityProjectionPlansInDependencyOrder.map(
      ({ table, bindingsInOrder }) => ({
        table,
        bindingsInOrder: bindingsInOrder.map(({ identityFieldOrdinalsInOrder, ...binding }) => ({
          ...binding,
          identityFieldOrdinalsInOrder: identityFieldOrdinalsInOrder.map(({ scalarType: _, ...field }) => field),
        })),
      }),
    ),
    descriptorProjectionPlansInOrder: plan.descriptorProjectionPlansInOrder.map(
      ({ selectBySingleDocumentSql: _, ...projection }) => projection,
    ),
  }),
  capabilities: () => ({}),
};
