import type { BatchOptions, IncomingDocument, Outcome, Written } from '@dms/documents';
import type { QualifiedResourceName } from '@dms/model';

/** The outcome of a document, as far as loading needs it. */
export type BatchOutcome = { readonly kind: Written['kind'] | 'skipped' } | Extract<Outcome, { readonly kind: 'rejected' }>;

/** Writes documents of one resource; outcomes are in the order of the documents. A document store is a batch writer. */
export interface BatchWriter {
  upsertBatch(
    resource: QualifiedResourceName,
    documents: readonly IncomingDocument[],
    options?: BatchOptions,
  ): Promise<readonly BatchOutcome[]>;
}
