import {
  build,
  codesOf,
  edFi,
  expectNamed,
  extension,
  failureOf,
  modelOf,
  plain,
  resourceOf,
  uncheckedSet,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveModel } from '../../src/derive-model.ts';
import { resolveProjectKey } from '../../src/input/resource-entry.ts';

const { array, ext, object, string } = build;

const keys = (...names: readonly string[]) =>
  object(Object.fromEntries(names.map((name) => [name, object({ note: string() })])));

const withSites = (properties: build.JsonRecord, ...others: readonly build.JsonRecord[]) => [
  edFi([plain('School', { name: string(), ...properties })]),
  ...others,
];

const sample = extension([]);
const tpdm = extension([], 'TPDM');

const sitesOf = (documents: readonly build.JsonRecord[]) =>
  resourceOf(modelOf(documents), 'Ed-Fi:School').extensionSites.map(({ owningScope, extensionPath, projectKeys }) => [
    owningScope.canonical,
    extensionPath.canonical,
    projectKeys,
  ]);

describe('the extension sites of a base schema', () => {
  it('are sorted by owning scope, extension path and keys, in UTF-16 order, whatever the order of properties', () => {
    const properties = {
      a_b: object({ _ext: keys('sample') }),
      aB: object({ _ext: keys('sample') }),
      items: array(object({ inner: object({ _ext: keys('sample') }), _ext: keys('sample', 'TPDM') })),
      _ext: keys('sample'),
    };
    const expected = [
      ['$', '$._ext', ['sample']],
      ['$.aB', '$.aB._ext', ['sample']],
      ['$.a_b', '$.a_b._ext', ['sample']],
      ['$.items[*]', '$.items[*]._ext', ['TPDM', 'sample']],
      ['$.items[*].inner', '$.items[*].inner._ext', ['sample']],
    ];
    expect(sitesOf(withSites(properties, sample, tpdm))).toEqual(expected);
    const reversed = Object.fromEntries(Object.entries(properties).reverse());
    expect(sitesOf(withSites(reversed, sample, tpdm))).toEqual(expected);
  });

  it('keep the keys as they are written, whatever their case', () => {
    expect(sitesOf(withSites({ _ext: keys('SAMPLE', 'tPDM') }, sample, tpdm))).toEqual([
      ['$', '$._ext', ['SAMPLE', 'tPDM']],
    ]);
  });

  it('may be empty of keys', () => {
    expect(sitesOf(withSites({ _ext: object({}) }))).toEqual([['$', '$._ext', []]]);
  });
});

describe('a key of an extension site', () => {
  const refused = (key: string, ...others: readonly build.JsonRecord[]) =>
    failureOf(() =>
      deriveModel(uncheckedSet(...withSites({ items: array(object({ _ext: keys(key) })) }, ...others)), 'pgsql'),
    );

  it.each<[string, readonly build.JsonRecord[]]>([
    ['the endpoint name', [extension([], 'Other', { endpoint: 'the-key' })]],
    ['the endpoint name in another case', [extension([], 'Other', { endpoint: 'THE-Key' })]],
    ['the project name', [extension([], 'The-Key', { endpoint: 'other' })]],
    [
      'the endpoint name of one project and the project name of another',
      [extension([], 'First', { endpoint: 'the-key' }), extension([], 'The-Key', { endpoint: 'second' })],
    ],
  ])('resolves by %s', (_, others) => {
    expect(sitesOf(withSites({ _ext: keys('the-key') }, ...others))).toEqual([['$', '$._ext', ['the-key']]]);
  });

  it.each<[string, string, readonly build.JsonRecord[], readonly string[]]>([
    ['names no project', 'nothing', [sample], []],
    ['is empty', '', [sample], []],
    ['names a project that is not an extension', 'ed-fi', [sample], ['ed-fi']],
    [
      'names a core project by its project name',
      'core',
      [build.project('Core', [], { endpoint: 'second-core' })],
      ['second-core'],
    ],
  ])('that %s is EXTENSION_KEY_UNRESOLVED with key, scope, place and candidates', (_, key, others, candidates) => {
    const error = refused(key, ...others);
    expect(codesOf(error)).toEqual(['EXTENSION_KEY_UNRESOLVED']);
    expect(error.diagnostics[0].details).toMatchObject({
      resource: 'Ed-Fi:School',
      key,
      owningScope: '$.items[*]',
      extensionPath: '$.items[*]._ext',
      candidates,
    });
    expectNamed(error.diagnostics[0], ['Ed-Fi:School', `"${key}"`, '$.items[*]._ext', ...candidates]);
  });

  it('that names several projects by endpoint name has all of them as candidates', () => {
    const project = (projectEndpointName: string, projectName: string) => ({
      projectEndpointName,
      projectName,
      projectVersion: '1.0.0',
      isExtensionProject: true,
      physicalSchema: 'any',
    });
    expect(resolveProjectKey('twin', [project('TWIN', 'B'), project('Twin', 'A'), project('other', 'twin')])).toEqual({
      candidates: ['TWIN', 'Twin'],
    });
  });

  it('cannot name several projects by endpoint name: names that differ in case only share a physical schema', () => {
    const error = refused('twin', extension([], 'A', { endpoint: 'Twin' }), extension([], 'B', { endpoint: 'TWIN' }));
    expect(codesOf(error)).toEqual(['PHYSICAL_SCHEMA_COLLISION']);
  });

  it('that names several projects by project name is EXTENSION_KEY_UNRESOLVED with both endpoints', () => {
    const error = refused('twin', extension([], 'Twin', { endpoint: 'z' }), extension([], 'TWIN', { endpoint: 'a' }));
    expect(codesOf(error)).toEqual(['EXTENSION_KEY_UNRESOLVED']);
    expect(error.diagnostics[0].details.candidates).toEqual(['a', 'z']);
    expectNamed(error.diagnostics[0], ['Ed-Fi:School', '"twin"', '"a", "z"']);
  });
});

describe('an extension site', () => {
  it.each<[string, build.JsonRecord]>([
    ['without properties', { type: 'object' }],
    ['that is a scalar', { type: 'string', maxLength: 5 }],
  ])('%s is EXTENSION_SITE_INVALID with its place in the schema', (_, site) => {
    const error = failureOf(() => modelOf(withSites({ items: array(object({ _ext: site })) }, sample)));
    expect(codesOf(error)).toEqual(['EXTENSION_SITE_INVALID']);
    expectNamed(error.diagnostics[0], ['Ed-Fi:School', '$.properties.items.items.properties._ext']);
  });

  it.each<[string, unknown, string]>([
    ['properties that are not object', { properties: [] }, '$.properties._ext'],
    ['a null project schema', { properties: { sample: null } }, '$.properties._ext.properties.sample'],
    ['a project schema that is a text', { properties: { sample: 'object' } }, '$.properties._ext.properties.sample'],
    [
      'one bad project schema among good ones',
      { properties: { sample: {}, tpdm: [] } },
      '$.properties._ext.properties.tpdm',
    ],
  ])('with %s is refused when the schema is read', (_, site, place) => {
    const error = failureOf(() => modelOf(withSites({ _ext: site as build.JsonRecord }, sample, tpdm)));
    expect(codesOf(error)).toEqual(['SCHEMA_SHAPE_INVALID']);
    expectNamed(error.diagnostics[0], ['Ed-Fi:School', place]);
  });

  it('inside _ext is not searched for', () => {
    const inner = ext('sample', object({ deep: object({ _ext: keys('unknown') }) }));
    expect(sitesOf(withSites({ _ext: inner }, sample))).toEqual([['$', '$._ext', ['sample']]]);
  });
});
