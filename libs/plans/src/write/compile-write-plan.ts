import { defaultMappingVersion, type MappingVersion, resourceLabel } from '@dms/api-schema';
import { fail } from '@dms/diagnostics';
import { mustExist, qualified, type ResourceModel, type Table } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import type { WriteRules } from '../generation.ts';
import { generations } from '../generations.ts';
import type {
  BulkInsertBatching,
  KeyUnificationMember,
  KeyUnificationWritePlan,
  ResourceWritePlan,
  TableWritePlan,
  WriteColumnBinding,
} from '../plan.ts';
import { type PlanDialect, planDialects } from '../plan-dialect.ts';
import { checkStorageKind } from '../plan-failure.ts';
import { columnOf, indexTable, type PlanTable, relativeToScope, sourceKey } from '../plan-table.ts';
import { bindColumns, indexSources, isSyntheticPresence, type WriteSources } from './column-bindings.ts';
import { bindingIndexes, insertSql, rowDeleteSql, updateSql } from './write-sql.ts';

type Presence = Pick<KeyUnificationMember, 'presenceColumn' | 'presenceBindingIndex' | 'presenceIsSynthetic'>;

/** One plan per key-unification class of the table, in its order (design 08 §6.9, 17 §3.7). */
function keyUnificationPlans(
  table: PlanTable,
  bindings: readonly WriteColumnBinding[],
  { referenceParts }: Pick<WriteSources, 'referenceParts'>,
): KeyUnificationWritePlan[] {
  const indexes = new Map(bindings.map(({ column }, index) => [column.name, index]));
  const place = (name: string) => sourceKey(table.model.table, name);
  const bindingIndex = (name: string) => mustExist(indexes.get(name), `the binding of ${place(name)}`);

  const presence = (name: string | null): Presence => {
    if (name === null) return { presenceColumn: null, presenceBindingIndex: null, presenceIsSynthetic: false };
    return {
      presenceColumn: name,
      presenceBindingIndex: bindingIndex(name),
      presenceIsSynthetic: isSyntheticPresence(columnOf(table, name)),
    };
  };

  const member = (name: string): KeyUnificationMember => {
    const { kind, storage, sourcePath, targetResource, scalarType } = columnOf(table, name);
    const common = {
      memberPathColumn: name,
      relativePath: relativeToScope(table.model, mustExist(sourcePath, `the path of ${place(name)}`)),
      ...presence(storage.kind === 'UnifiedAlias' ? storage.presenceColumn : null),
    };
    const referenceSource = referenceParts.get(place(name));
    if (referenceSource) return { kind: 'reference_derived', ...common, referenceSource };
    return kind === 'DescriptorFk'
      ? {
          kind: 'descriptor',
          ...common,
          descriptorResource: mustExist(targetResource, `the descriptor of ${place(name)}`),
        }
      : { kind: 'scalar', ...common, scalarType: mustExist(scalarType, `the type of ${place(name)}`) };
  };

  return table.model.keyUnificationClasses.map(({ canonicalColumn, memberPathColumns }) => ({
    canonicalColumn,
    canonicalBindingIndex: bindingIndex(canonicalColumn),
    membersInOrder: memberPathColumns.map(member),
  }));
}

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
 * Compiles the write plan of a relational resource of a valid model (design 08 §6, 17 §3). Throws
 * `PLAN_STORAGE_UNSUPPORTED`, `PLAN_BATCH_TOO_WIDE`, `PLAN_MERGE_BINDING_MISSING`; never returns a partial plan.
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

/** The most rows in one insert, in both dialects (design 08 §6.8). */
const rowCap = 1000;

/** How many rows fit in one command. Throws `PLAN_BATCH_WIDTH`, `PLAN_BATCH_TOO_WIDE`. */
export function bulkInsertBatching(dialect: SqlDialect, parametersPerRow: number, where = ''): BulkInsertBatching {
  const { maxParametersPerCommand } = planDialects[dialect];
  const details = { dialect, width: parametersPerRow, limit: maxParametersPerCommand };
  if (parametersPerRow < 1)
    fail('PLAN_BATCH_WIDTH', `${where}A row needs at least one parameter (${dialect}).`, {}, details);
  const maxRowsPerBatch = Math.min(rowCap, Math.floor(maxParametersPerCommand / parametersPerRow));
  if (maxRowsPerBatch < 1) {
    const text = `${where}A row needs ${parametersPerRow} parameters, but ${dialect} allows only ${maxParametersPerCommand} in one command.`;
    fail('PLAN_BATCH_TOO_WIDE', text, {}, details);
  }
  return { maxRowsPerBatch, parametersPerRow, maxParametersPerCommand };
}
