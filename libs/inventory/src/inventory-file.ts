import { defaultMappingVersion, type MappingVersion } from '@dms/api-schema';
import { listText } from '@dms/canonical-json';
import type { SqlDialect } from '@dms/sql';
import type { Inventory } from './inventory.ts';
import { inventoryFileFormats } from './inventory-file-formats.ts';

/** The text of `inventory.<dialect>.json` (design 05 §8.1), in the format of the model's generation. */
export function inventoryText(inventory: Inventory, version: MappingVersion = defaultMappingVersion): string {
  const { format, write } = inventoryFileFormats[version];
  return listText({ inventoryFormat: format, ...write(inventory) });
}

/** Reads an inventory file. Throws `MODEL_FILE_INVALID`. */
export function readInventory(
  text: string,
  file: string,
  dialect: SqlDialect,
  version: MappingVersion = defaultMappingVersion,
): Inventory {
  const { format, read } = inventoryFileFormats[version];
  return read(text, file, dialect, `inventory file of format ${format}`);
}
