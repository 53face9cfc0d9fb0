import {
  build,
  codesOf,
  columnNames,
  edFi,
  expectNamed,
  extension,
  failureOf,
  modelOf,
  school,
  tableNames,
  tableOf,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { keyOf, overrides, person } from '../../test/overridden-person.ts';

const { array, ext, extensionOf, object, string } = build;

describe('overrides of a resource extension', () => {
  const withExtension = (own: build.JsonRecord, base: build.JsonRecord = {}, key = 'sample') => [
    edFi([school, person(Object.keys(base).length === 0 ? null : { nameOverrides: base })]),
    extension([
      extensionOf('Person', {
        ...overrides(own),
        jsonSchemaForInsert: object({
          _ext: ext(
            key,
            object({
              nickName: string(),
              pets: array(object({ name: string() })),
              addresses: array(
                object({ _ext: ext(key, object({ zone: string(), terms: array(object({ note: string() })) })) }),
              ),
            }),
          ),
        }),
      }),
    ]),
  ];

  it('mean paths below its own _ext key unless they start there', () => {
    const model = modelOf(withExtension({ '$.nickName': 'pet_name', '$._ext.sample.pets[*]': 'Animal' }));
    expect(columnNames(tableOf(model, 'sample.PersonExtension'))).toEqual(['DocumentId', 'PetName']);
    expect(tableNames(model)).toContain('sample.PersonExtensionAnimal');
  });

  it('are placed below the key with the case that the schema has', () => {
    const model = modelOf(withExtension({ '$.nickName': 'pet_name', '$._ext.Sample.pets[*]': 'Animal' }, {}, 'Sample'));
    expect(columnNames(tableOf(model, 'sample.PersonExtension'))).toEqual(['DocumentId', 'PetName']);
    expect(tableNames(model)).toContain('sample.PersonExtensionAnimal');
  });

  it('cannot be placed without a key of the project: EXTENSION_KEY_UNRESOLVED', () => {
    const documents = withExtension({ '$.nickName': 'pet_name' }, {}, 'other');
    const error = failureOf(() => modelOf(documents));
    expect(codesOf(error)).toEqual(['EXTENSION_KEY_UNRESOLVED']);
    expectNamed(error.diagnostics[0], ['Sample:Person', 'sample', '$.nickName']);
  });

  it('that cannot be placed name the keys that are there', () => {
    const error = failureOf(() => modelOf(withExtension({ '$.nickName': 'pet_name' }, {}, 'other')));
    expectNamed(error.diagnostics[0], ['other']);
  });

  it.each<[string, build.JsonRecord]>([
    ['no properties', { type: 'object' }],
    ['no _ext', object({ note: string() })],
  ])('cannot be placed where jsonSchemaForInsert has %s', (_, jsonSchemaForInsert) => {
    const documents = [
      edFi([school]),
      extension([extensionOf('School', { ...overrides({ '$.nickName': 'X' }), jsonSchemaForInsert })]),
    ];
    expect(codesOf(failureOf(() => modelOf(documents)))).toEqual(['EXTENSION_KEY_UNRESOLVED']);
  });

  it.each<[string, unknown, string]>([
    ['a text', 'x', 'SCHEMA_SHAPE_INVALID'],
    ['a list', [], 'SCHEMA_SHAPE_INVALID'],
    ['null', null, 'SCHEMA_SHAPE_INVALID'],
    ['an object whose properties are none', { type: 'object', properties: 1 }, 'SCHEMA_SHAPE_INVALID'],
    [
      'an object whose key of the project is none',
      { type: 'object', properties: { sample: 5 } },
      'SCHEMA_SHAPE_INVALID',
    ],
    ['a schema of a text', { type: 'string', maxLength: 5 }, 'EXTENSION_SITE_INVALID'],
    ['a schema without properties', { type: 'object' }, 'EXTENSION_SITE_INVALID'],
    ['an empty schema', {}, 'EXTENSION_SITE_INVALID'],
  ])('below an _ext that is %s: only that is reported, at its place', (_, site, code) => {
    const own = overrides({ '$.nickName': 'X', '$.other': 'Y', '$._ext.sample.third': 'Z' });
    const ofBase = { nameOverrides: { '$._ext.sample.nickName': 'X' } };
    const cases: readonly (readonly [own: build.JsonRecord, base: build.JsonRecord | null])[] = [
      [own, null],
      [{}, null],
      [{}, ofBase],
      [own, ofBase],
    ];
    for (const [named, base] of cases) {
      const jsonSchemaForInsert = { type: 'object', properties: { _ext: site } };
      const documents = [
        edFi([school, person(base)]),
        extension([extensionOf('Person', { ...named, jsonSchemaForInsert } as build.JsonRecord)]),
      ];
      const error = failureOf(() => modelOf(documents));
      expect(codesOf(error)).toEqual([code]);
      expect(error.diagnostics[0]?.message).toMatch(/Sample:Person.*\$\.properties\._ext/);
    }
  });

  it('of the base apply where the extension has none, so that names below a renamed collection follow it', () => {
    const model = modelOf(withExtension({}, { '$.addresses[*]': 'site', '$._ext.sample.nickName': 'PetName' }));
    expect(tableNames(model)).toEqual([
      'edfi.Person',
      'sample.PersonExtension',
      'sample.PersonExtensionSite',
      'sample.PersonExtensionPet',
      'edfi.PersonSite',
      'sample.PersonExtensionSiteTerm',
      'edfi.PersonSitePeriod',
      'edfi.School',
    ]);
    expect(keyOf(model, 'sample.PersonExtensionSiteTerm')).toEqual(['Person_DocumentId', 'SiteOrdinal', 'Ordinal']);
    expect(columnNames(tableOf(model, 'sample.PersonExtension'))).toEqual(['DocumentId', 'PetName']);
  });

  it.each(['PersonExtensionBeast', 'PersonBeast', 'ExtensionBeast', 'Beast'])(
    'may repeat the names of the extension root and the base root: %s',
    (name) => {
      expect(tableNames(modelOf(withExtension({ '$.pets[*]': name })))).toContain('sample.PersonExtensionBeast');
    },
  );

  it('must not rename what its base renames: OVERRIDE_CONFLICT names both labels and all paths', () => {
    const both = { '$._ext.sample.nickName': 'A', '$._ext.sample.pets[*]': 'B' };
    const error = failureOf(() => modelOf(withExtension({ '$.nickName': 'C', '$.pets[*]': 'D' }, both)));
    expect(codesOf(error)).toEqual(['OVERRIDE_CONFLICT']);
    expectNamed(error.diagnostics[0], [
      'Sample:Person',
      'Ed-Fi:Person',
      '$._ext.sample.nickName',
      '$._ext.sample.pets[*]',
    ]);
    expect(error.diagnostics[0].details.paths).toEqual(['$._ext.sample.nickName', '$._ext.sample.pets[*]']);
  });
});
