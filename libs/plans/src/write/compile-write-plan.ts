import { resourceLabel } from '@dms/api-schema';
import type { ResourceModel, Table } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { bulkInsertBatching } from '../batching.ts';
import type { ResourceWritePlan, TableWritePlan } from '../plan.ts';
import { type PlanDialect, planDialects } from '../plan-dialect.ts';
import { failPlan, type PlanSubject, tableText } from '../plan-failure.ts';
import { checkKeyShape, checkRootTable, indexTable } from '../plan-table.ts';
import { bindColumns, indexSources, planSubject, type WriteSources } from './column-bindings.ts';
import { keyUnificationPlans } from './key-unification-plan.ts';
import { deleteByParentSql, insertSql, updateSql } from './write-sql.ts';

function compileTable(subject: PlanSubject, dialect: PlanDialect, tableModel: Table, sources: WriteSources): TableWritePlan {
  const table = indexTable(subject, tableModel);
  checkKeyShape(subject, table);
  const columnBindings = bindColumns(subject, table, sources);
  const where = `${resourceLabel(subject.resource)}: table ${tableText(tableModel.table)}: `;
  return {
    tableModel,
    keyUnificationPlans: keyUnificationPlans(subject, table, columnBindings),
    insertSql: insertSql(dialect, tableModel, columnBindings),
    updateSql: updateSql(subject, dialect, tableModel, columnBindings),
    deleteByParentSql: deleteByParentSql(subject, dialect, tableModel, columnBindings),
    bulkInsertBatching: bulkInsertBatching(dialect.name, columnBindings.length, where),
    columnBindings,
  };
}

/** Compiles the write plan of a relational resource (design 08 §6). Throws the `PLAN_*` codes; no partial plan. */
export function compileWritePlan(dialect: SqlDialect, model: ResourceModel): ResourceWritePlan {
  const subject = planSubject(model, 'write');
  if (model.storageKind !== 'RelationalTables') {
    failPlan('PLAN_STORAGE_UNSUPPORTED', subject, `its storage is ${model.storageKind}`, { storageKind: model.storageKind });
  }
  checkRootTable(subject, model);
  const sources = indexSources(subject, model);
  return {
    model,
    tablePlansInDependencyOrder: model.tablesInDependencyOrder.map((table) =>
      compileTable(subject, planDialects[dialect], table, sources),
    ),
  };
}
