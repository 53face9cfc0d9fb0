import { defaultMappingVersion, type MappingVersion, resourceLabel } from '@dms/api-schema';
import { qualified, type ResourceModel, type Table } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { bulkInsertBatching } from '../batching.ts';
import { generations } from '../generations.ts';
import type { ResourceWritePlan, TableWritePlan } from '../plan.ts';
import { type PlanDialect, planDialects } from '../plan-dialect.ts';
import { checkStorageKind } from '../plan-failure.ts';
import { indexTable } from '../plan-table.ts';
import { bindColumns, indexSources, type WriteSources } from './column-bindings.ts';
import { keyUnificationPlans } from './key-unification-plan.ts';
import type { WriteRules } from './write-rules.ts';
import { bindingIndexes, insertSql, rowDeleteSql, updateSql } from './write-sql.ts';

function compileTable(
  resource: ResourceModel,
  dialect: PlanDialect,
  tableModel: Table,
  sources: WriteSources,
  rules: WriteRules,
): TableWritePlan {
  const table = indexTable(tableModel);
  const columnBindings = bindColumns(table, sources, rules);
  const where = `${resourceLabel(resource.resourceKey)}: table ${qualified(tableModel.table)}: `;
  const parent = rules.deleteByParentColumns(tableModel);
  return {
    tableModel,
    keyUnificationPlans: keyUnificationPlans(table, columnBindings, sources),
    insertSql: insertSql(dialect, tableModel, columnBindings),
    updateSql: updateSql(dialect, tableModel, columnBindings),
    deleteByParentSql:
      parent &&
      rowDeleteSql(dialect, tableModel, columnBindings, { where: bindingIndexes(tableModel, columnBindings, parent) }),
    ...rules.collectionPlans(dialect, resource, tableModel, columnBindings),
    bulkInsertBatching: bulkInsertBatching(dialect.name, columnBindings.length, where),
    columnBindings,
  };
}

/**
 * Compiles the write plan of a relational resource of a valid model (design 08 §6, 17 §3). Throws `PLAN_STORAGE_UNSUPPORTED`,
 * `PLAN_BATCH_TOO_WIDE`, `PLAN_MERGE_BINDING_MISSING`; never returns a partial plan.
 */
export function compileWritePlan(
  dialect: SqlDialect,
  model: ResourceModel,
  version: MappingVersion = defaultMappingVersion,
): ResourceWritePlan {
  checkStorageKind(model, 'write');
  const { write: rules } = generations[version];
  const sources = indexSources(model, rules);
  return {
    model,
    tablePlansInDependencyOrder: model.tablesInDependencyOrder.map((table) =>
      compileTable(model, planDialects[dialect], table, sources, rules),
    ),
  };
}
