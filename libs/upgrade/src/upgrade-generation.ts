import type { MappingVersion } from '@dms/model';
import type { SqlDialect } from '@dms/sql';

/** How upgrades of the generations differ. */
export interface UpgradeGeneration {
  /** The generations whose databases can be upgraded to this one (design 12, 16 §1). */
  readonly upgradesFrom: readonly MappingVersion[];
  /** Statements that request every document again, where a server keeps the cache of documents filled; run when it is empty. */
  readonly refillCache: Readonly<Record<SqlDialect, readonly string[]>>;
}
