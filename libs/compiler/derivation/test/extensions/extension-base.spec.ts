import {
  build,
  codesOf,
  columnNames,
  edFi,
  expectNamed,
  extension,
  failureOf,
  modelOf,
  plain,
  resourceOf,
  tableNames,
  tableOf,
  uncheckedSet,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveModel } from '../../src/derive-model.ts';
import { below, contact, extended, extensionTables, failing, setOf } from '../contact-extension.ts';

const { array, ext, integer, object, string } = build;

it('a site inside a base object that has the name of the project belongs to the collection of that object', () => {
  const phones = (element: build.JsonRecord) => object({ sample: object({ phones: array(element) }) });
  const base = contact({
    jsonSchemaForInsert: object({ contactId: integer(), reach: phones(object({ digits: string() })) }, ['contactId']),
  });
  const schema = object({ reach: phones(object({ _ext: ext('sample', object({ note: string() })) })) });
  const model = modelOf([edFi([base]), extension([extended(schema)])]);
  expect(extensionTables(model)).toEqual([
    [
      '$.reach.sample.phones[*]._ext.sample',
      'sample.ContactExtensionPhone',
      'Contact_DocumentId, Ordinal',
      'FK_ContactExtensionPhone_ContactPhone (Contact_DocumentId, Ordinal) -> edfi.ContactPhone (Contact_DocumentId, Ordinal)',
    ],
  ]);
});

describe('the project key under _ext', () => {
  const withKey = (key: string, options: build.ProjectOptions = {}, name = 'Sample') => [
    edFi([contact()]),
    extension([extended(below({ note: string(), items: array(object({ a: integer() })) }, [], key))], name, options),
  ];

  it.each([
    ['sample', {}, 'Sample'],
    ['SAMPLE', {}, 'Sample'],
    ['Sample', { endpoint: 'sample' }, 'Sample'],
    ['my-endpoint', { endpoint: 'my-endpoint' }, 'Sample'],
    ['sAMPLE', { endpoint: 'my-endpoint' }, 'Sample'],
  ])(
    '"%s" is that of a project by endpoint name or project name, in any case, and keeps its case in paths',
    (key, options, name) => {
      const model = modelOf(withKey(key, options, name));
      const scopes = extensionTables(model).map(([scope]) => scope);
      expect(scopes).toEqual([`$._ext.${key}`, `$._ext.${key}.items[*]`]);
    },
  );

  it('is matched by endpoint name before project name, the first in ordinal order', () => {
    const schema = object({
      _ext: object({
        sample: object({ byName: integer() }),
        endpoint: object({ later: integer() }),
        ENDPOINT: object({ byEndpoint: integer() }),
      }),
    });
    const documents = [edFi([contact()]), extension([extended(schema)], 'Sample', { endpoint: 'endpoint' })];
    expect(columnNames(tableOf(modelOf(documents), 'endpoint.ContactExtension'))).toEqual(['DocumentId', 'ByEndpoint']);
  });

  it.each<[string, build.JsonRecord, string, string]>([
    ['the root', below({ note: string() }, [], 'other'), '$', '$.properties._ext'],
    [
      'a collection',
      object({ addresses: array(object({ _ext: ext('other', object({ zone: string() })) })) }),
      '$.addresses[*]',
      '$.properties.addresses.items.properties._ext',
    ],
  ])(
    'that is absent at %s is EXTENSION_KEY_UNRESOLVED with endpoint, scope, place and candidates',
    (_, schema, scope, place) => {
      const error = failing(schema);
      expect(codesOf(error)).toEqual(['EXTENSION_KEY_UNRESOLVED']);
      expectNamed(error.diagnostics[0], ['Sample:Contact', 'sample', scope, place, 'other']);
    },
  );

  it.each<[string, build.JsonRecord]>([
    ['without properties', { type: 'object' }],
    ['that is a scalar', { type: 'string', maxLength: 5 }],
  ])('needs an _ext with properties: one %s is EXTENSION_SITE_INVALID', (_, site) => {
    const error = failing(object({ _ext: site }));
    expect(codesOf(error)).toEqual(['EXTENSION_SITE_INVALID']);
    expectNamed(error.diagnostics[0], ['Sample:Contact', '$.properties._ext']);
  });
});

describe('the base of an extension', () => {
  it('must be resolved from an extension project: EXTENSION_NOT_IN_EXTENSION_PROJECT', () => {
    const error = failureOf(() =>
      modelOf([edFi([contact(), { ...extended(below({ note: string() })), endpoint: 'contactExtensions' }])]),
    );
    expect(codesOf(error)).toEqual(['EXTENSION_NOT_IN_EXTENSION_PROJECT']);
    expectNamed(error.diagnostics[0], ['Ed-Fi:Contact']);
  });

  it.each<[string, readonly build.JsonRecord[]]>([
    ['no resource has its name', []],
    ['its name differs in case', [edFi([plain('foo', { note: string() })])]],
    [
      'the only resource of its name is new in another extension',
      [extension([plain('Foo', { note: string() })], 'Other')],
    ],
  ])('must exist: when %s, it is EXTENSION_BASE_UNRESOLVED', (_, others) => {
    const documents = [...others, extension([extended(below({ note: string() }), {}, 'Foo')])];
    const error = failureOf(() => deriveModel(uncheckedSet(...documents), 'pgsql'));
    expect(codesOf(error)).toEqual(['EXTENSION_BASE_UNRESOLVED']);
    expectNamed(error.diagnostics[0], ['Sample:Foo']);
    expect(error.diagnostics[0].details.candidates).toEqual([]);
  });

  it('must be one: several are EXTENSION_BASE_UNRESOLVED with the candidates in order', () => {
    const cores = ['Zeta', 'Alpha'].map((name) => build.project(name, [contact()]));
    const set = uncheckedSet(...cores, extension([extended(below({ note: string() }))]));
    const error = failureOf(() => deriveModel(set, 'pgsql'));
    expect(codesOf(error)).toEqual(['EXTENSION_BASE_UNRESOLVED']);
    expect(error.diagnostics[0].details).toMatchObject({
      resource: 'Sample:Contact',
      candidates: ['Alpha:Contact', 'Zeta:Contact'],
    });
    expectNamed(error.diagnostics[0], ['Sample:Contact', '"Alpha:Contact", "Zeta:Contact"']);
  });

  it('is the core resource also where another extension has a new resource of its name', () => {
    const documents = [
      edFi([contact()]),
      extension([plain('Contact', { other: integer() })], 'Other'),
      extension([extended(below({ note: string() }))]),
    ];
    const model = modelOf(documents);
    expect(tableNames(resourceOf(model, 'Ed-Fi:Contact'))).toContain('sample.ContactExtension');
    expect(tableNames(resourceOf(model, 'Other:Contact'))).toEqual(['other.Contact']);
  });

  it.each<[string, build.JsonRecord, string, string]>([
    [
      'below the project key',
      below({ phones: array(object({ _ext: ext('sample', object({ a: integer() })) })) }),
      '$._ext.sample.phones[*]._ext.sample',
      '$.phones[*]',
    ],
    [
      'at the collection itself',
      object({ emails: array(object({ _ext: ext('sample', object({ a: integer() })) })) }),
      '$.emails[*]._ext.sample',
      '$.emails[*]',
    ],
    [
      'in a collection of its own extension',
      below({ items: array(object({ inner: object({ _ext: ext('sample', object({ a: integer() })) }) })) }),
      '$._ext.sample.items[*].inner._ext.sample',
      '$.items[*]',
    ],
  ])(
    'must have a table for a site %s: EXTENSION_BASE_TABLE_MISSING with both scopes',
    (_, schema, scope, baseScope) => {
      const error = failing(schema);
      expect(codesOf(error)).toEqual(['EXTENSION_BASE_TABLE_MISSING']);
      expect(error.diagnostics[0].details).toMatchObject({
        resource: 'Sample:Contact',
        extensionScope: scope,
        baseScope,
      });
      expectNamed(error.diagnostics[0], ['Sample:Contact', `scope ${scope}`, `to ${baseScope}`]);
    },
  );

  describe('and where the standard has moved the collection', () => {
    const moved = (name: string, properties: build.JsonRecord) =>
      build.resource(name, {
        identityJsonPaths: ['$.id'],
        jsonSchemaForInsert: object({ id: integer(), ...properties }, ['id']),
      });
    const streets = { streets: array(object({ name: string() })) };
    const site = below({ streets: array(object({ _ext: ext('sample', object({ zone: string() })) })) });
    const failureBeside = (...others: build.BuiltResource[]) =>
      failureOf(() => modelOf([edFi([contact(), ...others]), extension([extended(site)])])).diagnostics[0];

    it('says so, with the resource that is called like the base', () => {
      const found = failureBeside(moved('ContactDirectory', streets), moved('StaffDirectory', streets));
      expect(found.details).toMatchObject({ places: ['Ed-Fi:ContactDirectory.$.streets[*]'] });
      expect(found.message).toContain(
        'a collection of this name is in "Ed-Fi:ContactDirectory.$.streets[*]": extend it there if it has moved',
      );
    });

    it('names all others where none is, wherever it lies in them', () => {
      const found = failureBeside(
        moved('Staff', { home: object(streets) }),
        moved('Student', { towns: array(object({ town: string(), ...streets })) }),
        moved('School', { streetNames: array(object({ name: string() })) }),
      );
      expect(found.details.places).toEqual(['Ed-Fi:Staff.$.home.streets[*]', 'Ed-Fi:Student.$.towns[*].streets[*]']);
    });

    it('says nothing where there is none', () => {
      const found = failureBeside(moved('School', { streetNames: array(object({ name: string() })) }));
      expect(found.details).not.toHaveProperty('places');
      expect(found.message).toMatch(/which is not a collection of Ed-Fi:Contact\b(?!; a collection)/);
    });
  });

  it('is found for a site whose key differs from that of the root in case only', () => {
    const site = object({ _ext: ext('SAMPLE', object({ zone: string() })) });
    const model = modelOf(setOf(below({ addresses: array(site) })));
    expect(tableOf(model, 'sample.ContactExtensionAddress').jsonScope.canonical).toBe(
      '$._ext.sample.addresses[*]._ext.SAMPLE',
    );
  });

  it('is not found for a site below another key of the same project, which is not a prefix to leave out', () => {
    const site = object({ _ext: ext('Sample', object({ zone: string() })) });
    const documents = [
      edFi([contact()]),
      extension([extended(below({ addresses: array(site) }, [], 'smp'))], 'Sample', { endpoint: 'smp' }),
    ];
    const error = failureOf(() => modelOf(documents));
    expect(codesOf(error)).toEqual(['EXTENSION_BASE_TABLE_MISSING']);
    expect(error.diagnostics[0].details).toMatchObject({
      extensionScope: '$._ext.smp.addresses[*]._ext.Sample',
      baseScope: '$._ext.smp.addresses[*]',
    });
  });

  it('reports the faults of several extensions together, by project name', () => {
    const documents = [
      extension([extended(below({ note: string() }), {}, 'Foo')], 'Zeta'),
      extension([extended(below({ note: string() }), {}, 'Bar')], 'Alpha'),
    ];
    const error = failureOf(() => deriveModel(uncheckedSet(...documents), 'pgsql'));
    expect(error.diagnostics.map(({ details }) => details.resource)).toEqual(['Alpha:Bar', 'Zeta:Foo']);
  });
});
