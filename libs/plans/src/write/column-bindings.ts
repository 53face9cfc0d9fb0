import { compareBy } from '@dms/canonical-json';
import type { Column, DbTableName, DescriptorEdgeSource, ResourceModel } from '@dms/model';
import { parameterNames } from '../parameter-names.ts';
import type { WriteColumnBinding, WriteValueSource } from '../plan.ts';
import { failPlan, failTable, type PlanSubject, tableText } from '../plan-failure.ts';
import { type PlanTable, sourceKey } from '../plan-table.ts';
import { relativeToScope } from '../relative-path.ts';

/** Where references and descriptors of a resource come from, by `schema.table.column`. */
export interface WriteSources {
  readonly bindingIndexes: ReadonlyMap<string, number>;
  readonly descriptorEdges: ReadonlyMap<string, DescriptorEdgeSource>;
}

interface SourceColumn {
  readonly table: DbTableName;
  readonly fkColumn: string;
}

function checkUnique(subject: PlanSubject, inventory: string, sources: readonly SourceColumn[]): void {
  const columns = new Map<string, { readonly table: string; readonly column: string; count: number }>();
  for (const { table, fkColumn } of sources) {
    const known = columns.get(sourceKey(table, fkColumn));
    if (known) known.count += 1;
    else columns.set(sourceKey(table, fkColumn), { table: tableText(table), column: fkColumn, count: 1 });
  }
  const duplicates = [...columns.values()]
    .filter(({ count }) => count > 1)
    .sort(
      compareBy(
        ({ table }) => table,
        ({ column }) => column,
      ),
    )
    .map(({ table, column, count }) => `${table}.${column} (count: ${count})`);
  if (duplicates.length === 0) return;
  failPlan('PLAN_DUPLICATE_SOURCE', subject, `${inventory} are listed twice: ${duplicates.join(', ')}`, {
    inventory,
    duplicates,
  });
}

/** Indexes the sources of a resource; `PLAN_DUPLICATE_SOURCE` when two feed one column. */
export function indexSources(subject: PlanSubject, model: ResourceModel): WriteSources {
  const bindings = model.documentReferenceBindings.map(({ table, fkColumn }) => sourceKey(table, fkColumn));
  const edges = model.descriptorEdgeSources.map(({ table, fkColumn }) => sourceKey(table, fkColumn));
  checkUnique(subject, 'document reference bindings', model.documentReferenceBindings);
  checkUnique(subject, 'descriptor edge sources', model.descriptorEdgeSources);
  return {
    bindingIndexes: new Map(bindings.map((key, index) => [key, index])),
    descriptorEdges: new Map(model.descriptorEdgeSources.map((edge, index) => [edges[index] ?? '', edge])),
  };
}

/** A flag made for an optional member: recognised by its shape, because names may be shortened (design 08 §6.2). */
export function isSyntheticPresence(column: Column): boolean {
  return column.kind === 'Scalar' && column.isNullable && column.scalarType?.kind === 'Boolean' && column.sourcePath === null;
}

/** Columns that key unification computes: canonical columns and synthetic flags. */
function requiredColumns({ model, columns }: PlanTable): Set<string> {
  const required = new Set<string>();
  for (const { canonicalColumn, memberPathColumns } of model.keyUnificationClasses) {
    required.add(canonicalColumn);
    for (const member of memberPathColumns) {
      const storage = columns.get(member)?.storage;
      const presence =
        storage?.kind === 'UnifiedAlias' && storage.presenceColumn !== null ? columns.get(storage.presenceColumn) : undefined;
      if (presence && isSyntheticPresence(presence)) required.add(presence.name);
    }
  }
  return required;
}

function descriptorSource(subject: PlanSubject, { model }: PlanTable, column: Column, sources: WriteSources): WriteValueSource {
  const edge = sources.descriptorEdges.get(sourceKey(model.table, column.name));
  if (!edge) {
    const text = `no descriptor edge feeds the column ${column.name}`;
    return failTable('PLAN_DESCRIPTOR_SOURCE_MISSING', subject, model, text, { column: column.name });
  }
  const [found, expected] = [column.sourcePath?.canonical ?? '', edge.descriptorValuePath.canonical];
  if (found !== expected) {
    const text = `the column ${column.name} has the path ${found}, its descriptor edge ${expected}`;
    failTable('PLAN_DESCRIPTOR_SOURCE_MISMATCH', subject, model, text, { column: column.name, paths: [found, expected] });
  }
  return {
    kind: 'descriptor_reference',
    descriptorResource: edge.descriptorResource,
    relativePath: relativeToScope(subject, model, edge.descriptorValuePath),
    descriptorValuePath: edge.descriptorValuePath,
  };
}

/** The first row of design 08 §6.3 that matches. */
function valueSource(
  subject: PlanSubject,
  table: PlanTable,
  column: Column,
  required: ReadonlySet<string>,
  sources: WriteSources,
): WriteValueSource {
  const { model } = table;
  const parentKeyParts = model.key.columns.filter(({ kind }) => kind === 'ParentKeyPart').map(({ name }) => name);
  const details = { column: column.name, kind: column.kind };
  switch (column.kind) {
    case 'ParentKeyPart': {
      const index = parentKeyParts.indexOf(column.name);
      if (index < 0)
        failTable('PLAN_PARENT_KEY_PART', subject, model, `the parent key part ${column.name} is not in the key`, details);
      return column.name === 'DocumentId' ? { kind: 'document_id' } : { kind: 'parent_key_part', index };
    }
    case 'Ordinal':
      return { kind: 'ordinal' };
    case 'DocumentFk': {
      const bindingIndex = sources.bindingIndexes.get(sourceKey(model.table, column.name));
      if (bindingIndex !== undefined) return { kind: 'document_reference', bindingIndex };
      return failTable(
        'PLAN_REFERENCE_SOURCE_MISSING',
        subject,
        model,
        `no reference binding feeds the column ${column.name}`,
        details,
      );
    }
    case 'DescriptorFk':
      if (column.sourcePath) return descriptorSource(subject, table, column, sources);
      break;
    case 'Scalar':
      break;
  }
  if (!column.sourcePath) {
    if (required.has(column.name)) return { kind: 'precomputed' };
    const text = `the ${column.kind} column ${column.name} has no path; make it non-writable or give it a producer`;
    return failTable('PLAN_NULL_SOURCE', subject, model, text, details);
  }
  if (!column.scalarType)
    return failTable('PLAN_SCALAR_TYPE_MISSING', subject, model, `the column ${column.name} has no scalar type`, details);
  return { kind: 'scalar', relativePath: relativeToScope(subject, model, column.sourcePath), scalarType: column.scalarType };
}

/** The bound columns of a table in physical order, with sources and parameter names (design 08 §6.2, §6.3, §5). */
export function bindColumns(subject: PlanSubject, table: PlanTable, sources: WriteSources): WriteColumnBinding[] {
  const required = requiredColumns(table);
  const keyNames = new Set(table.model.key.columns.map(({ name }) => name));
  const bound = table.model.columns.filter(
    ({ name, storage, isWritable }) => storage.kind === 'Stored' && (isWritable || keyNames.has(name) || required.has(name)),
  );
  if (bound.length === 0) failTable('PLAN_NO_STORED_COLUMNS', subject, table.model, 'it has no column to bind');
  const names = parameterNames(bound.map(({ name }) => name));
  return bound.map((column, index) => ({
    column,
    source: valueSource(subject, table, column, required, sources),
    parameterName: names[index] ?? '',
  }));
}

/** How a resource is called in messages of its plans. */
export function planSubject(model: ResourceModel, operation: PlanSubject['operation']): PlanSubject {
  return { resource: model.resourceKey, operation };
}
