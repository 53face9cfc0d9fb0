import type { Diagnostic } from '@dms/diagnostics';

/** What became of a document that was written. */
export interface Written {
  /** `unchanged`: its rows are what they were, so nothing was written. */
  readonly kind: 'inserted' | 'replaced' | 'unchanged';
  readonly uuid: string;
  /** Decimal digits. */
  readonly documentId: string;
  readonly contentVersion: bigint;
}

/** What became of a document of a batch. */
export type Outcome =
  | Written
  /** It was there and stays as it is. */
  | { readonly kind: 'skipped'; readonly uuid: string; readonly documentId: string; readonly contentVersion: bigint }
  | { readonly kind: 'rejected'; readonly problems: readonly [Diagnostic, ...Diagnostic[]] };

/** What happens to a document whose identity is there already. */
export type OnExisting = 'replace' | 'skip' | 'fail';
