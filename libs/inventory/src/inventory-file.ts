import { hashStart, listText } from '@dms/files';
import { type ArtifactKind, invalidArtifact, readArtifact } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import * as z from 'zod/mini';
import { type Inventory, inventoryContent } from './inventory.ts';

/** The number of the file format; a change of the format changes it. */
const format = 3;

const kind: ArtifactKind = { name: 'inventory file', member: 'inventoryFormat', formats: [format] };

// the format number first: it identifies another format better than missing members do
const file = z.extend(z.object({ inventoryFormat: z.literal(format), modelHash: z.string() }), inventoryContent.shape);

/**
 * The text of `inventory.<dialect>.json` (design 05 §8.1).
 *
 * @param modelHash SHA-256 of the model file that the inventory was derived from, lower-case hex
 */
export const inventoryText = (inventory: Inventory, modelHash: string): string =>
  listText({ inventoryFormat: format, modelHash, ...inventory });

/** Reads the inventory file of a model. Throws `MODEL_FILE_INVALID`, also for the inventory of another model. */
export function readInventory(text: string, name: string, dialect: SqlDialect, modelHash: string): Inventory {
  const { inventoryFormat: _, modelHash: found, ...inventory } = readArtifact(file, text, name, dialect, kind);
  if (found !== modelHash) {
    const text = `it was derived from the model ${hashStart(found)}…, and the model beside it is ${hashStart(modelHash)}…`;
    invalidArtifact(name, `${kind.name} of format ${format} for ${dialect}`, text);
  }
  return inventory;
}
