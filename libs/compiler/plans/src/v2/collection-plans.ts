import { resourceLabel } from '@dms/api-schema';
import { fail, forEachReported } from '@dms/diagnostics';
import { mustExist, qualified, type ResourceModel, type Table } from '@dms/model';
import type { CollectionPlans } from '../generation.ts';
import type { CollectionMergePlan, ResourceWritePlan, WriteColumnBinding } from '../plan.ts';
import { type PlanDialect, planText } from '../plan-dialect.ts';
import { failPlan } from '../plan-table.ts';
import { type RowStatementParts, rowDeleteSql, rowUpdateSql } from '../write/write-sql.ts';

/**
 * The plans that match, update and delete the rows of a collection one by one, and the plan for the id that is reserved
 * before the insert.
 */
export function collectionPlans(
  dialect: PlanDialect,
  resource: ResourceModel,
  table: Table,
  bindings: readonly WriteColumnBinding[],
): CollectionPlans {
  if (!isMergeTable(table)) return { collectionMergePlan: null, collectionKeyPreallocationPlan: null };
  const indexes = new Map<string, number>(bindings.map(({ column }, index) => [column.name, index]));
  const parts = mergeUpdateParts(table, bindings);
  const tableName = qualified(table.table);
  const ordinal = bindings.findIndex(({ column }) => column.kind === 'Ordinal');
  const rowIdentity = mustExist(parts.where[0], `the row identity of ${tableName}`);
  return {
    collectionMergePlan: {
      semanticIdentityBindings: semanticIdentity(resource, table, indexes),
      stableRowIdentityBindingIndex: rowIdentity,
      ordinalBindingIndex: mustExist(ordinal < 0 ? null : ordinal, `the position column of ${tableName}`),
      updateByStableRowIdentitySql: planText(rowUpdateSql(dialect, table, bindings, parts)),
      deleteByStableRowIdentitySql: planText(rowDeleteSql(dialect, table, bindings, parts)),
      compareBindingIndexesInOrder: parts.set,
    },
    collectionKeyPreallocationPlan: {
      column: mustExist(bindings[rowIdentity], `the binding of ${tableName}`).column.name,
      bindingIndex: rowIdentity,
    },
  };
}

/** The bindings that distinguish the items of a parent; an unwritten column cannot be one of them (design 17 §3.5). */
function semanticIdentity(
  resource: ResourceModel,
  { table, identity, jsonScope, columns }: Table,
  indexes: ReadonlyMap<string, number>,
): CollectionMergePlan['semanticIdentityBindings'] {
  return identity.semanticIdentity.map(({ relativePath, column }) => {
    const bindingIndex = indexes.get(column);
    if (bindingIndex !== undefined) return { relativePath, bindingIndex };
    const storage = columns.find(({ name }) => name === column)?.storage;
    const stored = storage?.kind === 'UnifiedAlias' ? storage.canonicalColumn : column;
    const text = `${relativePath.canonical} distinguishes the items of ${jsonScope.canonical}, but ${qualified(table)}.${column} is not written: its value is stored in ${stored}, which other paths feed too. Let the array uniqueness rule name other paths, or keep the first generation of the mapping for this schema set`;
    const details = { table: qualified(table), column, use: 'semantic identity', scope: jsonScope.canonical, stored };
    return failPlan('PLAN_MERGE_BINDING_MISSING', resource, 'write', text, details);
  });
}

/** Whether the rows of a table are items of an array, which keep their ids between writes (design 17). */
export function isMergeTable({ identity: { tableKind } }: Table): boolean {
  return tableKind === 'Collection' || tableKind === 'ExtensionCollection';
}

/**
 * The columns that an update of a row does not change: row identity, root locator, parent locator. A column may have
 * several of these roles.
 */
export function structuralColumns({ identity: { rowIdentity, rootLocator, parentLocator } }: Table): readonly string[] {
  return [...new Set([...rowIdentity, ...rootLocator, ...parentLocator])];
}

/** The columns that an update of an item sets, and its row identity (design 17 §3.5). */
export function mergeUpdateParts(table: Table, bindings: readonly WriteColumnBinding[]): RowStatementParts {
  const structural = new Set(structuralColumns(table));
  const rowIdentity = new Set<string>(table.identity.rowIdentity);
  const indexesOf = (isChosen: (column: string) => boolean) =>
    bindings.flatMap(({ column }, index) => (isChosen(column.name) ? [index] : []));
  return {
    set: indexesOf((name) => !structural.has(name)),
    where: indexesOf((name) => rowIdentity.has(name)),
  };
}

/**
 * Checks that documents of a resource can be written: every collection must have a semantic identity (design 17 §7.1).
 * Throws `PLAN_IDENTITY_EMPTY`, for all collections together.
 */
export function checkIdentities({ model, tablePlansInDependencyOrder }: ResourceWritePlan): void {
  forEachReported(tablePlansInDependencyOrder, ({ tableModel, collectionMergePlan }) => {
    if (collectionMergePlan?.semanticIdentityBindings.length !== 0) return;
    const table = qualified(tableModel.table);
    const scope = tableModel.jsonScope.canonical;
    const resource = resourceLabel(model.resourceKey);
    const message = `${resource}: documents cannot be written, because nothing distinguishes the items of ${scope} (table ${table}). Add an array uniqueness rule for them to the schema.`;
    fail('PLAN_IDENTITY_EMPTY', message, { resource, path: scope }, { resource, table, scope });
  });
}
