import type { DocumentSchemas, EffectiveSchemaManifest } from '@dms/api-schema';
import type { Catalog } from '@dms/catalog';
import { documentPlans } from '@dms/documents';
import type { Inventory } from '@dms/inventory';
import type { RelationalModelSet } from '@dms/model';
import { compileMappingSet } from '@dms/plans';
import { type SetPlaces, setPlaces } from '@dms/translation';
import { cachedByObject } from '@dms/values';

/**
 * The artifacts of one schema set in one dialect, as a folder of artifacts holds them: everything that is compared
 * (design 12).
 */
export interface ComparedSet {
  readonly info: EffectiveSchemaManifest;
  readonly model: RelationalModelSet;
  readonly inventory: Inventory;
  readonly catalog: Catalog;
  /** The schemas with which an API checks documents; they may be stricter than the tables. */
  readonly schemas: DocumentSchemas;
}

/** The places that names stand for in a set, found once per set. */
export const placesOf = cachedByObject(
  ({ model, inventory }: ComparedSet): SetPlaces => setPlaces(documentPlans(compileMappingSet(model), inventory)),
);

/** A row of `dms.ResourceKey`. */
export type ResourceKeyRow = EffectiveSchemaManifest['resourceKeys'][number];
