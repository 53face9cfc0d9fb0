import type { Diagnostic } from '@dms/diagnostics';
import type { JsonObject } from '@dms/files';

/** A document as stored in the database, as a value or as text. */
export interface StoredDocument<Content = JsonObject> {
  /** `Project:Resource`. */
  readonly resource: string;
  readonly uuid: string;
  /** Decimal digits. */
  readonly documentId: string;
  readonly contentVersion: bigint;
  /** Members in model order; numbers keep their digits. */
  readonly document: Content;
}

export interface IdentifiedDocument extends StoredDocument {
  /** As written by its trigger; null if it was not. */
  readonly referentialId: string | null;
}

/** What happens to documents with a value that no document can hold. */
export interface UnreadableOptions {
  /**
   * Called for each of them, with `DOCUMENT_UNREADABLE`; it is left out of the result. Without it, the first call that
   * meets one throws.
   */
  readonly onUnreadable?: ((document: UnreadableDocument) => void) | undefined;
}

/** A document that cannot be read, because a column has a value that no document can hold. */
export interface UnreadableDocument {
  readonly uuid: string;
  /** Decimal digits. */
  readonly documentId: string;
  readonly diagnostic: Diagnostic;
}
