import type { MappingVersion } from '@dms/api-schema';
import type { InventoryRules } from './inventory-rules.ts';
import { inventoryRulesV1 } from './v1/inventory-rules.ts';
import { inventoryRulesV2 } from './v2/inventory-rules.ts';
import { inventoryRulesV2Natural } from './v2-natural/inventory-rules.ts';

export const generations: Readonly<Record<MappingVersion, InventoryRules>> = {
  v1: inventoryRulesV1,
  v2: inventoryRulesV2,
  'v2-natural': inventoryRulesV2Natural,
};
