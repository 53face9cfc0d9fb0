import { resourceLabel } from '@dms/api-schema';
import { constraintColumns } from '../constraint-columns.ts';
import { qualified } from '../full-names.ts';
import type { DbTableName, RelationalModelSet } from '../model.ts';
import { InspectedModel } from './inspected-model.ts';

/** Names that a model mentions although no such table or column exists (design 03 §13, invariant 13). */
export function danglingNames(model: RelationalModelSet): string[] {
  return danglingNamesOf(new InspectedModel(model));
}

export function danglingNamesOf(inspected: InspectedModel): string[] {
  const found: string[] = [];
  const { model } = inspected;
  const missing = (place: string, what: string, { schema, name }: DbTableName, column?: string) =>
    found.push(
      column === undefined
        ? `${place} ${what}: no table ${schema}.${name}`
        : `${place} ${what}: no column ${schema}.${name}.${column}`,
    );
  const column = (place: string, what: string, table: DbTableName, name: string) => {
    const owner = inspected.tableNamed(table);
    if (!owner) missing(place, what, table);
    else if (!inspected.columnOf(owner, name)) missing(place, what, table, name);
  };
  for (const table of inspected.allTables()) {
    const own = (what: string, names: readonly string[]) => {
      for (const name of names) if (!inspected.columnOf(table, name)) missing(qualified(table.table), what, table.table, name);
    };
    own(
      'key',
      table.key.columns.map(({ name }) => name),
    );
    const { rowIdentity, rootLocator, parentLocator, semanticIdentity } = table.identity;
    own('identity', [...rowIdentity, ...rootLocator, ...parentLocator, ...semanticIdentity.map((part) => part.column)]);
    for (const { storage } of table.columns) {
      if (storage.kind === 'Stored') continue;
      own('alias', [storage.canonicalColumn, ...(storage.presenceColumn === null ? [] : [storage.presenceColumn])]);
    }
    for (const { canonicalColumn, memberPathColumns } of table.keyUnificationClasses)
      own('class', [canonicalColumn, ...memberPathColumns]);
    for (const constraint of table.constraints) {
      own(constraint.name, constraintColumns(constraint));
      if (constraint.kind !== 'ForeignKey' || constraint.targetTable.schema === 'dms') continue;
      for (const name of constraint.targetColumns) column(constraint.name, 'target', constraint.targetTable, name);
    }
  }
  for (const resource of model.resources) {
    const label = resourceLabel(resource.resourceKey);
    const [root] = resource.tablesInDependencyOrder;
    if (root) for (const name of resource.naturalKey.columns) column(label, 'natural key', root.table, name);
    if (root) for (const element of resource.identityElements) column(label, 'identity', root.table, element.column);
    for (const binding of resource.documentReferenceBindings) {
      column(label, 'binding', binding.table, binding.fkColumn);
      for (const identity of binding.identityBindings) column(label, 'binding', binding.table, identity.column);
    }
    for (const edge of resource.descriptorEdgeSources) column(label, 'edge', edge.table, edge.fkColumn);
    for (const entry of resource.descriptorFkDeduplications)
      for (const name of [entry.storageColumn, ...entry.bindingColumns]) column(label, 'deduplication', entry.table, name);
    const { applied, redundant, ignored } = resource.keyUnificationDiagnostics;
    for (const entry of applied)
      for (const name of [entry.endpointAColumn, entry.endpointBColumn, entry.canonicalColumn])
        column(label, 'applied', entry.table, name);
    for (const { binding } of redundant) column(label, 'redundant', binding.table, binding.column);
    for (const { endpointABinding, endpointBBinding } of ignored)
      for (const binding of [endpointABinding, endpointBBinding]) column(label, 'ignored', binding.table, binding.column);
  }
  for (const { unionArms } of model.abstractUnionViews) {
    for (const { fromTable, projections } of unionArms)
      for (const projection of projections)
        if (projection.kind === 'SourceColumn') column('union', 'arm', fromTable, projection.column);
  }
  for (const { targetTable, receiverTable, receiverFkColumn, columnMappings } of model.propagationFallbacks) {
    column('fallback', 'receiver', receiverTable, receiverFkColumn);
    for (const { sourceColumn, targetColumn } of columnMappings) {
      column('fallback', 'source', targetTable, sourceColumn);
      column('fallback', 'target', receiverTable, targetColumn);
    }
  }
  return found;
}
