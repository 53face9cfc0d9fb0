import type { WriteRules } from '../generation.ts';
import type { ReferenceSource } from '../plan.ts';
import { sourceKey } from '../plan-table.ts';
import { collectionPlans, isMergeTable, structuralColumns } from './collection-plans.ts';

/**
 * Rows have ids, and columns for their parent and document; copied columns get their value from the reference (design
 * 17 §3).
 */
export const writeRulesV2: WriteRules = {
  structuralColumns,
  structuralSource({ identity }, { name, kind }) {
    if (identity.rootLocator.includes(name)) return { kind: 'document_id' };
    const index = identity.parentLocator.indexOf(name);
    if (index >= 0) return { kind: 'parent_key_part', index };
    return kind === 'CollectionKey' ? { kind: 'precomputed' } : undefined;
  },
  referenceSources({ documentReferenceBindings }) {
    return new Map(
      documentReferenceBindings.flatMap(({ table, referenceObjectPath, identityBindings }, bindingIndex) =>
        identityBindings.map(({ identityJsonPath, referenceJsonPath, column }): [string, ReferenceSource] => [
          sourceKey(table, column),
          { bindingIndex, referenceObjectPath, identityJsonPath, referenceJsonPath },
        ]),
      ),
    );
  },
  deleteByParentColumns: (table) =>
    table.identity.tableKind === 'Root' || isMergeTable(table) ? null : table.identity.parentLocator,
  collectionPlans,
};
