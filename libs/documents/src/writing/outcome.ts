import type { Diagnostic } from '@dms/diagnostics';

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
  | { readonly kind: 'rejected'; readonly problems: readonly [Diagnostic, ...Diagnostic[]] };

/** What happens to a document whose identity exists already. */
export type OnExisting = 'replace' | 'skip' | 'fail';
