import type { MappingVersion } from '@dms/model';
import type { PlainLines, PlainSql, SqlDialect } from '@dms/sql';

/** The differences between the generations in an upgrade. */
export interface UpgradeGeneration {
  /** The generations whose databases can be upgraded to this one (design 12, 16 §1). */
  readonly upgradesFrom: readonly MappingVersion[];
  /**
   * The statement that requests every document again, for a server that keeps the document cache filled; empty if there
   * is none. It runs when the cache is empty.
   */
  readonly refillCache: Readonly<Record<SqlDialect, PlainSql | PlainLines>>;
  /**
   * Whether root rows and rows of descriptors repeat the stamps of their documents, so that a document that is written
   * has its version before its rows.
   */
  readonly repeatsStamps: boolean;
}
