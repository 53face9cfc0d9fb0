import type { JsonObject } from '@dms/canonical-json';

/** A document as the database holds it. */
export interface StoredDocument {
  /** `Project:Resource`. */
  readonly resource: string;
  readonly uuid: string;
  /** Decimal digits. */
  readonly documentId: string;
  readonly contentVersion: bigint;
  /** Members in model order; numbers keep their digits. */
  readonly document: JsonObject;
}

export interface IdentifiedDocument extends StoredDocument {
  /** As its trigger wrote it; null where it did not. */
  readonly referentialId: string | null;
}
