import { readdirSync } from 'node:fs';
import { buildEffectiveSchema, effectiveSchemaManifestText, loadApiSchemaFiles } from '@dms/api-schema';
import { deriveModel } from '@dms/derivation';
import { dialects } from '@dms/sql';
import {
  fixtureDocumentsV2,
  hasSharedData,
  readSharedJson,
  readSharedText,
  sharedFile,
  uncheckedSetV2,
} from '@dms/testing';
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

async function schemaOf(...files: readonly string[]) {
  return buildEffectiveSchema(await loadApiSchemaFiles(files.map((file) => ({ file }))), { mappingVersion: 'v2' });
}

const filesOf = (fixture: string) => {
  const folder = ['fixtures-v2', fixture, 'inputs'];
  return readdirSync(sharedFile(...folder)).map((name) => sharedFile(...folder, name));
};

describe.runIf(hasSharedData)('the second generation (needs the shared conformance data)', () => {
  it.each(Object.keys(fixtures))('effective-schema.manifest.json of %s is byte-equal', async (fixture) => {
    const set = await schemaOf(...filesOf(fixture));
    const expected = readSharedText('fixtures-v2', fixture, 'expected', 'effective-schema.manifest.json');
    expect(effectiveSchemaManifestText(set.info)).toBe(expected);
  });

  it.each(
    Object.entries(fixtures).flatMap(([fixture, strict]) =>
      [strict, false].flatMap((isStrict, index) =>
        strict || index > 0 ? dialects.map((dialect) => [fixture, dialect, isStrict] as const) : [],
      ),
    ),
  )('relational-model manifest of %s for %s is byte-equal, in strict mode: %s', async (fixture, dialect, strict) => {
    const set = await schemaOf(...filesOf(fixture));
    const { model } = deriveModel(set, dialect, { strict, validate: true });
    const text = modelManifestText(model, deriveInventory(model, { strict }), set.info);
    const expected = readSharedText('fixtures-v2', fixture, 'expected', `relational-model.${dialect}.manifest.json`);
    expect(text).toBe(expected);
  });

  it.each([true, false])('derived-set-stable-key is what is expected, in strict mode: %s', (strict) => {
    const set = uncheckedSetV2(...fixtureDocumentsV2('derived-set-stable-key'));
    const { model } = deriveModel(set, 'pgsql', { strict });
    const text = modelManifestText(model, deriveInventory(model, { strict }), set.info, new Set(['Ed-Fi:School']));
    const folder = 'derived-set-stable-key';
    const file = 'focused-stable-key-derived-relational-model-set.json';
    const expected = readSharedJson('fixtures-v2', folder, 'expected', file);
    // the file has its own hash and version
    const { effective_schema_hash, relational_mapping_version } = expected;
    expect({ ...JSON.parse(text), effective_schema_hash, relational_mapping_version }).toEqual(expected);
  });
});
