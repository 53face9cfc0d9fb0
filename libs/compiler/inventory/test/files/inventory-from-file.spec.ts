import { effectiveSchemaManifestText, readEffectiveSchemaManifest } from '@dms/api-schema';
import { deriveModel } from '@dms/derivation';
import { modelText, readModel } from '@dms/model';
import { dialects } from '@dms/sql';
import { propertyRuns, schemaSet, schemaSets } from '@dms/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveInventory } from '../../src/index.ts';
import { type Inventory, inventoryText, readInventory } from '../../src/inventory.ts';
import { modelManifestText } from '../../src/manifest/model-manifest.ts';
import { type Derived, derive } from '../derived.ts';
import { cases, everything } from '../every-entry.ts';

const modelHash = 'a'.repeat(64);

/**
 * The inputs of `read-model` and `derive-inventory`: the model from its file, with the fingerprint from the manifest.
 */
function throughFiles({ set, model }: Derived): { readonly manifest: string; readonly inventory: Inventory } {
  const fingerprint = readEffectiveSchemaManifest(
    Buffer.from(effectiveSchemaManifestText(set.info)),
    'effective-schema.manifest.json',
  );
  const read = readModel(modelText(model), `relational-model.${model.dialect}.json`, model.dialect, fingerprint);
  const derived = deriveInventory(read);
  const inventory = readInventory(
    inventoryText(derived, modelHash),
    `inventory.${model.dialect}.json`,
    model.dialect,
    modelHash,
  );
  return { manifest: modelManifestText(read, inventory, read.effectiveSchema), inventory };
}

describe('an inventory derived from a model read from its file', () => {
  it.each(cases)('is the same as one derived in the same process, for %s in %s', (_, dialect, documents) => {
    const derived = derive(dialect, ...documents);
    expect(throughFiles(derived).inventory).toEqual(derived.inventory);
  });

  it.each(cases)('gives the same manifest, for %s in %s', (_, dialect, documents) => {
    const derived = derive(dialect, ...documents);
    expect(throughFiles(derived).manifest).toBe(modelManifestText(derived.model, derived.inventory, derived.set.info));
  });

  it('is the same for random schema sets', () => {
    fc.assert(
      fc.property(schemaSets(), fc.constantFrom(...dialects), (documents, dialect) => {
        const set = schemaSet(...documents);
        const { model } = deriveModel(set, dialect);
        const inventory = deriveInventory(model);
        const read = throughFiles({ set, model, inventory });
        expect(read.inventory).toEqual(inventory);
        expect(read.manifest).toBe(modelManifestText(model, inventory, set.info));
      }),
      { numRuns: propertyRuns(60) },
    );
  });

  it('does not change the model', () => {
    const { model } = derive('mssql', ...everything);
    const before = modelText(model);
    deriveInventory(model);
    deriveInventory(model);
    expect(modelText(model)).toBe(before);
  });
});
