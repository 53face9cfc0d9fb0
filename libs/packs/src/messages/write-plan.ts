import type {
  CollectionKeyPreallocationPlan,
  CollectionMergePlan,
  ResourceWritePlan,
  TableWritePlan,
  WriteColumnBinding,
} from '@dms/plans';
import type { LoadedModel } from '../checking/check-model.ts';
import { existingColumn, type LoadedTable } from '../checking/loaded-table.ts';
import { type PackPlace, required } from '../refusal.ts';
import type * as format from '../wire/pack-format.ts';
import { columnNameMessage, tableNameMessage } from './names.ts';
import type { PathReader } from './path-reader.ts';
import { optionalStatement, perTable, statementOf } from './statements.ts';
import { unificationPlanMessage } from './unification-plan.ts';
import { relativePath, valueSourceMessage } from './value-source.ts';

/* The write plan of a resource (design 08 §12.3, 17 §6). */

const mergePlanMessage = {
  write: (plan: CollectionMergePlan): format.CollectionMergePlan => ({
    semanticIdentityBindings: plan.semanticIdentityBindings.map((binding) => ({
      relativePath: binding.relativePath.canonical,
      bindingIndex: binding.bindingIndex,
    })),
    stableRowIdentityBindingIndex: plan.stableRowIdentityBindingIndex,
    updateByStableRowIdentitySql: plan.updateByStableRowIdentitySql,
    deleteByStableRowIdentitySql: plan.deleteByStableRowIdentitySql,
    ordinalBindingIndex: plan.ordinalBindingIndex,
    compareBindingIndexesInOrder: plan.compareBindingIndexesInOrder,
  }),
  read(message: format.CollectionMergePlan, at: PackPlace, pathOf: PathReader): CollectionMergePlan {
    const updateSql = statementOf(message.updateByStableRowIdentitySql, at, 'update_by_stable_row_identity_sql');
    const deleteSql = statementOf(message.deleteByStableRowIdentitySql, at, 'delete_by_stable_row_identity_sql');
    return {
      semanticIdentityBindings: message.semanticIdentityBindings.map((binding) => ({
        relativePath: relativePath(binding.relativePath, at, pathOf),
        bindingIndex: binding.bindingIndex,
      })),
      stableRowIdentityBindingIndex: message.stableRowIdentityBindingIndex,
      ordinalBindingIndex: message.ordinalBindingIndex,
      updateByStableRowIdentitySql: updateSql,
      deleteByStableRowIdentitySql: deleteSql,
      compareBindingIndexesInOrder: message.compareBindingIndexesInOrder,
    };
  },
} as const;

const preallocationMessage = {
  write: ({ column, bindingIndex }: CollectionKeyPreallocationPlan): format.CollectionKeyPreallocationPlan => ({
    columnName: columnNameMessage.write(column),
    bindingIndex,
  }),
  read: (
    { columnName, bindingIndex }: format.CollectionKeyPreallocationPlan,
    at: PackPlace,
  ): CollectionKeyPreallocationPlan => ({
    column: columnNameMessage.read(columnName, at, 'collection_key_preallocation_plan.column_name'),
    bindingIndex,
  }),
} as const;

const bindingMessage = {
  write: ({ column, source, parameterName }: WriteColumnBinding): format.WriteColumnBinding => ({
    column: columnNameMessage.write(column.name),
    source: valueSourceMessage.write(source),
    parameterName,
  }),
  read(message: format.WriteColumnBinding, table: LoadedTable, pathOf: PathReader): WriteColumnBinding {
    const { at } = table;
    const name = columnNameMessage.read(message.column, at, 'column_bindings.column');
    return {
      column: existingColumn(table, name, 'column_bindings.column'),
      source: valueSourceMessage.read(required(message.source, at, 'column_bindings.source'), at, pathOf),
      parameterName: message.parameterName,
    };
  },
} as const;

const tableWritePlanMessage = {
  write: (plan: TableWritePlan): format.TableWritePlan => ({
    table: tableNameMessage.write(plan.tableModel.table),
    insertSql: plan.insertSql,
    updateSql: optionalStatement.write(plan.updateSql),
    deleteByParentSql: optionalStatement.write(plan.deleteByParentSql),
    bulkInsertBatching: plan.bulkInsertBatching,
    collectionMergePlan: plan.collectionMergePlan && mergePlanMessage.write(plan.collectionMergePlan),
    columnBindings: plan.columnBindings.map(bindingMessage.write),
    collectionKeyPreallocationPlan:
      plan.collectionKeyPreallocationPlan && preallocationMessage.write(plan.collectionKeyPreallocationPlan),
    keyUnificationPlans: plan.keyUnificationPlans.map((each) => unificationPlanMessage.write(each, plan.tableModel)),
  }),
  read(message: format.TableWritePlan, table: LoadedTable, pathOf: PathReader): TableWritePlan {
    const { at } = table;
    const batching = required(message.bulkInsertBatching, at, 'bulk_insert_batching');
    const { maxRowsPerBatch, parametersPerRow, maxParametersPerCommand } = batching;
    const { collectionMergePlan: merge, collectionKeyPreallocationPlan: preallocation } = message;
    return {
      tableModel: table.model,
      keyUnificationPlans: message.keyUnificationPlans.map((each) => unificationPlanMessage.read(each, at, pathOf)),
      insertSql: statementOf(message.insertSql, at, 'insert_sql'),
      updateSql: optionalStatement.read(message.updateSql),
      deleteByParentSql: optionalStatement.read(message.deleteByParentSql),
      collectionMergePlan: merge && mergePlanMessage.read(merge, at, pathOf),
      collectionKeyPreallocationPlan: preallocation && preallocationMessage.read(preallocation, at),
      bulkInsertBatching: { maxRowsPerBatch, parametersPerRow, maxParametersPerCommand },
      columnBindings: message.columnBindings.map((each) => bindingMessage.read(each, table, pathOf)),
    };
  },
} as const;

export const writePlanMessage = {
  write: (plan: ResourceWritePlan): format.ResourceWritePlan => ({
    tablePlans: plan.tablePlansInDependencyOrder.map(tableWritePlanMessage.write),
  }),
  read(message: format.ResourceWritePlan, loaded: LoadedModel, pathOf: PathReader): ResourceWritePlan {
    const tablePlans = perTable(loaded, message.tablePlans, 'write_plan.table_plans', (plan, table) =>
      tableWritePlanMessage.read(plan, table, pathOf),
    );
    return { model: loaded.model, tablePlansInDependencyOrder: tablePlans };
  },
} as const;
