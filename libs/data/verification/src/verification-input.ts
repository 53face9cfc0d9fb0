import type { Catalog } from '@dms/catalog';
import type { Inventory } from '@dms/inventory';
import type { RelationalModelSet } from '@dms/model';
import type { OdsMapping } from '@dms/ods';
import type { SqlDialect } from '@dms/sql';

/** What rows are checked with: the artifacts of one schema set in the dialect of the database. */
export interface CheckedSet {
  readonly model: RelationalModelSet;
  readonly inventory: Inventory;
  /** The desired catalog. */
  readonly catalog: Catalog;
}

/** What is verified: the artifacts of one mapping set in one dialect. */
export interface VerificationInput extends CheckedSet {
  readonly dialect: SqlDialect;
  readonly script: string;
  /** `normalized_sql_sha256` of `ddl.manifest.json`, where there is one. */
  readonly scriptSha256: string | null;
  /** The mapping of an ODS; without it the step `reporting` is skipped. */
  readonly ods?: OdsMapping | undefined;
}
