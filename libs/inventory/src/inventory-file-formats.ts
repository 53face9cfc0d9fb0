import type { MappingVersion } from '@dms/api-schema';
import type { InventoryFileFormat } from './inventory-content.ts';
import { inventoryFileV1 } from './v1/inventory-file.ts';
import { inventoryFileV2 } from './v2/inventory-file.ts';

/** The inventory file of each generation. */
export const inventoryFileFormats: Readonly<Record<MappingVersion, InventoryFileFormat>> = {
  v1: inventoryFileV1,
  v2: inventoryFileV2,
};
