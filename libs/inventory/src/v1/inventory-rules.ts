import type { InventoryRules } from '../inventory-rules.ts';

/** The first generation (design 05). */
export const inventoryRulesV1: InventoryRules = {
  triggers: {
    identityPart: ({ identityBindings }, path) =>
      identityBindings.find(({ referenceJsonPath }) => referenceJsonPath.canonical === path),
    mirrorsVersions: false,
    abstractSource: (_source, _path, canonical) => canonical,
  },
  further: () => ({ indexes: [], triggers: [], trackedTables: [] }),
  authViews: () => [],
};
