import { build } from '@dms/testing';
import { toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { failuresOf } from '../../test/failures.ts';
import {
  buildEffectiveSchema,
  type EffectiveSchemaInfo,
  effectiveSchemaHash,
  effectiveSchemaManifestText,
  readEffectiveSchemaManifest,
  withGeneration,
} from '../index.ts';

/** The example of the rules: a core plus an extension that contributes no key. */
const info: EffectiveSchemaInfo = {
  apiSchemaFormatVersion: '1.0.0',
  relationalMappingVersion: 'v1',
  effectiveSchemaHash: '5464f0003fb92177178525a569b613631de3e2c2062a6e9ceffebc08a08a9b72',
  resourceKeyCount: 1,
  resourceKeySeedHash: Buffer.from('732a553a326b7f67d4706e056dde684caf2dffdf8effe0db2fe2420aa3cfa168', 'hex'),
  schemaComponents: [
    {
      projectEndpointName: 'ed-fi',
      projectName: 'Ed-Fi',
      projectVersion: '1.0.0',
      isExtensionProject: false,
      projectHash: '8b664121e71d87f780577e9102652fc6d25c8e1a3165f975b7a94a3f545f726d',
    },
    {
      projectEndpointName: 'sample',
      projectName: 'Sample',
      projectVersion: '1.0.0',
      isExtensionProject: true,
      projectHash: '31f8628854fb12513bc2eed0d4e323b127f892eb800cf5b1a6c706ab0588054e',
    },
  ],
  resourceKeys: [{ id: 1, projectName: 'Ed-Fi', resourceName: 'School', resourceVersion: '1.0.0', isAbstract: false }],
};
const text = `{
  "api_schema_format_version": "1.0.0",
  "relational_mapping_version": "v1",
  "effective_schema_hash": "5464f0003fb92177178525a569b613631de3e2c2062a6e9ceffebc08a08a9b72",
  "resource_key_count": 1,
  "resource_key_seed_hash": "732a553a326b7f67d4706e056dde684caf2dffdf8effe0db2fe2420aa3cfa168",
  "schema_components": [
    {
      "project_endpoint_name": "ed-fi",
      "project_name": "Ed-Fi",
      "project_version": "1.0.0",
      "is_extension_project": false,
      "project_hash": "8b664121e71d87f780577e9102652fc6d25c8e1a3165f975b7a94a3f545f726d"
    },
    {
      "project_endpoint_name": "sample",
      "project_name": "Sample",
      "project_version": "1.0.0",
      "is_extension_project": true,
      "project_hash": "31f8628854fb12513bc2eed0d4e323b127f892eb800cf5b1a6c706ab0588054e"
    }
  ],
  "resource_keys": [
    {
      "resource_key_id": 1,
      "project_name": "Ed-Fi",
      "resource_name": "School",
      "resource_version": "1.0.0"
    }
  ]
}
`;

const bytes = (any: string) => new TextEncoder().encode(any);
const read = (any: string) => readEffectiveSchemaManifest(bytes(any), 'dist/effective-schema.manifest.json');

describe('the manifest', () => {
  it('is, byte for byte, that of the rules', () => {
    expect(effectiveSchemaManifestText(info)).toBe(text);
  });

  it('has no member resource_keys when it is asked for without', () => {
    const without = effectiveSchemaManifestText(info, { includeResourceKeys: false });
    expect(without).toBe(`${text.slice(0, text.indexOf(',\n  "resource_keys"'))}\n}\n`);
    expect(effectiveSchemaManifestText(info, { includeResourceKeys: true })).toBe(text);
  });

  it('prints an empty list of keys as []', () => {
    const empty = effectiveSchemaManifestText({ ...info, resourceKeyCount: 0, resourceKeys: [] });
    expect(empty.endsWith('  "resource_keys": []\n}\n')).toBe(true);
    expect(empty).toContain('"resource_key_count": 0,');
  });

  it('does not say which keys are abstract', () => {
    const [key] = info.resourceKeys;
    if (!key) throw new Error('the example has a key');
    expect(effectiveSchemaManifestText({ ...info, resourceKeys: [{ ...key, isAbstract: true }] })).toBe(text);
  });

  it('escapes names by the table of manifests', () => {
    const root = build.project('O\'Brien & "Co"', [build.resource('Café')], { endpoint: 'brien+1' });
    const manifest = effectiveSchemaManifestText(
      buildEffectiveSchema([{ file: 'a.json', root: toJsonValue(root) }]).info,
    );
    expect(manifest).toContain('"project_name": "O\\u0027Brien \\u0026 \\u0022Co\\u0022"');
    expect(manifest).toContain('"resource_name": "Caf\\u00E9"');
    expect(manifest).toContain('"project_endpoint_name": "brien\\u002B1"');
  });
});

describe('a manifest that is read', () => {
  const { resourceKeys, resourceKeySeedHash, relationalMappingVersion: fingerprintVersion, ...facts } = info;

  it('returns the facts that were written', () => {
    const manifest = read(text);
    expect(Buffer.from(manifest.resourceKeySeedHash).toString('hex')).toBe(
      Buffer.from(resourceKeySeedHash).toString('hex'),
    );
    expect({ ...manifest, resourceKeySeedHash: null }).toEqual({
      ...facts,
      fingerprintVersion,
      resourceKeySeedHash: null,
      resourceKeys: resourceKeys.map(({ isAbstract, ...key }) => key),
    });
  });

  it('gives names with characters that a manifest escapes, and no keys where there are none', () => {
    const schemaComponents = info.schemaComponents.map((component) => ({ ...component, projectName: '"é😀\\<+>`' }));
    const named = {
      ...info,
      schemaComponents,
      effectiveSchemaHash: effectiveSchemaHash({ ...info, fingerprintVersion: 'v1', schemaComponents }),
      resourceKeyCount: 0,
      resourceKeys: [],
    };
    const manifest = read(effectiveSchemaManifestText(named));
    expect(manifest.schemaComponents).toEqual(named.schemaComponents);
    expect(manifest.resourceKeys).toEqual([]);
  });

  it.each([
    ['v1', 'v1', 'v1'],
    ['v1', 'v2', null],
    ['v2', 'v2', 'v2'],
    ['v2', 'v2-natural', 'v2-natural'],
    ['v1', 'v2-natural', null],
    ['v2', null, null],
  ] as const)('of the fingerprint version %s with the generation %s is of %s', (fingerprintVersion, version, found) => {
    const { relationalMappingVersion, ...facts } = info;
    const completed = withGeneration({ ...facts, fingerprintVersion }, version);
    expect(completed).toEqual(found && { ...facts, relationalMappingVersion: found });
  });

  it('of a mapping version that is not known is MAPPING_VERSION_UNKNOWN, and says which are', () => {
    for (const version of ['v9', '', 'V1', 'toString']) {
      const [failure] = failuresOf(() =>
        read(text.replace('"relational_mapping_version": "v1"', `"relational_mapping_version": "${version}"`)),
      );
      expect(failure).toMatchObject({ code: 'MAPPING_VERSION_UNKNOWN', details: { version, known: ['v1', 'v2'] } });
      expect(failure?.message).toContain(JSON.stringify(version));
    }
  });

  it.each([
    ['the format version', '"api_schema_format_version": "1.0.0"', '"api_schema_format_version": "1.0.1"'],
    ['a project version', '"project_version": "1.0.0"', '"project_version": "1.0.1"'],
    ['the hash', '"effective_schema_hash": "', '"effective_schema_hash": "0'],
  ])('in which %s was edited is MODEL_FILE_INVALID: the fingerprint tells', (_, was, is) => {
    const edited = text.replace(was, is).replace(/("effective_schema_hash": "[0-9a-f]{64})[0-9a-f]*/, '$1');
    expect(edited).not.toBe(text);
    const [failure] = failuresOf(() => read(edited));
    expect(failure?.code).toBe('MODEL_FILE_INVALID');
    expect(failure?.details.reason).toBe(
      'effective_schema_hash must be the hash of the versions and components beside it',
    );
  });

  it('may have a byte order mark, other white space and other members', () => {
    const other = `\ufeff${JSON.stringify({ comment: 1, ...JSON.parse(text) })}`;
    expect(read(other)).toEqual(read(text));
  });

  it.each([
    ['is not JSON', '{', 'INPUT_JSON_INVALID'],
    ['is empty', '', 'INPUT_JSON_INVALID'],
    ['names a member twice', text.replace('{', '{"resource_key_count": 1,'), 'INPUT_JSON_DUPLICATE_KEY'],
  ])('and %s is refused like any JSON, with the file', (_name, any, code) => {
    const found = failuresOf(() => read(any));
    expect(found.map((entry) => [entry.code, entry.where.file])).toEqual([
      [code, 'dist/effective-schema.manifest.json'],
    ]);
  });

  it('and is not UTF-8 is refused', () => {
    expect(
      failuresOf(() => readEffectiveSchemaManifest(Uint8Array.of(0x7b, 0xff), 'm.json')).map(({ code }) => code),
    ).toEqual(['INPUT_UNICODE_INVALID']);
  });

  // biome-ignore lint/suspicious/noExplicitAny: tests break the manifest freely
  type ParsedManifest = any;
  const component = [0, 1].flatMap((index) =>
    Object.keys(JSON.parse(text).schema_components[0]).map((member) => ({ member, index })),
  );
  const key = Object.keys(JSON.parse(text).resource_keys[0]).map((member) => ({ member }));
  const changes: [string, (manifest: ParsedManifest) => unknown][] = [
    ...Object.keys(JSON.parse(text)).map((member): [string, (manifest: ParsedManifest) => unknown] => [
      `lacks ${member}`,
      (manifest) => delete manifest[member],
    ]),
    ...component.map(({ member, index }): [string, (manifest: ParsedManifest) => unknown] => [
      `lacks ${member} of component ${index}`,
      (manifest) => delete manifest.schema_components[index][member],
    ]),
    ...key.map(({ member }): [string, (manifest: ParsedManifest) => unknown] => [
      `lacks ${member} of a key`,
      (manifest) => delete manifest.resource_keys[0][member],
    ]),
    ['has a version that is a number', (manifest) => Object.assign(manifest, { api_schema_format_version: 1 })],
    ['has a version null', (manifest) => Object.assign(manifest, { relational_mapping_version: null })],
    ['has a count that is a text', (manifest) => Object.assign(manifest, { resource_key_count: '1' })],
    ['has a count with a fraction', (manifest) => Object.assign(manifest, { resource_key_count: 1.5 })],
    ['has a count that is not that of its keys', (manifest) => Object.assign(manifest, { resource_key_count: 2 })],
    ['has a negative count', (manifest) => Object.assign(manifest, { resource_key_count: -1 })],
    [
      'has a flag that is a text',
      (manifest) => Object.assign(manifest.schema_components[0], { is_extension_project: 'false' }),
    ],
    ['has components that are an object', (manifest) => Object.assign(manifest, { schema_components: {} })],
    ['has a component that is a text', (manifest) => Object.assign(manifest, { schema_components: ['ed-fi'] })],
    ['has keys that are null', (manifest) => Object.assign(manifest, { resource_keys: null })],
    ['has an id that is a text', (manifest) => Object.assign(manifest.resource_keys[0], { resource_key_id: '1' })],
    ['has a seed hash of another length', (manifest) => Object.assign(manifest, { resource_key_seed_hash: '732a' })],
    [
      'has a seed hash that is not hex',
      (manifest) => Object.assign(manifest, { resource_key_seed_hash: 'zz'.repeat(32) }),
    ],
    [
      'has an effective hash that is not hex',
      (manifest) => Object.assign(manifest, { effective_schema_hash: 'zz'.repeat(32) }),
    ],
  ];
  it.each(changes)('and %s is MODEL_FILE_INVALID with the file', (_name, change) => {
    const manifest = JSON.parse(text);
    change(manifest);
    const found = failuresOf(() => read(JSON.stringify(manifest)));
    expect(found.map(({ code, where }) => [code, where.file])).toEqual([
      ['MODEL_FILE_INVALID', 'dist/effective-schema.manifest.json'],
    ]);
    expect(found[0]?.message).toContain('dist/effective-schema.manifest.json');
  });

  it('and has a fault deep inside is refused with its place and the expected value', () => {
    const [found] = failuresOf(() => read(text.replace('"project_hash": "31f8', '"project_hash": "31F8')));
    expect(found?.message).toContain(
      'schema_components.1.project_hash must be 64 lower-case hex digits; emit the artifacts again',
    );
    const [counted] = failuresOf(() => read(text.replace('"resource_key_count": 1', '"resource_key_count": 2')));
    expect(counted?.details.reason).toBe('resource_key_count must be the number of resource_keys');
  });

  it.each(['[]', '"x"', '1', 'true'])('and is the document %s is MODEL_FILE_INVALID', (any) => {
    expect(failuresOf(() => read(any)).map(({ code }) => code)).toEqual(['MODEL_FILE_INVALID']);
  });

  it.each(['1.0', '1e0', '10E-1'])('and writes the count as %s, no integer lexeme, is MODEL_FILE_INVALID', (lexeme) => {
    const any = text.replace('"resource_key_count": 1', `"resource_key_count": ${lexeme}`);
    expect(failuresOf(() => read(any)).map(({ code }) => code)).toEqual(['MODEL_FILE_INVALID']);
  });
});
