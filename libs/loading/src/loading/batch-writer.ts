import type { Diagnostic, RowPlace } from '@dms/diagnostics';
import type { BatchOptions, CheckedDocument, IncomingDocument, Outcome, Written } from '@dms/documents';
import type { JsonValue } from '@dms/files';
import type { QualifiedResourceName } from '@dms/model';

/** The outcome of a document, as far as loading needs it. */
export type BatchOutcome =
  | { readonly kind: Written['kind'] | 'skipped' }
  | Extract<Outcome, { readonly kind: 'rejected' }>;

/** A document on its way to a writer. */
export interface SentDocument extends IncomingDocument {
  /** Its place among all entries of the run. */
  readonly number: number;
  /** Reads the document again, so that it need not be kept in memory. */
  readonly again: () => JsonValue;
  /** The row that it was made from, if it is of no file. */
  readonly row?: (() => RowPlace) | undefined;
}

/**
 * A document whose outcome was `inserted`, and which the database has refused since, or one that names such a document.
 */
export interface RefusedDocument {
  readonly document: JsonValue;
  readonly checked: CheckedDocument;
  readonly sent: Pick<SentDocument, 'number' | 'uuid' | 'file' | 'line' | 'row'>;
  readonly problems: readonly [Diagnostic, ...Diagnostic[]];
}

export interface SentOptions extends BatchOptions {
  /** Called by writers that write later than they return, at the latest at the end of {@link BatchWriter.flush}. */
  readonly onRefused?: ((refused: RefusedDocument) => Promise<void>) | undefined;
}

/** Writes documents of one resource; outcomes are in the order of the documents. A document store is a batch writer. */
export interface BatchWriter {
  upsertBatch(
    resource: QualifiedResourceName,
    documents: readonly SentDocument[],
    options?: SentOptions,
  ): Promise<readonly BatchOutcome[]>;
  /** Waits until all documents are written; writers that write at once do not have it. */
  flush?(): Promise<void>;
}
