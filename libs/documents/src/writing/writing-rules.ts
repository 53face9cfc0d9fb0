import type { Row, Statement } from '@dms/databases';
import type { CheckedDocument } from '../checking/checked-document.ts';
import type { DocumentPlans, ResourcePlans } from '../resource-plans.ts';
import type { DocumentRow } from '../statements/identity-statements.ts';
import type { ResolvedIds } from './table-rows.ts';

/** An id that a statement writes; it may be known only after an earlier statement. */
export interface WrittenId {
  id: string | null;
}

/** The stored rows of a document, by table of its resource. */
export type StoredTables = readonly (readonly Row[])[];

/** An existing document with its new content. */
export interface Replacement {
  readonly found: DocumentRow;
  readonly document: CheckedDocument;
  readonly ids: ResolvedIds;
  readonly stored: StoredTables;
}

/** The rows of a batch of documents of one resource, on their way into the database. */
export interface RowBatch {
  /** A new document, whose id may not be known yet. */
  insert(document: CheckedDocument, documentId: WrittenId, ids: ResolvedIds): void;
  /** False, with nothing to write, if the stored rows are already equal. */
  replace(replacement: Replacement): boolean;
  /** The ids of rows that must be known before {@link statements} is called. */
  readonly newIds: readonly WrittenId[];
  /** All statements, in their order; inserts are marked if a failure must tell its document. */
  statements(isMarked?: boolean): readonly Statement[];
}

/** The rules of a generation for writing (design 08 §6.10, 17 §7). */
export interface WritingRules {
  /** Throws `PLAN_IDENTITY_EMPTY` if documents of the resource cannot be written. */
  batch(plans: ResourcePlans): RowBatch;
  /** Whether a replacement has another identity than the stored document. */
  changesIdentity(plans: ResourcePlans, replacement: Replacement): boolean;
  /** The statements that remove documents, in their order. */
  removal(all: DocumentPlans, documents: readonly DocumentRow[], uuids: readonly string[]): readonly Statement[];
}
