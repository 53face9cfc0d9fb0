import { readArtifact } from '@dms/model';
import * as z from 'zod/mini';
import type { DbTrigger, Inventory } from '../inventory.ts';
import type { InventoryFileFormat } from '../inventory-content.ts';
import { inventoryFile, otherTriggers, stampingTrigger } from '../inventory-format.ts';

const fileStamp = z.omit(stampingTrigger, { mirrorStampTargetTable: true, changeTracking: true });

// the format number first: it identifies another format better than missing members do
const file = z.extend(z.object({ inventoryFormat: z.literal(1) }), {
  ...z.omit(inventoryFile, { trackedChangeTables: true, authViews: true }).shape,
  triggers: z.array(z.discriminatedUnion('kind', [fileStamp, ...otherTriggers])),
});

function written(trigger: DbTrigger) {
  if (trigger.kind !== 'DocumentStamping') return trigger;
  const { mirrorStampTargetTable: _, changeTracking: __, ...rest } = trigger;
  return rest;
}

/** The inventory file of the first generation (design 05 §8.1). */
export const inventoryFileV1: InventoryFileFormat = {
  format: 1,
  write: ({ trackedChangeTables: _, authViews: __, ...inventory }) => ({
    ...inventory,
    triggers: inventory.triggers.map(written),
  }),
  read(text, name, dialect, kind): Inventory {
    const { inventoryFormat: _, ...inventory } = readArtifact(file, text, name, dialect, kind);
    return {
      ...inventory,
      triggers: inventory.triggers.map(
        (trigger): DbTrigger =>
          trigger.kind === 'DocumentStamping' ? { ...trigger, mirrorStampTargetTable: null, changeTracking: null } : trigger,
      ),
      trackedChangeTables: [],
      authViews: [],
    };
  },
};
