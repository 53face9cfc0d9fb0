import { resourceLabel } from '@dms/api-schema';
import type { Statement } from '@dms/databases';
import { core, mustExist, type ScalarType } from '@dms/model';
import { writeOrder } from '../ordering/write-order.ts';
import type { DocumentPlans } from '../resource-plans.ts';
import type { DocumentRow } from '../statements/identity-statements.ts';
import { documentStatements } from '../statements/statements-by-dialect.ts';
import { finiteText } from '../values/ends-of-time.ts';
import type { StoredValue } from '../values/stored-value.ts';
import { idsByResourceKey, innerReferences } from '../writing/referrers.ts';
import type { WritingRules } from '../writing/writing-rules.ts';
import { type DocumentMerge, isUnchanged, mergeDocument } from './merge-document.ts';
import { mergeStatements } from './merge-statements.ts';
import { resourceWriter } from './table-rows.ts';

/**
 * Root rows are deleted before their documents: the trigger on the root records the delete and reads the document
 * (design 17 §7.8). Referrers are deleted before their targets.
 */
function removal(all: DocumentPlans, documents: readonly DocumentRow[], uuids: readonly string[]): Statement[] {
  const { model } = all.mappingSet;
  const statements = documentStatements[all.dialect];
  const ids = idsByResourceKey(documents);
  /** The position of descriptors, which no order of writing names. */
  const beforeAll = -1;
  const order = new Map(writeOrder(model).map((label, position) => [label, position]));
  const positionOf = (label: string) => order.get(label) ?? beforeAll;
  const removed = model.resources
    .filter(({ resourceKey }) => ids.has(resourceKey.id))
    .map((resource) => ({ resource, label: resourceLabel(resource.resourceKey) }))
    // descriptors, which refer to nothing, are last
    .toSorted((a, b) => positionOf(b.label) - positionOf(a.label));
  return [
    ...innerReferences(all, documents, ({ identity, table }) =>
      mustExist(identity.rootLocator[0], `the root locator of ${table.name}`),
    ),
    ...removed.flatMap(({ resource: { resourceKey, tablesInDependencyOrder } }) => {
      const own = ids.get(resourceKey.id) ?? [];
      return statements.deleteRows(tablesInDependencyOrder[0]?.table ?? core.descriptor, 'DocumentId', own);
    }),
    ...statements.removeDocuments(uuids),
  ];
}

/** Rows keep their ids, and only differences are written (design 17 §7). */
export const writingRulesV2: WritingRules = {
  batch(plans) {
    // documents of the resource may not be writable at all
    resourceWriter(plans);
    const merges: DocumentMerge[] = [];
    return {
      insert: (document, documentId, ids) => {
        merges.push(mergeDocument(plans, document, documentId, ids, []));
      },
      replace: ({ found, document, ids, stored }) => {
        const merge = mergeDocument(plans, document, { id: String(found.DocumentId) }, ids, stored);
        if (isUnchanged(merge)) return false;
        merges.push(merge);
        return true;
      },
      get newIds() {
        return merges.flatMap(({ newIds }) => newIds);
      },
      statements: (isMarked) => mergeStatements(plans, merges, isMarked),
    };
  },
  changesIdentity(plans, { document, ids, stored }) {
    const [root] = resourceWriter(plans).tables;
    const [[row] = []] = stored;
    const [checked] = document.rows[0] ?? [];
    if (!root || !row || !checked) return false;
    const projection = new Set(plans.identityProjection);
    const before = root.storedRow(row);
    const after = root.rowOf(checked, ids, () => null);
    // a date that an earlier version stored is the same date
    const finite = (value: StoredValue | undefined, kind: ScalarType['kind'] | undefined) =>
      typeof value === 'string' && kind !== undefined ? finiteText(value, kind) : value;
    return root.compared.some((index) => {
      const { column } = mustExist(root.plan.columnBindings[index], 'the binding of a compared column');
      const { name, scalarType } = column;
      const kind = scalarType?.kind;
      return projection.has(name) && finite(before[index], kind) !== finite(after[index], kind);
    });
  },
  removal,
};
