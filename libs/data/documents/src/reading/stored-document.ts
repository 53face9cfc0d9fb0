import { type Diagnostic, DmsError, diagnostic } from '@dms/diagnostics';
import type { JsonObject } from '@dms/values';
import type { UnwritableValue } from './document-reader.ts';

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
  /** The id that its trigger wrote; null if it wrote none. */
  readonly referentialId: string | null;
}

/** Handling of documents with a value that no document can hold. */
export interface UnreadableOptions {
  /**
   * Called for each of them, with `DOCUMENT_UNREADABLE`; it is left out of the result. Without it, the first call that
   * finds one throws.
   */
  readonly onUnreadable?: ((document: UnreadableDocument) => void) | undefined;
}

/** A document that cannot be read, because a column has a value that no document can hold, or its root row is missing. */
export interface UnreadableDocument {
  readonly uuid: string;
  /** Decimal digits. */
  readonly documentId: string;
  readonly diagnostic: Diagnostic;
}

/**
 * The reason why a document cannot be read: `DOCUMENT_UNREADABLE`, with the column and the value that no document can
 * hold (design 14 §3).
 */
export function unreadable(resource: string, uuid: string, { path, column, shown }: UnwritableValue): Diagnostic {
  const text = `The ${resource} ${uuid} has the value ${shown} in ${column} (${path}), which no document can hold. Correct the row, or write the document again; dms-ddl check --data names all such values.`;
  return diagnostic('DOCUMENT_UNREADABLE', text, { resource, path }, { uuid, column, value: shown });
}

/**
 * Passes documents that cannot be read to the caller, which goes on without them, or throws all of their diagnostics.
 */
export function reportUnreadable(found: readonly UnreadableDocument[], { onUnreadable }: UnreadableOptions): void {
  const [first, ...others] = found;
  if (first === undefined) return;
  if (onUnreadable === undefined) throw new DmsError([first.diagnostic, ...others.map((each) => each.diagnostic)]);
  for (const each of found) onUnreadable(each);
}
