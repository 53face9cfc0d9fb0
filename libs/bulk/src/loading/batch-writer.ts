import type { BatchOptions, IncomingDocument, Outcome, Written } from '@dms/documents';
import type { QualifiedResourceName } from '@dms/model';

/** What became of a document, as far as loading wants to know. */
export type BatchOutcome = { readonly kind: Written['kind'] | 'skipped' } | Extract<Outcome, { readonly kind: 'rejected' }>;

/** Writes documents of one resource; outcomes are in the order of the documents. A store of documents is one. */
export interface BatchWriter {
  upsertBatch(
    resource: QualifiedResourceName,
    documents: readonly IncomingDocument[],
    options?: BatchOptions,
  ): Promise<readonly BatchOutcome[]>;
}
