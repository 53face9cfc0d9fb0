import { defaultMappingVersion, type MappingVersion, resourceLabel } from '@dms/api-schema';
import { fail } from '@dms/diagnostics';
import {
  type Column,
  type DescriptorEdgeSource,
  mustExist,
  qualified,
  type ResourceModel,
  type Table,
} from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import type { WriteRules } from '../generation.ts';
import { generations } from '../generations.ts';
import { parameterNames } from '../parameter-names.ts';
import type {
  BulkInsertBatching,
  KeyUnificationMember,
  KeyUnificationWritePlan,
  ReferenceSource,
  ResourceWritePlan,
  TableWritePlan,
  WriteColumnBinding,
  WriteValueSource,
} from '../plan.ts';
import { type PlanDialect, planDialects, planText } from '../plan-dialect.ts';
import { checkStorageKind, columnOf, indexTable, type PlanTable, relativeToScope, sourceKey } from '../plan-table.ts';
import { bindingIndexes, insertSql, rowDeleteSql, updateSql } from './write-sql.ts';

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
  const sources = indexSources(model, generations[version].write);
  return {
    model,
    tablePlansInDependencyOrder: model.tablesInDependencyOrder.map((table) =>
      compileTable(model, planDialects[dialect], table, sources),
    ),
  };
}

function compileTable(
  resource: ResourceModel,
  dialect: PlanDialect,
  tableModel: Table,
  sources: WriteSources,
): TableWritePlan {
  const { rules } = sources;
  const table = indexTable(tableModel);
  const columnBindings = bindColumns(table, sources);
  const where = `${resourceLabel(resource.resourceKey)}: table ${qualified(tableModel.table)}: `;
  const parent = rules.deleteByParentColumns(tableModel);
  const update = updateSql(dialect, tableModel, columnBindings);
  return {
    tableModel,
    keyUnificationPlans: keyUnificationPlans(table, columnBindings, sources),
    insertSql: planText(insertSql(dialect, tableModel, columnBindings)),
    updateSql: update && planText(update),
    deleteByParentSql:
      parent &&
      planText(
        rowDeleteSql(dialect, tableModel, columnBindings, {
          where: bindingIndexes(tableModel, columnBindings, parent),
        }),
      ),
    ...rules.collectionPlans(dialect, resource, tableModel, columnBindings),
    bulkInsertBatching: bulkInsertBatching(dialect.name, columnBindings.length, where),
    columnBindings,
  };
}

type Presence = Pick<KeyUnificationMember, 'presenceColumn' | 'presenceBindingIndex' | 'presenceIsSynthetic'>;

/** One plan per key-unification class of the table, in its order (design 08 §6.9, 17 §3.7). */
function keyUnificationPlans(
  table: PlanTable,
  bindings: readonly WriteColumnBinding[],
  { referenceParts }: Pick<WriteSources, 'referenceParts'>,
): KeyUnificationWritePlan[] {
  const indexes = new Map(bindings.map(({ column }, index) => [column.name, index]));
  const columnKey = (name: string) => sourceKey(table.model.table, name);
  const bindingIndex = (name: string) => mustExist(indexes.get(name), `the binding of ${columnKey(name)}`);

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
      relativePath: relativeToScope(table.model, mustExist(sourcePath, `the path of ${columnKey(name)}`)),
      ...presence(storage.kind === 'UnifiedAlias' ? storage.presenceColumn : null),
    };
    const referenceSource = referenceParts.get(columnKey(name));
    if (referenceSource) return { kind: 'reference_derived', ...common, referenceSource };
    return kind === 'DescriptorFk'
      ? {
          kind: 'descriptor',
          ...common,
          descriptorResource: mustExist(targetResource, `the descriptor of ${columnKey(name)}`),
        }
      : { kind: 'scalar', ...common, scalarType: mustExist(scalarType, `the type of ${columnKey(name)}`) };
  };

  return table.model.keyUnificationClasses.map(({ canonicalColumn, memberPathColumns }) => ({
    canonicalColumn,
    canonicalBindingIndex: bindingIndex(canonicalColumn),
    membersInOrder: memberPathColumns.map(member),
  }));
}

/** The maximum number of rows in one insert, in both dialects (design 08 §6.8). */
const rowCap = 1000;

/** The number of rows that fit in one command. Throws `PLAN_BATCH_WIDTH`, `PLAN_BATCH_TOO_WIDE`. */
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

/** The sources of the values of a resource: the rules of its generation, and maps by `schema.table.column`. */
interface WriteSources {
  readonly rules: WriteRules;
  readonly bindingIndexes: ReadonlyMap<string, number>;
  /** The columns that get a part of a reference from that reference. */
  readonly referenceParts: ReadonlyMap<string, ReferenceSource>;
  readonly descriptorEdges: ReadonlyMap<string, DescriptorEdgeSource>;
}

export function indexSources(resource: ResourceModel, rules: WriteRules): WriteSources {
  const { documentReferenceBindings, descriptorEdgeSources } = resource;
  return {
    bindingIndexes: new Map(
      documentReferenceBindings.map(({ table, fkColumn }, index) => [sourceKey(table, fkColumn), index]),
    ),
    rules,
    referenceParts: rules.referenceSources(resource),
    descriptorEdges: new Map(descriptorEdgeSources.map((edge) => [sourceKey(edge.table, edge.fkColumn), edge])),
  };
}

/**
 * A synthetic flag for an optional member, recognised by its shape, because names may be shortened (design 08 §6.2).
 */
export function isSyntheticPresence(column: Column): boolean {
  return (
    column.kind === 'Scalar' && column.isNullable && column.scalarType?.kind === 'Boolean' && column.sourcePath === null
  );
}

/**
 * The bound columns of a table in physical order, with their sources and parameter names (design 08 §6.2, §6.3, §5).
 */
export function bindColumns(table: PlanTable, sources: WriteSources): WriteColumnBinding[] {
  const required = requiredColumns(table);
  const structural = new Set(sources.rules.structuralColumns(table.model));
  const bound = table.model.columns.filter(
    ({ name, storage, isWritable }) =>
      storage.kind === 'Stored' && (isWritable || structural.has(name) || required.has(name)),
  );
  const names = parameterNames(bound.map(({ name }) => name));
  return bound.map((column, index) => ({
    column,
    source: valueSource(table, column, required, sources),
    parameterName: mustExist(names[index], `the parameter of ${column.name}`),
  }));
}

/** Columns that key unification computes: canonical columns and synthetic flags. */
function requiredColumns({ model, columns }: PlanTable): Set<string> {
  const required = new Set<string>();
  for (const { canonicalColumn, memberPathColumns } of model.keyUnificationClasses) {
    required.add(canonicalColumn);
    for (const member of memberPathColumns) {
      const storage = columns.get(member)?.storage;
      const presence =
        storage?.kind === 'UnifiedAlias' && storage.presenceColumn !== null
          ? columns.get(storage.presenceColumn)
          : undefined;
      if (presence && isSyntheticPresence(presence)) required.add(presence.name);
    }
  }
  return required;
}

/** The source by the first matching row of the table in design 08 §6.3 (17 §3.3). */
function valueSource(
  { model }: PlanTable,
  column: Column,
  required: ReadonlySet<string>,
  sources: WriteSources,
): WriteValueSource {
  const structural = sources.rules.structuralSource(model, column);
  if (structural) return structural;
  const columnKey = sourceKey(model.table, column.name);
  const referenceSource = sources.referenceParts.get(columnKey);
  if (referenceSource) return { kind: 'reference_derived', referenceSource };
  switch (column.kind) {
    case 'Ordinal':
      return { kind: 'ordinal' };
    case 'DocumentFk':
      return {
        kind: 'document_reference',
        bindingIndex: mustExist(sources.bindingIndexes.get(columnKey), `a reference that feeds ${columnKey}`),
      };
    case 'DescriptorFk':
      if (column.sourcePath) {
        const edge = mustExist(sources.descriptorEdges.get(columnKey), `a descriptor that feeds ${columnKey}`);
        return {
          kind: 'descriptor_reference',
          descriptorResource: edge.descriptorResource,
          relativePath: relativeToScope(model, edge.descriptorValuePath),
          descriptorValuePath: edge.descriptorValuePath,
        };
      }
      break;
    case 'Scalar':
      break;
  }
  if (!column.sourcePath) {
    // a value without a source would silently be written as null
    if (!required.has(column.name))
      throw new Error(`${columnKey} has neither a path nor a producer, which no valid model has`);
    return { kind: 'precomputed' };
  }
  return {
    kind: 'scalar',
    relativePath: relativeToScope(model, column.sourcePath),
    scalarType: mustExist(column.scalarType, `the type of ${columnKey}`),
  };
}
