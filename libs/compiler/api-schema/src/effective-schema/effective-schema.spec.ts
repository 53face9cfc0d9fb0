import { createHash } from 'node:crypto';
import { DmsError } from '@dms/diagnostics';
import { build } from '@dms/testing';
import { canonicalText, parseJson, toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { reversed } from '../../test/reversed.ts';
import {
  type ApiSchemaDocument,
  buildEffectiveSchema,
  defaultMappingVersion,
  type EffectiveSchemaInfo,
  effectiveSchemaHash,
  effectiveSchemaManifestText,
  resourceKeyLimit,
} from '../index.ts';
import { assertEffectiveSchema, effectiveSchemaFindings } from './effective-schema-manifest.ts';
import { effectiveSchemaHashHeader, resourceKeySeedHashHeader } from './resource-keys.ts';

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** The worked example of the rules: the canonical form of a core project with one resource, and its hashes. */
const example = {
  canonical:
    '{"abstractResources":{},"caseInsensitiveEndpointNameMapping":{"widgets":"widgets"},"description":"","educationOrganizationHierarchy":{},"educationOrganizationTypes":[],"isExtensionProject":false,"projectEndpointName":"toy","projectName":"Toy","projectVersion":"1.0.0","resourceNameMapping":{"Widget":"widgets"},"resourceSchemas":{"widgets":{"allowIdentityUpdates":false,"arrayUniquenessConstraints":[],"documentPathsMapping":{"WidgetCode":{"isPartOfIdentity":true,"isReference":false,"isRequired":true,"path":"$.widgetCode","type":"string"}},"equalityConstraints":[],"identityJsonPaths":["$.widgetCode"],"isDescriptor":false,"isResourceExtension":false,"isSchoolYearEnumeration":false,"isSubclass":false,"jsonSchemaForInsert":{"properties":{"widgetCode":{"maxLength":30,"type":"string"}},"required":["widgetCode"],"type":"object"},"resourceName":"Widget"}}}',
  projectHash: 'b71b8d03f6a14b1d91f1ef34048de0e8ba85f8415b1f07316ef292d4a8d939d0',
  effectiveSchemaHash: 'ffd060b0fd0b7360213953677b4d19d60b2118cfe89049b9f7084177cbcbefa4',
};

// biome-ignore lint/suspicious/noExplicitAny: tests change the example freely
const exampleRoot = (change: (root: any) => void = () => undefined): ApiSchemaDocument => {
  const root = { apiSchemaVersion: '1.0.0', projectSchema: JSON.parse(example.canonical) };
  change(root);
  return { file: 'toy.json', root: toJsonValue(root) };
};
const documents = (...roots: build.JsonRecord[]): ApiSchemaDocument[] =>
  roots.map((root, index) => ({ file: `${index}.json`, root: toJsonValue(root) }));
const attic = build.project('Attic', [build.resource('Box')], { isExtension: true, version: '1.2' });

describe('the constants', () => {
  it('are those of the rules', () => {
    expect({ effectiveSchemaHashHeader, defaultMappingVersion, resourceKeySeedHashHeader, resourceKeyLimit }).toEqual({
      effectiveSchemaHashHeader: 'dms-effective-schema-hash:v1',
      defaultMappingVersion: 'v1',
      resourceKeySeedHashHeader: 'resource-key-seed-hash:v1',
      resourceKeyLimit: 32767,
    });
  });
});

describe('the worked example', () => {
  const set = buildEffectiveSchema([exampleRoot()]);

  it('has the canonical form, the project hash and the effective schema hash of the rules', () => {
    expect(canonicalText(set.projects[0]?.projectSchema ?? null)).toBe(example.canonical);
    expect(set.info.schemaComponents[0]?.projectHash).toBe(example.projectHash);
    expect(set.info.effectiveSchemaHash).toBe(example.effectiveSchemaHash);
  });

  it('has the seed hash of its one key', () => {
    expect(hex(set.info.resourceKeySeedHash)).toBe(sha256('resource-key-seed-hash:v1\n1|Toy|Widget|1.0.0\n'));
    expect(hex(set.info.resourceKeySeedHash)).toMatch(/^49c72fe7/);
  });

  it('is described in full by its info', () => {
    expect({ ...set.info, resourceKeySeedHash: null }).toEqual({
      apiSchemaFormatVersion: '1.0.0',
      relationalMappingVersion: 'v1',
      effectiveSchemaHash: example.effectiveSchemaHash,
      resourceKeyCount: 1,
      resourceKeySeedHash: null,
      schemaComponents: [
        {
          projectEndpointName: 'toy',
          projectName: 'Toy',
          projectVersion: '1.0.0',
          isExtensionProject: false,
          projectHash: example.projectHash,
        },
      ],
      resourceKeys: [
        { id: 1, projectName: 'Toy', resourceName: 'Widget', resourceVersion: '1.0.0', isAbstract: false },
      ],
    });
  });

  it('has the same hashes with its members in any order, indented, with CRLF and with a byte order mark', () => {
    const root = reversed({ apiSchemaVersion: '1.0.0', projectSchema: JSON.parse(example.canonical) });
    const text = JSON.stringify(root, null, '\t').replaceAll('\n', '\r\n');
    const { info } = buildEffectiveSchema([{ file: 'a.json', root: parseJson(text, 'a.json') }]);
    expect(info.effectiveSchemaHash).toBe(example.effectiveSchemaHash);
  });
});

describe('the effective schema hash', () => {
  it.each([
    [
      'v1',
      '3c7f27e53b784596c6260bce1c36102f616714d05b872a68866e9f527f0cae7f',
      'c11496d97d5ff58508e31dbaa1b709d7b725b8f760fc4c2bae7b3550a4371443',
    ],
    [
      'v2',
      'd027fabe7be0fff4cf67e976cdb6da564c4f8670b1bb297cb070836db9a846ae',
      '6e60cfa6542d6b591e4cb527850c1431eb114de346d9aa3d0ab466fa615bda61',
    ],
  ] as const)(
    'is that of the component line of the published 5.2 core, with version %s',
    (version, projectHash, expected) => {
      const component = {
        projectEndpointName: 'ed-fi',
        projectName: 'Ed-Fi',
        projectVersion: '5.2.0',
        isExtensionProject: false,
        projectHash,
      };
      const hashed = {
        fingerprintVersion: version,
        apiSchemaFormatVersion: '1.0.0',
        schemaComponents: [component],
      } as const;
      expect(effectiveSchemaHash(hashed)).toBe(expected);
    },
  );

  it('depends on the mapping version; the numbers of the resources and their hash do not', () => {
    const [first, second] = (['v1', 'v2'] as const).map(
      (mappingVersion) => buildEffectiveSchema([exampleRoot(), ...documents(attic)], { mappingVersion }).info,
    );
    expect(first?.effectiveSchemaHash).not.toBe(second?.effectiveSchemaHash);
    expect(first?.resourceKeys).toEqual(second?.resourceKeys);
    expect(first?.resourceKeySeedHash).toEqual(second?.resourceKeySeedHash);
    expect([first?.relationalMappingVersion, second?.relationalMappingVersion]).toEqual(['v1', 'v2']);
  });

  it('is that of header, versions and one line per project by endpoint name, joined by LF without one at the end', () => {
    const { info } = buildEffectiveSchema([exampleRoot(), ...documents(attic)]);
    const [atticHash] = info.schemaComponents.map(({ projectHash }) => projectHash);
    const lines = [
      'dms-effective-schema-hash:v1',
      'relationalMappingVersion=v1',
      'apiSchemaFormatVersion=1.0.0',
      `attic|Attic|1.2|true|${atticHash}`,
      `toy|Toy|1.0.0|false|${example.projectHash}`,
    ];
    expect(info.effectiveSchemaHash).toBe(sha256(lines.join('\n')));
  });

  it('is of the raw characters of names, nothing escaped', () => {
    const root = build.project('O\'Brien & "Co"', [build.resource('Widget')], { endpoint: 'brien' });
    const { info } = buildEffectiveSchema(documents(root));
    expect(info.effectiveSchemaHash).toBe(
      sha256(
        `dms-effective-schema-hash:v1\nrelationalMappingVersion=v1\napiSchemaFormatVersion=1.0.0\nbrien|O'Brien & "Co"|1.0.0|false|${info.schemaComponents[0]?.projectHash}`,
      ),
    );
  });
});

describe('the project hash', () => {
  it('is that of the canonical UTF-8 bytes of the stripped projectSchema', () => {
    const { info } = buildEffectiveSchema([
      exampleRoot((root) => {
        root.projectSchema.description = 'caf\u00e9\u00a0😀';
        root.projectSchema.openApiBaseDocuments = { resources: {} };
      }),
    ]);
    const text = example.canonical.replace('"description":""', '"description":"café\\u00A0\\uD83D\\uDE00"');
    expect(info.schemaComponents[0]?.projectHash).toBe(sha256(text));
  });
});

describe('a change of the worked example', () => {
  const base = buildEffectiveSchema([exampleRoot()]).info;
  // biome-ignore lint/suspicious/noExplicitAny: tests change the example freely
  it.each<[string, (root: any) => void, boolean, boolean]>([
    ['description', (root) => Object.assign(root.projectSchema, { description: 'x' }), true, false],
    ['projectVersion', (root) => Object.assign(root.projectSchema, { projectVersion: '1.0.1' }), true, true],
    ['projectName', (root) => Object.assign(root.projectSchema, { projectName: 'Tov' }), true, true],
    ['projectEndpointName', (root) => Object.assign(root.projectSchema, { projectEndpointName: 'tov' }), true, false],
    ['apiSchemaVersion', (root) => Object.assign(root, { apiSchemaVersion: '1.0.1' }), true, false],
    ['a root member that no rule names', (root) => Object.assign(root, { comment: 'x' }), false, false],
    [
      'openApiFragments on a resource',
      (root) => Object.assign(root.projectSchema.resourceSchemas.widgets, { openApiFragments: {} }),
      false,
      false,
    ],
    [
      'openApiFragment on a concrete resource',
      (root) => Object.assign(root.projectSchema.resourceSchemas.widgets, { openApiFragment: {} }),
      true,
      false,
    ],
    [
      'a member with the value null',
      (root) => Object.assign(root.projectSchema, { compatibleDsRange: null }),
      true,
      false,
    ],
    [
      'the name of a resource',
      (root) => Object.assign(root.projectSchema.resourceSchemas.widgets, { resourceName: 'Wodget' }),
      true,
      true,
    ],
    [
      'the endpoint of a resource',
      (root) => {
        root.projectSchema.resourceSchemas = { wodgets: root.projectSchema.resourceSchemas.widgets };
      },
      true,
      false,
    ],
  ])('in %s', (_name, change, changesHash, changesSeed) => {
    const { info } = buildEffectiveSchema([exampleRoot(change)]);
    expect(info.effectiveSchemaHash !== base.effectiveSchemaHash).toBe(changesHash);
    expect(hex(info.resourceKeySeedHash) !== hex(base.resourceKeySeedHash)).toBe(changesSeed);
  });
});

describe('the projects of a set', () => {
  it('are listed by endpoint name, ordinally, core and extensions mixed, like the components', () => {
    const names = ['tpdm', 'sample', 'ed-fi', 'homograph', 'TPDM', 'edfi'];
    const roots = names.map((endpoint, index) =>
      build.project(`P${index}`, [], { endpoint, isExtension: endpoint !== 'ed-fi' }),
    );
    const set = buildEffectiveSchema(documents(...roots));
    const order = ['TPDM', 'ed-fi', 'edfi', 'homograph', 'sample', 'tpdm'];
    expect(set.projects.map(({ projectEndpointName }) => projectEndpointName)).toEqual(order);
    expect(set.info.schemaComponents.map(({ projectEndpointName }) => projectEndpointName)).toEqual(order);
  });
});

describe('the contract of a finished schema', () => {
  const info = buildEffectiveSchema([exampleRoot(), ...documents(attic)]).info;
  const [first, second] = info.schemaComponents;
  const [key, otherKey] = info.resourceKeys;
  if (!first || !second || !key || !otherKey) throw new Error('the example has two projects and two resources');

  it('holds for every schema set that is built', () => {
    expect(effectiveSchemaFindings(info)).toEqual([]);
    expect(() => assertEffectiveSchema(info)).not.toThrow();
  });

  it.each<[string, Partial<EffectiveSchemaInfo>, RegExp]>([
    ['an empty format version', { apiSchemaFormatVersion: '' }, /apiSchemaFormatVersion/],
    ['a blank format version', { apiSchemaFormatVersion: ' \t' }, /apiSchemaFormatVersion/],
    ['a hash of 63 digits', { effectiveSchemaHash: 'a'.repeat(63) }, /effectiveSchemaHash/],
    ['a hash of 65 digits', { effectiveSchemaHash: 'a'.repeat(65) }, /effectiveSchemaHash/],
    ['a hash in upper case', { effectiveSchemaHash: 'A'.repeat(64) }, /effectiveSchemaHash/],
    ['a hash with another letter', { effectiveSchemaHash: `${'a'.repeat(63)}g` }, /effectiveSchemaHash/],
    ['a hash with a line end', { effectiveSchemaHash: `${'a'.repeat(64)}\n` }, /effectiveSchemaHash/],
    ['an empty hash', { effectiveSchemaHash: '' }, /effectiveSchemaHash/],
    ['a seed hash of 31 bytes', { resourceKeySeedHash: new Uint8Array(31) }, /resourceKeySeedHash/],
    ['a seed hash of 33 bytes', { resourceKeySeedHash: new Uint8Array(33) }, /resourceKeySeedHash/],
    ['a count that is not the number of keys', { resourceKeyCount: 1 }, /resourceKeyCount/],
    ['an empty project hash', { schemaComponents: [{ ...first, projectHash: '' }, second] }, /projectHash/],
    ['components in the wrong order', { schemaComponents: [second, first] }, /ascending/],
    ['two components of one endpoint', { schemaComponents: [first, first] }, /ascending/],
    ['no component', { schemaComponents: [] }, /component/],
    ['two keys with one id', { resourceKeys: [key, { ...otherKey, id: key.id }] }, /id 1/],
    ['two keys with one name', { resourceKeys: [key, { ...key, id: otherKey.id }] }, /Attic:Box/],
  ])('is broken by %s', (_name, change, issue) => {
    const issues = effectiveSchemaFindings({ ...info, ...change });
    expect(issues).toHaveLength(1);
    expect(issues[0]).toMatch(issue);
  });

  it.each([-1, 32768])('is broken by a resource key count of %i, out of range', (resourceKeyCount) => {
    expect(effectiveSchemaFindings({ ...info, resourceKeyCount }).join('\n')).toMatch(/out of range/);
  });

  it('is checked with all issues reported together as EFFECTIVE_SCHEMA_INVALID', () => {
    const broken = {
      ...info,
      apiSchemaFormatVersion: '',
      effectiveSchemaHash: 'x',
      resourceKeySeedHash: new Uint8Array(3),
    };
    const issues = effectiveSchemaFindings(broken);
    expect(issues).toHaveLength(3);
    for (const check of [() => assertEffectiveSchema(broken), () => effectiveSchemaManifestText(broken)]) {
      let thrown: unknown;
      try {
        check();
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(DmsError);
      const [failure, ...others] = (thrown as DmsError).diagnostics;
      expect(others).toEqual([]);
      expect(failure).toMatchObject({ code: 'EFFECTIVE_SCHEMA_INVALID', class: 'M', details: { issues } });
      for (const issue of issues) expect(failure.message).toContain(issue);
    }
  });
});
