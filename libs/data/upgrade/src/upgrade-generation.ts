import type { MappingVersion } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import type { Comparison } from './comparing/comparison.ts';
import type { HashedDescriptor } from './script/row-queries.ts';

/** The differences between the generations in an upgrade. */
export interface UpgradeGeneration {
  /** The generations whose databases can be upgraded to this one (design 12, 16 §1). */
  readonly upgradesFrom: readonly MappingVersion[];
  /**
   * Statements that request every document again, for a server that keeps the document cache filled. They run when the
   * cache is empty.
   */
  readonly refillCache: Readonly<Record<SqlDialect, readonly string[]>>;
  /**
   * Whether root rows and rows of descriptors repeat the stamps of their documents, so that a document that is written
   * has its version before its rows.
   */
  readonly repeatsStamps: boolean;
  /**
   * The renamed descriptors whose documents have stored referential ids, which are hashes of the name (design 12 §3.5,
   * §11).
   */
  hashedDescriptors(comparison: Comparison): readonly HashedDescriptor[];
}
