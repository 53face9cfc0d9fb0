import { type Column, type DescriptorEdgeSource, mustExist, type ResourceModel } from '@dms/model';
import type { WriteRules } from '../generation.ts';
import { parameterNames } from '../parameter-names.ts';
import type { ReferenceSource, WriteColumnBinding, WriteValueSource } from '../plan.ts';
import { type PlanTable, relativeToScope, sourceKey } from '../plan-table.ts';

/** The sources of references and descriptors of a resource, by `schema.table.column`. */
export interface WriteSources {
  readonly bindingIndexes: ReadonlyMap<string, number>;
  /** The columns that take a part of a reference from that reference. */
  readonly referenceParts: ReadonlyMap<string, ReferenceSource>;
  readonly descriptorEdges: ReadonlyMap<string, DescriptorEdgeSource>;
}

export function indexSources(resource: ResourceModel, rules: WriteRules): WriteSources {
  const { documentReferenceBindings, descriptorEdgeSources } = resource;
  return {
    bindingIndexes: new Map(
      documentReferenceBindings.map(({ table, fkColumn }, index) => [sourceKey(table, fkColumn), index]),
    ),
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

/** The first matching row of the table in design 08 §6.3 (17 §3.3). */
function valueSource(
  { model }: PlanTable,
  column: Column,
  required: ReadonlySet<string>,
  sources: WriteSources,
  rules: WriteRules,
): WriteValueSource {
  const structural = rules.structuralSource(model, column);
  if (structural) return structural;
  const place = sourceKey(model.table, column.name);
  const referenceSource = sources.referenceParts.get(place);
  if (referenceSource) return { kind: 'reference_derived', referenceSource };
  switch (column.kind) {
    case 'Ordinal':
      return { kind: 'ordinal' };
    case 'DocumentFk':
      return {
        kind: 'document_reference',
        bindingIndex: mustExist(sources.bindingIndexes.get(place), `a reference that feeds ${place}`),
      };
    case 'DescriptorFk':
      if (column.sourcePath) {
        const edge = mustExist(sources.descriptorEdges.get(place), `a descriptor that feeds ${place}`);
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
    // a value that nothing computes would silently be written as null
    if (!required.has(column.name))
      throw new Error(`${place} has neither a path nor a producer, which no valid model has`);
    return { kind: 'precomputed' };
  }
  return {
    kind: 'scalar',
    relativePath: relativeToScope(model, column.sourcePath),
    scalarType: mustExist(column.scalarType, `the type of ${place}`),
  };
}

/**
 * The bound columns of a table in physical order, with their sources and parameter names (design 08 §6.2, §6.3, §5).
 */
export function bindColumns(table: PlanTable, sources: WriteSources, rules: WriteRules): WriteColumnBinding[] {
  const required = requiredColumns(table);
  const structural = new Set(rules.structuralColumns(table.model));
  const bound = table.model.columns.filter(
    ({ name, storage, isWritable }) =>
      storage.kind === 'Stored' && (isWritable || structural.has(name) || required.has(name)),
  );
  const names = parameterNames(bound.map(({ name }) => name));
  return bound.map((column, index) => ({
    column,
    source: valueSource(table, column, required, sources, rules),
    parameterName: mustExist(names[index], `the parameter of ${column.name}`),
  }));
}
