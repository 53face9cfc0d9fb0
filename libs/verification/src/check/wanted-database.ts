import type { DocumentSchemas, EffectiveSchemaManifest } from '@dms/api-schema';
import type { Catalog } from '@dms/catalog';
import type { Inventory } from '@dms/inventory';
import type { RelationalModelSet } from '@dms/model';

/** What a database should be. */
export interface WantedDatabase {
  readonly info: EffectiveSchemaManifest;
  readonly script: string;
  readonly catalog: Catalog;
  /** The catalog that the service's own tool makes from the schema set (design 09 §4.5); null if it makes none. */
  readonly service: () => Promise<Catalog | null>;
}

/** What its rows are checked with. */
export interface WantedRows {
  readonly model: RelationalModelSet;
  readonly inventory: Inventory;
  readonly schemas: DocumentSchemas;
}
