import { type Diagnostic, fail } from '@dms/diagnostics';
import type { PageRow } from '../statements/document-statements.ts';

/** The outcome of writing a document. */
export interface Written {
  /** `unchanged`: its rows did not change, so nothing was written. */
  readonly kind: 'inserted' | 'replaced' | 'unchanged';
  readonly uuid: string;
  /** Decimal digits. */
  readonly documentId: string;
  readonly contentVersion: bigint;
}

/** The outcome of a document of a batch. */
export type Outcome =
  | Written
  /** It existed already and stays as it is. */
  | { readonly kind: 'skipped'; readonly uuid: string; readonly documentId: string; readonly contentVersion: bigint }
  | { readonly kind: 'rejected'; readonly diagnostics: readonly [Diagnostic, ...Diagnostic[]] };

/** What happens to a document whose identity exists already. */
export type OnExisting = 'replace' | 'skip' | 'fail';

/** A write that must only happen on the state that its caller has seen. */
export interface WriteCondition {
  /** The content version that the document must have, checked under the lock; any version by default. */
  readonly ifVersion?: bigint | undefined;
}

/** Throws `DOCUMENT_VERSION_CHANGED` if a locked document does not have the expected version (design 17 §7.10). */
export function checkVersion({ DocumentUuid: uuid, ContentVersion }: PageRow, { ifVersion }: WriteCondition): void {
  if (ifVersion === undefined || BigInt(ContentVersion) === ifVersion) return;
  const text = `The document ${uuid} has the version ${ContentVersion}, not ${ifVersion}: somebody has changed it. Read it again, then repeat the change.`;
  fail('DOCUMENT_VERSION_CHANGED', text, {}, { uuid, expected: String(ifVersion), found: String(ContentVersion) });
}
