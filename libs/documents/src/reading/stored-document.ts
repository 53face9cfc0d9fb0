import type { JsonObject } from '@dms/canonical-json';

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
