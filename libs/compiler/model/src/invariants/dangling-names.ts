import { resourceLabel } from '@dms/api-schema';
import { qualified } from '../full-names.ts';
import type { DbTableName, ResourceModel, Table, UnionArm } from '../model.ts';
import { constraintColumns } from '../table-facts.ts';
import type { InspectedModel } from './inspected-model.ts';

/** Names in a model for which no table or column exists (design 03 §13, invariant 13). */
export function findDanglingNames(inspected: InspectedModel): string[] {
  const { model } = inspected;
  const checks = nameChecks(inspected);
  for (const { table } of inspected.index.allTables) checkTable(table, checks);
  for (const resource of model.resources) checkResource(resource, checks);
  for (const { unionArms } of model.abstractUnionViews) for (const arm of unionArms) checkArm(arm, checks);
  for (const { targetTable, receiverTable, receiverFkColumn, columnMappings } of model.propagationFallbacks) {
    checks.column('fallback', 'receiver', receiverTable, receiverFkColumn);
    for (const { sourceColumn, targetColumn } of columnMappings) {
      checks.column('fallback', 'source', targetTable, sourceColumn);
      checks.column('fallback', 'target', receiverTable, targetColumn);
    }
  }
  return [...checks.missing];
}

/** Checks names, and collects those that do not exist. */
interface NameChecks {
  readonly missing: readonly string[];
  /** Checks that a table exists and has the column. */
  readonly column: (place: string, what: string, table: DbTableName, name: string) => void;
  /** Checks that a table of the model has the columns. */
  readonly ownColumns: (table: Table, what: string, names: readonly string[]) => void;
}

function nameChecks(inspected: InspectedModel): NameChecks {
  const missing: string[] = [];
  const noColumn = (place: string, what: string, { schema, name }: DbTableName, column: string) =>
    missing.push(`${place} ${what}: no column ${schema}.${name}.${column}`);
  return {
    missing,
    column: (place, what, table, name) => {
      const owner = inspected.index.table(table)?.table;
      if (!owner) missing.push(`${place} ${what}: no table ${table.schema}.${table.name}`);
      else if (!inspected.index.columnOf(owner, name)) noColumn(place, what, table, name);
    },
    ownColumns: (table, what, names) => {
      for (const name of names)
        if (!inspected.index.columnOf(table, name)) noColumn(qualified(table.table), what, table.table, name);
    },
  };
}

function checkTable(table: Table, { column, ownColumns }: NameChecks): void {
  const own = (what: string, names: readonly string[]) => ownColumns(table, what, names);
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

function checkResource(resource: ResourceModel, { column }: NameChecks): void {
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
    for (const name of [entry.storageColumn, ...entry.bindingColumns])
      column(label, 'deduplication', entry.table, name);
  const { applied, redundant, ignored } = resource.keyUnificationDiagnostics;
  for (const entry of applied)
    for (const name of [entry.endpointAColumn, entry.endpointBColumn, entry.canonicalColumn])
      column(label, 'applied', entry.table, name);
  for (const { binding } of redundant) column(label, 'redundant', binding.table, binding.column);
  for (const { endpointABinding, endpointBBinding } of ignored)
    for (const binding of [endpointABinding, endpointBBinding]) column(label, 'ignored', binding.table, binding.column);
}

function checkArm({ fromTable, projections }: UnionArm, { column }: NameChecks): void {
  for (const projection of projections)
    if (projection.kind === 'SourceColumn') column('union', 'arm', fromTable, projection.column);
}
