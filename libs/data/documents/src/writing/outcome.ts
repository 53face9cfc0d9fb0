import { type Diagnostic, fail } from '@dms/diagnostics';
import type { DocumentPageRow } from '../statements/document-statements.ts';

/** The outcome of writing a document. */
export interface Written {
  /** `unchanged`: its rows are the same, so nothing was written. */
  readonly kind: 'inserted' | 'replaced' | 'unchanged';
  readonly uuid: string;
  /** Decimal digits. */
  readonly documentId: string;
  readonly contentVersion: bigint;
}

/** The outcome of a document of a batch. */
export type WriteOutcome =
  | Written
  /** It existed already and stays unchanged. */
  | { readonly kind: 'skipped'; readonly uuid: string; readonly documentId: string; readonly contentVersion: bigint }
  | { readonly kind: 'rejected'; readonly diagnostics: readonly [Diagnostic, ...Diagnostic[]] };

/** How to handle a document whose identity already exists. */
export type OnExisting = 'replace' | 'skip' | 'fail';

/** The condition of a write: the document must be in the state that its caller has seen. */
export interface WriteCondition {
  /** The content version that the document must have, checked under the lock; any version by default. */
  readonly ifVersion?: bigint | undefined;
}

/** Throws `DOCUMENT_VERSION_CHANGED` if a locked document does not have the expected version (design 17 §7.10). */
export function checkVersion(
  { DocumentUuid: uuid, ContentVersion }: DocumentPageRow,
  { ifVersion }: WriteCondition,
): void {
  if (ifVersion === undefined || BigInt(ContentVersion) === ifVersion) return;
  const text = `The document ${uuid} has the version ${ContentVersion}, not ${ifVersion}: somebody has changed it. Read it again, then repeat the change.`;
  fail('DOCUMENT_VERSION_CHANGED', text, {}, { uuid, expected: String(ifVersion), found: String(ContentVersion) });
}
