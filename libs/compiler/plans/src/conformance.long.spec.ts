import { readdirSync } from 'node:fs';
import { buildEffectiveSchema, loadApiSchemaFiles } from '@dms/api-schema';
import { deriveModel } from '@dms/derivation';
import { dialects } from '@dms/sql';
import { hasSharedData, readSharedText, sharedFile } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { compileMappingSet, mappingSetManifestText } from './index.ts';

const fixtures = ['plans-minimal', 'plans-key-unification-presence-gating', 'plans-collections-nested-extension'];

async function mappingSets(files: readonly string[]) {
  const set = buildEffectiveSchema(await loadApiSchemaFiles(files.map((file) => ({ file }))));
  return dialects.map((dialect) => compileMappingSet(deriveModel(set, dialect).model));
}

describe.runIf(hasSharedData)('mapping set manifests (needs the shared conformance data)', () => {
  it.each(fixtures)('mappingset.manifest.json of %s is byte-equal', async (fixture) => {
    const folder = ['fixtures', fixture, 'inputs'];
    const files = readdirSync(sharedFile(...folder)).map((name) => sharedFile(...folder, name));
    expect(mappingSetManifestText(await mappingSets(files))).toBe(
      readSharedText('fixtures', fixture, 'expected', 'mappingset.manifest.json'),
    );
  });

  it('every resource of the data standard 5.2 has a write plan and a read plan', async () => {
    for (const { model, writePlansByResource, readPlansByResource } of await mappingSets([
      sharedFile('inputs', 'ds-5.2-core.json'),
    ])) {
      const stored = model.resources.filter(({ storageKind }) => storageKind === 'RelationalTables');
      expect(writePlansByResource.size).toBe(stored.length);
      expect(readPlansByResource.size).toBe(stored.length);
    }
  });
});
