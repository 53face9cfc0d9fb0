import { isMergeTable, mergeUpdateParts, type TableWritePlan } from '@dms/plans';
import type { LoadedTable } from '../load/loaded-table.ts';
import { refuseInvariant } from '../refusal.ts';

const listOf = (indexes: readonly number[]) => indexes.join(', ') || 'none';

/** The plans of a collection must point at the bindings of its model; other tables have no such plans (design 17 §6). */
export function checkCollectionPlans({ at, model }: LoadedTable, plan: TableWritePlan): void {
  const { collectionMergePlan: merge, collectionKeyPreallocationPlan: preallocation, columnBindings, updateSql } = plan;
  const expectPart = (what: string, isDue: boolean, isThere: boolean) => {
    if (isDue !== isThere) refuseInvariant(at, what, isDue ? 'set' : 'none', isThere ? 'set' : 'none');
  };
  const isMerged = isMergeTable(model);
  expectPart('collection_merge_plan', isMerged, merge !== null);
  expectPart('collection_key_preallocation_plan', isMerged, preallocation !== null);
  if (!merge || !preallocation) return;
  expectPart('update_sql of a collection', false, updateSql !== null);
  expectPart('delete_by_parent_sql of a collection', false, plan.deleteByParentSql !== null);
  const nameAt = (index: number) => columnBindings[index]?.column.name ?? 'no binding';
  const expectBound = (what: string, index: number, column: string) => {
    const found = nameAt(index);
    if (found !== column) refuseInvariant(at, `${what} ${index}`, column, found);
  };
  const [rowIdentity = 'none'] = model.identity.rowIdentity;
  const ordinal = model.columns.find(({ kind }) => kind === 'Ordinal')?.name ?? 'none';
  const identities = model.identity.semanticIdentity;
  const what = 'collection_merge_plan.semantic_identity_bindings';
  if (merge.semanticIdentityBindings.length !== identities.length)
    refuseInvariant(at, `number of ${what}`, identities.length, merge.semanticIdentityBindings.length);
  for (const [position, { relativePath, bindingIndex }] of merge.semanticIdentityBindings.entries()) {
    const due = identities[position];
    if (relativePath.canonical !== due?.relativePath.canonical)
      refuseInvariant(at, `${what}, relative_path`, due?.relativePath.canonical ?? 'none', relativePath.canonical);
    expectBound(`${what}, binding_index`, bindingIndex, due?.column ?? 'none');
  }
  expectBound('stable_row_identity_binding_index', merge.stableRowIdentityBindingIndex, rowIdentity);
  expectBound('ordinal_binding_index', merge.ordinalBindingIndex, ordinal);
  const [due, found] = [mergeUpdateParts(model, columnBindings).set, merge.compareBindingIndexesInOrder].map(listOf);
  if (found !== due) refuseInvariant(at, 'compare_binding_indexes_in_order', due ?? 'none', found ?? 'none');
  if (preallocation.column !== rowIdentity)
    refuseInvariant(at, 'collection_key_preallocation_plan.column_name', rowIdentity, preallocation.column);
  expectBound('collection_key_preallocation_plan.binding_index', preallocation.bindingIndex, rowIdentity);
}
