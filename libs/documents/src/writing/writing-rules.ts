import type { Row, Statement } from '@dms/databases';
import type { CheckedDocument } from '../checking/checked-document.ts';
import type { DocumentPlans, ResourcePlans } from '../document-plans.ts';
import type { DocumentRow } from '../statements/document-statements.ts';
import type { ResolvedIds } from './table-rows.ts';

/** An id that a statement writes and that may be known only after another one has answered. */
export interface WrittenId {
  id: string | null;
}

/** The rows of a document that the database holds, by table of its resource. */
export type StoredTables = readonly (readonly Row[])[];

/** A document that is there, with what it is to become. */
export interface Replacement {
  readonly found: DocumentRow;
  readonly document: CheckedDocument;
  readonly ids: ResolvedIds;
  readonly stored: StoredTables;
}

/** The rows of a batch of documents of one resource, on their way into the database. */
export interface RowBatch {
  /** A new document, whose id may be to come. */
  insert(document: CheckedDocument, documentId: WrittenId, ids: ResolvedIds): void;
  /** False, with nothing to write, if the rows are stored as they are. Throws `DOCUMENT_STORED_DUPLICATE`. */
  replace(replacement: Replacement): boolean;
  /** Ids of rows that have to be known before {@link statements} is called. */
  readonly newIds: readonly WrittenId[];
  /** Everything to write, in its order. */
  statements(): readonly Statement[];
}

/** What a generation decides about writing (design 08 §6.10, 17 §7). */
export interface WritingRules {
  /** Throws `PLAN_IDENTITY_EMPTY` where documents of the resource cannot be written. */
  batch(plans: ResourcePlans): RowBatch;
  /** Whether a replacement has another identity than the document that is there. */
  changesIdentity(plans: ResourcePlans, replacement: Replacement): boolean;
  /** What removes documents, in its order. */
  removal(all: DocumentPlans, documents: readonly DocumentRow[], uuids: readonly string[]): readonly Statement[];
}
