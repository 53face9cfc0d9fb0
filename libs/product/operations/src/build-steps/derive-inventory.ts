import { append, type Diagnostic } from '@dms/diagnostics';
import { deriveInventory, inventoryFindings, inventoryText, modelManifestText } from '@dms/inventory';
import { modelFormat } from '../incremental-build/artifact-formats.ts';
import type { Step } from '../incremental-build/step.ts';

/** Derives inventories of indexes and triggers from models, and the model manifests that list both (design 05). */
export const deriveInventoryStep: Step<'derive-inventory'> = {
  name: 'derive-inventory',
  async run({ read, hashOf, perDialect }) {
    const diagnostics: Diagnostic[] = [];
    const made = await perDialect(async (dialect) => {
      const model = await read(modelFormat, dialect);
      const inventory = deriveInventory(model);
      append(diagnostics, inventoryFindings(model, inventory).warnings);
      const manifest = () => modelManifestText(model, inventory, model.effectiveSchema);
      return [
        {
          artifact: 'inventory',
          dialect,
          content: async () => inventoryText(inventory, await hashOf('model', dialect)),
          value: inventory,
        },
        { artifact: 'modelManifest', dialect, content: manifest },
      ] as const;
    });
    return { made: made.flat(), diagnostics };
  },
};
