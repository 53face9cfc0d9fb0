import { readArtifact } from '@dms/model';
import * as z from 'zod/mini';
import type { InventoryFileFormat } from '../inventory-content.ts';
import { inventoryFile } from '../inventory-format.ts';

// the format number first: it identifies another format better than missing members do
const file = z.extend(z.object({ inventoryFormat: z.literal(2) }), inventoryFile.shape);

/** The inventory file of the second generation (design 15 §11). */
export const inventoryFileV2: InventoryFileFormat = {
  format: 2,
  write: (inventory) => ({ ...inventory }),
  read(text, name, dialect, kind) {
    const { inventoryFormat: _, ...inventory } = readArtifact(file, text, name, dialect, kind);
    return inventory;
  },
};
