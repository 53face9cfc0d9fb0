import type { SqlDialect } from '@dms/sql';
import type { DescriptorColumn } from '../statements/core-rows.ts';
import type { DescriptorUpdate } from '../statements/descriptor-statements.ts';
import type { DescriptorIdentityStatements } from '../statements/identity-statements.ts';

/** The rules of a generation for the rows of descriptors (design 09 §8.3, 17 §7.7). */
export interface DescriptorRules {
  /** The columns that a new row has values for. */
  readonly columns: readonly DescriptorColumn[];
  readonly update: DescriptorUpdate;
  /** How descriptors are found by their identities. */
  readonly identities: Readonly<Record<SqlDialect, DescriptorIdentityStatements>>;
  /** Whether a row mirrors the resource key and content version of its document. */
  readonly repeatsDocument: boolean;
}
