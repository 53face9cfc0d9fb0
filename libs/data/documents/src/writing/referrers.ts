import { resourceLabel } from '@dms/api-schema';
import type { Statement } from '@dms/databases';
import { modelIndex, type RelationalModelSet, type Table } from '@dms/model';
import type { DocumentPlans } from '../resource-plans.ts';
import type { DocumentRow } from '../statements/identity-statements.ts';
import { documentStatements } from '../statements/statements-by-dialect.ts';

/** A column in which documents of a resource may refer to others. */
export interface Referrer {
  readonly label: string;
  readonly resourceKeyId: number;
  readonly table: Table;
  readonly isRoot: boolean;
  readonly column: string;
}

/** Every column in which a document may refer to a document with one of these resource keys. */
export function referrersTo(model: RelationalModelSet, resourceKeyIds: ReadonlySet<number>): Referrer[] {
  const targets = new Set<string>();
  for (const { resourceKey, superclass } of model.resources) {
    if (!resourceKeyIds.has(resourceKey.id)) continue;
    targets.add(resourceLabel(resourceKey));
    if (superclass) targets.add(resourceLabel(superclass.resource));
  }
  return modelIndex(model).tables.flatMap(({ label, resource: { resourceKey }, table, isRoot }) =>
    table.columns
      .filter(
        ({ kind, targetResource, storage }) =>
          (kind === 'DocumentFk' || kind === 'DescriptorFk') &&
          storage.kind === 'Stored' &&
          targetResource !== null &&
          targets.has(resourceLabel(targetResource)),
      )
      .map(({ name: column }) => ({ label, resourceKeyId: resourceKey.id, table, isRoot, column })),
  );
}

export function idsByResourceKey(documents: readonly DocumentRow[]): ReadonlyMap<number, readonly string[]> {
  const ids = new Map<number, string[]>();
  for (const { ResourceKeyId, DocumentId } of documents) {
    const list = ids.get(ResourceKeyId);
    if (list) list.push(String(DocumentId));
    else ids.set(ResourceKeyId, [String(DocumentId)]);
  }
  return ids;
}

/**
 * Statements that delete rows below root tables that refer to documents of the same removal. Roots are deleted first,
 * and keys are checked before the rows below other roots are deleted, so these rows must be deleted before.
 * `documentColumn` is the column of such a table with the document id.
 */
export function innerReferences(
  all: DocumentPlans,
  documents: readonly DocumentRow[],
  documentColumn: (table: Table) => string,
): Statement[] {
  const ids = idsByResourceKey(documents);
  const inner = referrersTo(all.mappingSet.model, new Set(ids.keys())).filter(({ isRoot }) => !isRoot);
  const tables = new Map(inner.map(({ table, resourceKeyId }) => [table, ids.get(resourceKeyId) ?? []]));
  return [...tables].flatMap(([table, own]) => {
    return own.length === 0 ? [] : documentStatements[all.dialect].deleteRows(table.table, documentColumn(table), own);
  });
}
