import type { Catalog } from '@dms/catalog';
import type { Inventory } from '@dms/inventory';
import type { RelationalModelSet } from '@dms/model';

/** The input of the check of rows: the artifacts of one schema set in the dialect of the database. */
export interface CheckedSet {
  readonly model: RelationalModelSet;
  readonly inventory: Inventory;
  /** The desired catalog. */
  readonly catalog: Catalog;
}
