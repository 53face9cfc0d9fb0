import type { MappingVersion } from '@dms/model';
import type { SqlDialect } from '@dms/sql';

/** What differs between the generations in an upgrade. */
export interface UpgradeGeneration {
  /** The generations whose databases can be upgraded to this one (design 12, 16 §1). */
  readonly upgradesFrom: readonly MappingVersion[];
  /** Statements that request every document again, for a server that keeps the document cache filled. They run when the cache is empty. */
  readonly refillCache: Readonly<Record<SqlDialect, readonly string[]>>;
}
