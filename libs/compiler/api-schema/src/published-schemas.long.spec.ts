import { hasSharedData, readSharedJson, readSharedText, sharedFile } from '@dms/testing';
import { parseJson } from '@dms/values';
import { describe, expect, it } from 'vitest';
import {
  buildEffectiveSchema,
  coreFirst,
  effectiveSchemaManifestText,
  loadApiSchemaFiles,
  normalizedSchemaText,
} from './index.ts';

const load = (...names: string[]) =>
  loadApiSchemaFiles(names.map((name) => ({ file: sharedFile('inputs', name), name })));

/** Sets with an expected manifest: folder and input files, the core first. */
const fixtures = [
  { fixture: 'minimal', files: ['ApiSchema.json'] },
  { fixture: 'nested', files: ['ApiSchema.json'] },
  { fixture: 'polymorphic', files: ['ApiSchema.json'] },
  { fixture: 'ext', files: ['ApiSchema.json', 'ApiSchema-Sample.json'] },
];

describe.runIf(hasSharedData)('published schemas (needs the shared conformance data)', () => {
  it('the 5.2 core has the hashes and the 351 keys of the rules', async () => {
    const { info } = buildEffectiveSchema(await load('ds-5.2-core.json'));
    expect(info.effectiveSchemaHash).toBe('734f833c60600558feb3c79b94392c9b2619321bd64d60428d868f67b81c781c');
    expect(info.schemaComponents.map(({ projectHash }) => projectHash)).toEqual([
      '902d74fd0f8fb59dfb906e14bb3409185703610a7261c20e6ee4b4194a523eef',
    ]);
    expect(info.resourceKeyCount).toBe(351);
    expect(info.resourceKeys.filter(({ isAbstract }) => isAbstract).map(({ resourceName }) => resourceName)).toEqual([
      'EducationOrganization',
      'GeneralStudentProgramAssociation',
    ]);
  });

  it('the 5.2 core has the listed resource keys', async () => {
    const { info } = buildEffectiveSchema(await load('ds-5.2-core.json'));
    const expected = readSharedJson('fixtures', 'ds-5.2', 'expected', 'resource-keys.json');
    const { resource_key_count, resource_key_seed_hash, resource_keys } = JSON.parse(effectiveSchemaManifestText(info));
    expect({ resource_key_count, resource_key_seed_hash, resource_keys }).toEqual({
      resource_key_count: expected.resource_key_count,
      resource_key_seed_hash: expected.resource_key_seed_hash,
      resource_keys: expected.resource_keys,
    });
  });

  it('the TPDM extension has the project hash of the rules, its OpenAPI text not counted, and 33 keys', async () => {
    const documents = await load('tpdm-1.1-extension.json');
    expect(readSharedText('inputs', 'tpdm-1.1-extension.json')).toContain('"openApiFragments"');
    const { info } = buildEffectiveSchema(documents, { requireSingleCore: false });
    expect(info.schemaComponents).toEqual([
      {
        projectEndpointName: 'tpdm',
        projectName: 'TPDM',
        projectVersion: '1.1.0',
        isExtensionProject: true,
        projectHash: '444efc42531b353e449a2770f0de39144f6ce3f9a2ac259ccefbed91f63d7fd8',
      },
    ]);
    expect(info.resourceKeyCount).toBe(33);
  });

  it('core and extension give one result in either order', async () => {
    const [one, other] = await Promise.all([
      load('ds-5.2-core.json', 'tpdm-1.1-extension.json'),
      load('tpdm-1.1-extension.json', 'ds-5.2-core.json'),
    ]);
    expect(coreFirst(other).map(({ file }) => file)).toEqual(['ds-5.2-core.json', 'tpdm-1.1-extension.json']);
    const manifest = effectiveSchemaManifestText(buildEffectiveSchema(one).info);
    expect(effectiveSchemaManifestText(buildEffectiveSchema(other).info)).toBe(manifest);
    expect(JSON.parse(manifest).schema_components.map((any: { project_hash: string }) => any.project_hash)).toEqual([
      '902d74fd0f8fb59dfb906e14bb3409185703610a7261c20e6ee4b4194a523eef',
      '444efc42531b353e449a2770f0de39144f6ce3f9a2ac259ccefbed91f63d7fd8',
    ]);
  });

  it('normalized, they give the same set as before', async () => {
    const documents = await load('ds-5.2-core.json', 'tpdm-1.1-extension.json');
    const normalized = documents.map((document) => {
      const text = normalizedSchemaText(document);
      expect(text).not.toContain('"openApiFragments"');
      return { file: document.file, root: parseJson(text, document.file) };
    });
    expect(buildEffectiveSchema(normalized).info).toEqual(buildEffectiveSchema(documents).info);
  });

  it.each(fixtures)('fixture $fixture has its manifest, byte for byte', async ({ fixture, files }) => {
    const documents = await loadApiSchemaFiles(
      files.map((file) => ({ file: sharedFile('fixtures', fixture, 'inputs', file) })),
    );
    const expected = readSharedText('fixtures', fixture, 'expected', 'effective-schema.manifest.json');
    expect(effectiveSchemaManifestText(buildEffectiveSchema(documents).info)).toBe(expected);
  });
});
