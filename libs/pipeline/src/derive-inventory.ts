import { deriveInventory, type Inventory, inventoryText, modelManifestText } from '@dms/inventory';
import type { RelationalModelSet } from '@dms/model';
import { artifactNames } from './artifacts.ts';
import { type ArtifactStepOptions, readManifestArtifact, readModelArtifact } from './read-model.ts';
import { type NamedText, removeOutputs, type StepResult, writeArtifacts } from './step-files.ts';

export function inventoryTexts(model: RelationalModelSet, inventory: Inventory): NamedText[] {
  return [
    { name: artifactNames.inventory(model.dialect), text: inventoryText(inventory) },
    { name: artifactNames.modelManifest(model.dialect), text: modelManifestText(model, inventory, model.effectiveSchema) },
  ];
}

/** Step `derive-inventory`: from model files to inventories and model manifests. */
export async function deriveInventoryStep({ outputDirectory, dialects }: ArtifactStepOptions): Promise<StepResult> {
  await removeOutputs('derive-inventory', outputDirectory);
  const manifest = await readManifestArtifact(outputDirectory);
  const texts: NamedText[] = [];
  for (const dialect of dialects) {
    const model = await readModelArtifact(outputDirectory, dialect, manifest);
    texts.push(...inventoryTexts(model, deriveInventory(model)));
  }
  return { artifacts: await writeArtifacts(outputDirectory, texts), diagnostics: [] };
}
