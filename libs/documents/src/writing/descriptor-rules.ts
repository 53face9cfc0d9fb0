import type { DescriptorColumn } from '../statements/core-rows.ts';
import type { DescriptorUpdate } from '../statements/descriptor-statements.ts';

/** The rules of a generation for the rows of descriptors (design 09 §8.3, 17 §7.7). */
export interface DescriptorRules {
  /** The columns that a new row has values for. */
  readonly columns: readonly DescriptorColumn[];
  readonly update: DescriptorUpdate;
  /** Whether a row mirrors the resource key and content version of its document. */
  readonly repeatsDocument: boolean;
}
