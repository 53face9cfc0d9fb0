import { resourceLabel } from '@dms/api-schema';
import { qualified, type ResourceModel, type Table } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { bulkInsertBatching } from '../batching.ts';
import type { ResourceWritePlan, TableWritePlan } from '../plan.ts';
import { type PlanDialect, planDialects } from '../plan-dialect.ts';
import { checkStorageKind } from '../plan-failure.ts';
import { indexTable } from '../plan-table.ts';
import { bindColumns, indexSources, type WriteSources } from './column-bindings.ts';
import { keyUnificationPlans } from './key-unification-plan.ts';
import { deleteByParentSql, insertSql, updateSql } from './write-sql.ts';

function compileTable(label: string, dialect: PlanDialect, tableModel: Table, sources: WriteSources): TableWritePlan {
  const table = indexTable(tableModel);
  const columnBindings = bindColumns(table, sources);
  const where = `${label}: table ${qualified(tableModel.table)}: `;
  return {
    tableModel,
    keyUnificationPlans: keyUnificationPlans(table, columnBindings),
    insertSql: insertSql(dialect, tableModel, columnBindings),
    updateSql: updateSql(dialect, tableModel, columnBindings),
    deleteByParentSql: deleteByParentSql(dialect, tableModel, columnBindings),
    bulkInsertBatching: bulkInsertBatching(dialect.name, columnBindings.length, where),
    columnBindings,
  };
}

/**
 * Compiles the write plan of a relational resource of a sound model (design 08 §6). Throws `PLAN_STORAGE_UNSUPPORTED`,
 * `PLAN_BATCH_TOO_WIDE`; no partial plan.
 */
export function compileWritePlan(dialect: SqlDialect, model: ResourceModel): ResourceWritePlan {
  checkStorageKind(model, 'write');
  const label = resourceLabel(model.resourceKey);
  const sources = indexSources(model);
  return {
    model,
    tablePlansInDependencyOrder: model.tablesInDependencyOrder.map((table) =>
      compileTable(label, planDialects[dialect], table, sources),
    ),
  };
}
