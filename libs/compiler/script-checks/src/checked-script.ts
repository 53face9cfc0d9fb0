import type { Catalog } from '@dms/catalog';
import type { Inventory } from '@dms/inventory';
import type { RelationalModelSet } from '@dms/model';
import type { SqlDialect } from '@dms/sql';

/** A script with the model, inventory and catalog that it was made from. */
export interface CheckedScript {
  readonly dialect: SqlDialect;
  readonly script: string;
  /** `normalized_sql_sha256` of `ddl.manifest.json`; null without a manifest. */
  readonly scriptSha256: string | null;
  readonly model: RelationalModelSet;
  readonly inventory: Inventory;
  /** The desired catalog. */
  readonly catalog: Catalog;
}
