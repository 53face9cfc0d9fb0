import type { DocumentSchemas, EffectiveSchemaManifest } from '@dms/api-schema';
import type { Catalog } from '@dms/catalog';
import type { Inventory } from '@dms/inventory';
import type { RelationalModelSet } from '@dms/model';

/** The artifacts of one schema set in one dialect, as a folder of artifacts holds them: everything that is compared (design 12). */
export interface ComparedSet {
  readonly info: EffectiveSchemaManifest;
  readonly model: RelationalModelSet;
  readonly inventory: Inventory;
  readonly catalog: Catalog;
  /** What an API checks documents with, whatever the tables accept. */
  readonly schemas: DocumentSchemas;
}

/** A row of `dms.ResourceKey`. */
export type ResourceKeyRow = EffectiveSchemaManifest['resourceKeys'][number];
