import type { InventoryRules } from '../inventory-rules.ts';
import { descriptorsOfResource, furtherObjects, inventoryRulesV2 } from '../v2/inventory-rules.ts';

/** No trigger maintains referential ids, and no index has the discriminator of descriptors (design 22 §2). */
export const inventoryRulesV2Natural: InventoryRules = {
  ...inventoryRulesV2,
  triggers: { ...inventoryRulesV2.triggers, storesReferentialIds: false },
  further: furtherObjects([descriptorsOfResource]),
};
