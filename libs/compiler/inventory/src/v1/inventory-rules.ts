import type { InventoryRules } from '../inventory-rules.ts';

/** The first generation (design 05). */
export const inventoryRulesV1: InventoryRules = {
  triggers: {
    mirrorsVersions: false,
    storesReferentialIds: true,
    abstractSource: (_resource, _path, canonical) => canonical,
  },
  further: () => ({ indexes: [], triggers: [], trackedTables: [] }),
  authViews: () => [],
};
