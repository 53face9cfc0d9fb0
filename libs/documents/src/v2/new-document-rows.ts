import type { CheckedDocument } from '../checking/checked-document.ts';
import type { StoredRow } from '../statements/document-statements.ts';
import type { ResolvedIds } from '../writing/table-rows.ts';
import type { WrittenId } from '../writing/writing-rules.ts';
import { mergeDocument } from './merge-document.ts';
import { filledRow } from './merge-statements.ts';
import { resourceWriter } from './table-rows.ts';

/** The rows of a document that is not stored yet. */
export interface NewDocumentRows {
  /** The ids of its rows of collections, which must be set before {@link byTable} is called (design 17 §7.6). */
  readonly newIds: readonly WrittenId[];
  /** The rows by table, in plan order. */
  byTable(): readonly (readonly StoredRow[])[];
}

/**
 * The rows of a new document (design 17 §7.1). Throws `PLAN_IDENTITY_EMPTY` if documents of the resource cannot be
 * written.
 */
export function newDocumentRows(document: CheckedDocument, documentId: string, ids: ResolvedIds): NewDocumentRows {
  const { plans } = document;
  const { newIds, tables } = mergeDocument(plans, document, { id: documentId }, ids, []);
  return {
    newIds,
    byTable: () =>
      resourceWriter(plans).tables.map((writer, index) =>
        (tables[index]?.inserted ?? []).map((row) => filledRow(writer, row)),
      ),
  };
}
