import type { DocumentCheck } from './derived-rows/data-finding.ts';

/** The rules of one generation for the check of rows (design 09 §7.6). */
export interface CheckingGeneration {
  /** The checks in the order of their repairs: a check may rely on the repair of an earlier one. */
  readonly documentChecks: readonly DocumentCheck[];
}
