import type { Catalog } from '@dms/catalog';
import type { Inventory } from '@dms/inventory';
import type { RelationalModelSet } from '@dms/model';
import type { SqlDialect } from '@dms/sql';

/** A script, and what it was made from. */
export interface CheckedScript {
  readonly dialect: SqlDialect;
  readonly script: string;
  /** `normalized_sql_sha256` of `ddl.manifest.json`, where there is one. */
  readonly scriptSha256: string | null;
  readonly model: RelationalModelSet;
  readonly inventory: Inventory;
  /** The desired catalog. */
  readonly catalog: Catalog;
}
