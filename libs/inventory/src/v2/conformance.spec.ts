import { readdirSync } from 'node:fs';
import { buildEffectiveSchema, effectiveSchemaManifestText, loadApiSchemaFiles } from '@dms/api-schema';
import { deriveModel } from '@dms/derivation';
import { dialects } from '@dms/sql';
import { hasSharedData, readSharedText, sharedFile } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveInventory } from '../index.ts';
import { modelManifestText } from '../manifest/model-manifest.ts';

/** Whether a fixture passes strict mode. */
const fixtures = {
  minimal: true,
  polymorphic: true,
  'profile-root-only-merge': true,
  'stable-key-extension-child-collections': true,
  'top-level-reference-backed-collection': true,
  'profile-collection-aligned-extension': true,
  'profile-collection-aligned-extension-with-doc-ref': true,
  'profile-nested-and-root-extension-children': true,
  nested: false,
  ext: false,
  'referential-identity': false,
  values: false,
  visits: false,
  rivers: false,
  'ds-5.2': true,
};

async function schemaOf(fixture: string) {
  const folder = ['fixtures-v2', fixture, 'inputs'];
  const files = readdirSync(sharedFile(...folder)).map((name) => ({ file: sharedFile(...folder, name) }));
  return buildEffectiveSchema(await loadApiSchemaFiles(files), { mappingVersion: 'v2' });
}

describe.runIf(hasSharedData)('the second generation (needs the shared conformance data)', () => {
  it.each(Object.keys(fixtures))('effective-schema.manifest.json of %s is byte-equal', async (fixture) => {
    const set = await schemaOf(fixture);
    const expected = readSharedText('fixtures-v2', fixture, 'expected', 'effective-schema.manifest.json');
    expect(effectiveSchemaManifestText(set.info)).toBe(expected);
  });

  it.each(
    Object.entries(fixtures).flatMap(([fixture, strict]) => dialects.map((dialect) => [fixture, dialect, strict] as const)),
  )('relational-model manifest of %s for %s is byte-equal', async (fixture, dialect, strict) => {
    const set = await schemaOf(fixture);
    const { model } = deriveModel(set, dialect, { strict, validate: true });
    const text = modelManifestText(model, deriveInventory(model, { strict }), set.info);
    const expected = readSharedText('fixtures-v2', fixture, 'expected', `relational-model.${dialect}.manifest.json`);
    expect(text).toBe(expected);
  });
});
