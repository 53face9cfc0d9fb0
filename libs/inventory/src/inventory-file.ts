import { listText } from '@dms/canonical-json';
import { readArtifact } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import type { Inventory } from './inventory.ts';
import { inventoryFile } from './inventory-format.ts';

/** The text of `inventory.<dialect>.json` (design 05 §8.1). */
export function inventoryText(inventory: Inventory): string {
  return listText({ inventoryFormat: 1, ...inventory });
}

/** Reads an inventory file back. Throws `MODEL_FILE_INVALID`. */
export function readInventory(text: string, file: string, dialect: SqlDialect): Inventory {
  const { inventoryFormat: _, ...inventory } = readArtifact(inventoryFile, text, file, dialect, 'inventory file of format 1');
  return inventory;
}
