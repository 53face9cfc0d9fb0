import { dialects } from '@dms/sql';
import { build } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import {
  allTables,
  codesOf,
  columnNames,
  columnOf,
  columnTexts,
  constraintText,
  constraintTexts,
  danglingNames,
  edFi,
  extension,
  failureOf,
  fields,
  isExtensionTable,
  keyed,
  missingFacts,
  modelOf,
  plain,
  qualified,
  resourceOf,
  school,
  schoolReference,
  tableNames,
  tableOf,
} from '../names-and-keys.spec-support.ts';

const { array, descriptor, descriptorPath, ext, extensionOf, integer, number, object, reference, resource, string, uri } =
  build;

type JsonRecord = build.JsonRecord;

/** `Contact` with addresses, their terms, and phones inside an inlined object. */
const contact = (members: JsonRecord = {}) =>
  resource('Contact', {
    identityJsonPaths: ['$.contactId'],
    jsonSchemaForInsert: object(
      {
        contactId: integer(),
        addresses: array(object({ city: string(), terms: array(object({ note: string() })) })),
        reach: object({ phones: array(object({ digits: string() })) }),
      },
      ['contactId'],
    ),
    ...members,
  });

const extended = (jsonSchemaForInsert: JsonRecord, members: JsonRecord = {}, name = 'Contact') =>
  extensionOf(name, { jsonSchemaForInsert, ...members });

/** The schema of an extension of the root. */
const below = (properties: JsonRecord, required: readonly string[] = [], key = 'sample') =>
  object({ _ext: ext(key, object(properties, required)) });

const setOf = (jsonSchemaForInsert: JsonRecord, members: JsonRecord = {}) => [
  edFi([contact(), school, descriptor('KindDescriptor')]),
  extension([extended(jsonSchemaForInsert, members)]),
];

const extensionTables = (model: ReturnType<typeof modelOf>) =>
  allTables(model)
    .filter(({ table }) => isExtensionTable(table))
    .map(({ table }) => [
      table.jsonScope.canonical,
      qualified(table.table),
      table.key.columns.map(({ name }) => name).join(', '),
      ...table.constraints.flatMap((key) =>
        key.kind === 'ForeignKey'
          ? [`${key.name} (${key.columns.join(', ')}) -> ${qualified(key.targetTable)} (${key.targetColumns.join(', ')})`]
          : [],
      ),
    ]);

const failing = (jsonSchemaForInsert: JsonRecord, members: JsonRecord = {}) =>
  failureOf(() => modelOf(setOf(jsonSchemaForInsert, members)));

describe('extension tables', () => {
  const authors = {
    note: string(),
    authors: array(object({ name: string() }, ['name'])),
    addresses: array(
      object({ _ext: ext('sample', object({ zone: string(), terms: array(object({ start: string() }, ['start'])) })) }),
    ),
  };

  it.each(dialects)('have scopes, names, keys and parent keys as in the table of 03 §10.5, in %s', (dialect) => {
    const model = modelOf(setOf(below(authors)), dialect);
    expect(extensionTables(model)).toEqual([
      [
        '$._ext.sample',
        'sample.ContactExtension',
        'DocumentId',
        'FK_ContactExtension_Contact (DocumentId) -> edfi.Contact (DocumentId)',
      ],
      [
        '$._ext.sample.addresses[*]._ext.sample',
        'sample.ContactExtensionAddress',
        'Contact_DocumentId, Ordinal',
        'FK_ContactExtensionAddress_ContactAddress (Contact_DocumentId, Ordinal) -> edfi.ContactAddress (Contact_DocumentId, Ordinal)',
      ],
      [
        '$._ext.sample.authors[*]',
        'sample.ContactExtensionAuthor',
        'Contact_DocumentId, Ordinal',
        'FK_ContactExtensionAuthor_ContactExtension (Contact_DocumentId) -> sample.ContactExtension (DocumentId)',
      ],
      [
        '$._ext.sample.addresses[*]._ext.sample.terms[*]',
        'sample.ContactExtensionAddressTerm',
        'Contact_DocumentId, AddressOrdinal, Ordinal',
        'FK_ContactExtensionAddressTerm_ContactExtensionAddress (Contact_DocumentId, AddressOrdinal) -> sample.ContactExtensionAddress (Contact_DocumentId, Ordinal)',
      ],
    ]);
    expect(danglingNames(model)).toEqual([]);
  });

  it('cascade deletes and never updates', () => {
    const model = modelOf(setOf(below(authors)));
    const keys = allTables(model).flatMap(({ table }) =>
      isExtensionTable(table) ? table.constraints.flatMap((key) => (key.kind === 'ForeignKey' ? [key] : [])) : [],
    );
    expect(keys.map(({ onDelete, onUpdate, deferrable }) => [onDelete, onUpdate, deferrable])).toEqual(
      Array(4).fill(['Cascade', 'NoAction', false]),
    );
  });

  it('of a site have as many key columns as their base table, all of them in the key to it', () => {
    const model = modelOf(setOf(below(authors)));
    const sites: [string, string][] = [
      ['sample.ContactExtension', 'edfi.Contact'],
      ['sample.ContactExtensionAddress', 'edfi.ContactAddress'],
    ];
    for (const [name, base] of sites) {
      const [table, baseTable] = [tableOf(model, name), tableOf(model, base)];
      expect(table.key.columns).toHaveLength(baseTable.key.columns.length);
      expect(table.constraints[0]).toMatchObject({
        columns: table.key.columns.map((column) => column.name),
        targetColumns: baseTable.key.columns.map((column) => column.name),
      });
    }
  });

  it('belong to the base resource, which keeps its own physical schema, and give no resource of their own', () => {
    const model = modelOf(setOf(below(authors)));
    expect(model.resources.map(({ resourceKey }) => resourceKey.resourceName)).toEqual(['Contact', 'KindDescriptor', 'School']);
    const base = resourceOf(model, 'Ed-Fi:Contact');
    expect(base.physicalSchema).toBe('edfi');
    expect(base.tablesInDependencyOrder.map(({ table }) => table.schema)).toEqual([
      'edfi',
      'sample',
      'sample',
      'sample',
      'edfi',
      'edfi',
      'sample',
      'edfi',
    ]);
  });

  it('hold only key columns where a site has nothing else', () => {
    expect(columnNames(tableOf(modelOf(setOf(below({}))), 'sample.ContactExtension'))).toEqual(['DocumentId']);
    const nested = modelOf(setOf(object({ addresses: array(object({ _ext: ext('sample', object({})) })) })));
    expect(columnNames(tableOf(nested, 'sample.ContactExtensionAddress'))).toEqual(['Contact_DocumentId', 'Ordinal']);
  });

  it.each([
    [
      'below the project key',
      '$._ext.sample.addresses[*]._ext.sample',
      (items: JsonRecord) => below({ addresses: array(items) }),
    ],
    ['at the collection itself', '$.addresses[*]._ext.sample', (items: JsonRecord) => object({ addresses: array(items) })],
  ])('of a base collection are the same for a site %s', (_, scope, schema) => {
    const model = modelOf(setOf(schema(object({ _ext: ext('sample', object({ zone: string() })) }))));
    const table = tableOf(model, 'sample.ContactExtensionAddress');
    expect(table.jsonScope.canonical).toBe(scope);
    expect(columnTexts(table)).toEqual([
      'Contact_DocumentId ParentKeyPart Int64 NOT NULL -',
      'Ordinal Ordinal Int32 NOT NULL -',
      `Zone Scalar String(60) NULL ${scope}.zone`,
    ]);
  });

  it('of a collection below a collection and of one in an inlined object follow the base', () => {
    const site = () => object({ _ext: ext('sample', object({ flag: integer() })) });
    const model = modelOf(
      setOf(object({ addresses: array(object({ terms: array(site()) })), reach: object({ phones: array(site()) }) })),
    );
    expect(extensionTables(model).map(([scope, name, key]) => [scope, name, key])).toEqual([
      ['$.reach.phones[*]._ext.sample', 'sample.ContactExtensionPhone', 'Contact_DocumentId, Ordinal'],
      [
        '$.addresses[*].terms[*]._ext.sample',
        'sample.ContactExtensionAddressTerm',
        'Contact_DocumentId, AddressOrdinal, Ordinal',
      ],
    ]);
    expect(constraintTexts(tableOf(model, 'sample.ContactExtensionAddressTerm'))).toEqual([
      'ForeignKey FK_ContactExtensionAddressTerm_ContactAddressTerm (Contact_DocumentId, AddressOrdinal, Ordinal) -> edfi.ContactAddressTerm (Contact_DocumentId, AddressOrdinal, Ordinal) Cascade/NoAction',
    ]);
  });

  it('of an inlined object extend the table that holds it', () => {
    const model = modelOf(setOf(object({ reach: object({ _ext: ext('sample', object({ flag: integer() })) }) })));
    expect(extensionTables(model)).toEqual([
      [
        '$.reach._ext.sample',
        'sample.ContactExtension',
        'DocumentId',
        'FK_ContactExtension_Contact (DocumentId) -> edfi.Contact (DocumentId)',
      ],
    ]);
  });

  it('are collections of the extension where the items have no _ext, even with the name of a base collection', () => {
    const model = modelOf(setOf(below({ note: string(), addresses: array(object({ zone: string() })) })));
    expect(extensionTables(model).slice(1)).toEqual([
      [
        '$._ext.sample.addresses[*]',
        'sample.ContactExtensionAddress',
        'Contact_DocumentId, Ordinal',
        'FK_ContactExtensionAddress_ContactExtension (Contact_DocumentId) -> sample.ContactExtension (DocumentId)',
      ],
    ]);
  });

  it('are one where two extensions name the same scope: the second adds to the table of the first', () => {
    const documents = [
      edFi([contact()]),
      extension([extended(below({ first: string() }))], 'Alpha', { endpoint: 'sample' }),
      extension([extended(below({ second: string() }))], 'Sample', { endpoint: 'other' }),
    ];
    const model = modelOf(documents);
    expect(tableNames(model).filter((name) => !name.startsWith('edfi.'))).toEqual(['sample.ContactExtension']);
    expect(columnNames(tableOf(model, 'sample.ContactExtension'))).toEqual(['DocumentId', 'First', 'Second']);
  });

  it('of several extensions of one resource stand side by side', () => {
    const documents = [
      edFi([contact()]),
      extension([extended(below({ note: string() }, [], 'tpdm'))], 'TPDM'),
      extension([extended(below({ note: string() }))]),
    ];
    expect(tableNames(modelOf(documents))).toEqual([
      'edfi.Contact',
      'sample.ContactExtension',
      'tpdm.ContactExtension',
      'edfi.ContactAddress',
      'edfi.ContactPhone',
      'edfi.ContactAddressTerm',
    ]);
  });
});

describe('columns of extension tables', () => {
  const columns = (jsonSchemaForInsert: JsonRecord, table = 'sample.ContactExtension', members: JsonRecord = {}) =>
    columnTexts(tableOf(modelOf(setOf(jsonSchemaForInsert, members)), table)).filter(
      (text) => !/ParentKeyPart|Ordinal/.test(text),
    );

  it('are nullable even when the extension requires them, for _ext and the key are optional', () => {
    expect(columns(below({ a: integer(), b: integer() }, ['a']))).toEqual([
      'A Scalar Int32 NULL $._ext.sample.a',
      'B Scalar Int32 NULL $._ext.sample.b',
    ]);
  });

  const required = (
    inner: JsonRecord,
    more: { ext?: JsonRecord; key?: JsonRecord; isExtRequired?: boolean; isKeyRequired?: boolean } = {},
  ) =>
    object(
      {
        _ext: {
          ...object({ sample: { ...inner, ...more.key } }, (more.isKeyRequired ?? true) ? ['sample'] : []),
          ...more.ext,
        },
      },
      (more.isExtRequired ?? true) ? ['_ext'] : [],
    );

  it.each<[string, JsonRecord, string]>([
    ['all is required', required(object({ a: integer() }, ['a'])), 'NOT NULL'],
    ['_ext is not required', required(object({ a: integer() }, ['a']), { isExtRequired: false }), 'NULL'],
    ['the key is not required', required(object({ a: integer() }, ['a']), { isKeyRequired: false }), 'NULL'],
    ['_ext is x-nullable', required(object({ a: integer() }, ['a']), { ext: { 'x-nullable': true } }), 'NULL'],
    ['the key is x-nullable', required(object({ a: integer() }, ['a']), { key: { 'x-nullable': true } }), 'NULL'],
    ['the value is x-nullable', required(object({ a: { ...integer(), 'x-nullable': true } }, ['a'])), 'NULL'],
    ['the value is not required', required(object({ a: integer() })), 'NULL'],
  ])('are NOT NULL only when everything around them is required: %s', (_, schema, nullability) => {
    expect(columns(schema)).toEqual([`A Scalar Int32 ${nullability} $._ext.sample.a`]);
  });

  it('carry optionality into inlined objects', () => {
    const schema = required(
      object({ place: object({ a: integer() }, ['a']), other: object({ b: integer() }, ['b']) }, ['place']),
    );
    expect(columns(schema)).toEqual([
      'OtherB Scalar Int32 NULL $._ext.sample.other.b',
      'PlaceA Scalar Int32 NOT NULL $._ext.sample.place.a',
    ]);
  });

  it('start afresh in array items, where required members are NOT NULL', () => {
    const schema = below({ items: array(object({ a: integer(), b: integer() }, ['a'])) });
    expect(columns(schema, 'sample.ContactExtensionItem')).toEqual([
      'A Scalar Int32 NOT NULL $._ext.sample.items[*].a',
      'B Scalar Int32 NULL $._ext.sample.items[*].b',
    ]);
  });

  it('are nullable in a site inside a required collection item, because the site itself is optional', () => {
    const schema = below({ addresses: array(object({ _ext: ext('sample', object({ zone: string() }, ['zone'])) })) });
    expect(columns(schema, 'sample.ContactExtensionAddress')).toEqual([
      'Zone Scalar String(60) NULL $._ext.sample.addresses[*]._ext.sample.zone',
    ]);
  });

  it('are named from the extension scope on', () => {
    const schema = object({ reach: object({ _ext: ext('sample', object({ place: object({ city_name: string() }) })) }) });
    expect(columns(schema)).toEqual(['PlaceCityName Scalar String(60) NULL $.reach._ext.sample.place.city_name']);
  });

  it('do not repeat what the schema says about the base outside _ext', () => {
    const schema = object({
      contactId: integer(),
      addresses: array(object({ city: string() })),
      _ext: ext(
        'sample',
        object({
          note: string(),
          addresses: array(object({ city: string(), _ext: ext('sample', object({ zone: string() })) })),
        }),
      ),
    });
    const model = modelOf(setOf(schema));
    expect(columnNames(tableOf(model, 'sample.ContactExtension'))).toEqual(['DocumentId', 'Note']);
    expect(columnNames(tableOf(model, 'sample.ContactExtensionAddress'))).toEqual(['Contact_DocumentId', 'Ordinal', 'Zone']);
    expect(tableNames(model).filter((name) => name.startsWith('sample.'))).toHaveLength(2);
  });

  it('ignore the keys of other projects', () => {
    const schema = object({ _ext: object({ sample: object({ note: string() }), other: object({ secret: string() }) }) });
    const model = modelOf(setOf(schema));
    expect(extensionTables(model)).toHaveLength(1);
    expect(columnNames(tableOf(model, 'sample.ContactExtension'))).toEqual(['DocumentId', 'Note']);
  });

  it('skip the link of a reference object of the extension', () => {
    const schema = below({
      schoolReference: object({ schoolId: integer(), link: object({ href: string() }), note: string() }),
    });
    const members = { documentPathsMapping: { School: schoolReference(false, '$._ext.sample.schoolReference') } };
    expect(columns(schema, 'sample.ContactExtension', members)).toEqual([
      'School_DocumentId DocumentFk Int64 NULL $._ext.sample.schoolReference',
      'School_SchoolId Scalar Int32 NULL $._ext.sample.schoolReference.schoolId',
      'SchoolReferenceNote Scalar String(60) NULL $._ext.sample.schoolReference.note',
    ]);
  });

  it('need decimal facts: DECIMAL_INFO_MISSING', () => {
    const error = failing(below({ amount: number() }));
    expect(codesOf(error)).toEqual(['DECIMAL_INFO_MISSING']);
    expect(missingFacts(error.diagnostics[0], ['Sample:Contact', '$._ext.sample.amount'])).toEqual([]);
    const info = { decimalPropertyValidationInfos: [{ path: '$._ext.sample.amount', totalDigits: 9, decimalPlaces: 2 }] };
    expect(columns(below({ amount: number() }), 'sample.ContactExtension', info)).toEqual([
      'Amount Scalar Decimal(9,2) NULL $._ext.sample.amount',
    ]);
  });
});

describe('references and descriptors of an extension', () => {
  it('stand in the extension table with the longest scope that holds them', () => {
    const schema = below({
      schoolReference: fields({ schoolId: integer() }),
      visits: array(object({ schoolReference: fields({ schoolId: integer() }) })),
      addresses: array(object({ _ext: ext('sample', object({ schoolReference: fields({ schoolId: integer() }) })) })),
    });
    const at = (object: string) => schoolReference(false, object);
    const model = modelOf(
      setOf(schema, {
        documentPathsMapping: {
          School: at('$._ext.sample.schoolReference'),
          Visit: at('$._ext.sample.visits[*].schoolReference'),
          Address: at('$._ext.sample.addresses[*]._ext.sample.schoolReference'),
        },
      }),
    );
    expect(
      resourceOf(model, 'Ed-Fi:Contact').documentReferenceBindings.map(({ referenceObjectPath, table, fkColumn }) => [
        referenceObjectPath.canonical,
        qualified(table),
        fkColumn,
      ]),
    ).toEqual([
      ['$._ext.sample.addresses[*]._ext.sample.schoolReference', 'sample.ContactExtensionAddress', 'Address_DocumentId'],
      ['$._ext.sample.schoolReference', 'sample.ContactExtension', 'School_DocumentId'],
      ['$._ext.sample.visits[*].schoolReference', 'sample.ContactExtensionVisit', 'Visit_DocumentId'],
    ]);
    expect(constraintText(tableOf(model, 'sample.ContactExtension'), 'FK_ContactExtension_School_RefKey')).toBeDefined();
  });

  it('below an _ext that has no table are REFERENCE_EXTENSION_SCOPE_MISSING with the known scopes', () => {
    const documents = [
      edFi([
        school,
        resource('Contact', {
          documentPathsMapping: { School: schoolReference(false, '$._ext.sample.schoolReference') },
          jsonSchemaForInsert: object({
            addresses: array(object({ city: string() })),
            _ext: ext('sample', object({ schoolReference: fields({ schoolId: integer() }) })),
          }),
        }),
      ]),
      extension([]),
    ];
    const error = failureOf(() => modelOf(documents));
    expect(codesOf(error)).toEqual(['REFERENCE_EXTENSION_SCOPE_MISSING']);
    expect(missingFacts(error.diagnostics[0], ['Ed-Fi:Contact', '$._ext.sample.schoolReference', '$.addresses[*]'])).toEqual(
      [],
    );
  });

  it('get keys to dms.Descriptor and edge sources like all others', () => {
    const schema = below({ kindDescriptor: uri(), kinds: array(uri()) });
    const members = {
      documentPathsMapping: {
        Kind: descriptorPath('Ed-Fi:KindDescriptor', '$._ext.sample.kindDescriptor'),
        Kinds: descriptorPath('Ed-Fi:KindDescriptor', '$._ext.sample.kinds[*]'),
      },
    };
    const model = modelOf(setOf(schema, members));
    expect(constraintTexts(tableOf(model, 'sample.ContactExtension'))).toContain(
      'ForeignKey FK_ContactExtension_KindDescriptor (KindDescriptor_DescriptorId) -> dms.Descriptor (DocumentId) NoAction/NoAction',
    );
    expect(columnTexts(tableOf(model, 'sample.ContactExtensionKind'))).toEqual([
      'Contact_DocumentId ParentKeyPart Int64 NOT NULL -',
      'Ordinal Ordinal Int32 NOT NULL -',
      'Kind_DescriptorId DescriptorFk Int64 NOT NULL $._ext.sample.kinds[*]',
    ]);
    expect(resourceOf(model, 'Ed-Fi:Contact').descriptorEdgeSources.map(({ fkColumn }) => fkColumn)).toEqual([
      'KindDescriptor_DescriptorId',
      'Kind_DescriptorId',
    ]);
  });

  it('must all be met below _ext: DESCRIPTOR_PATH_NOT_IN_SCHEMA lists the lost ones in order', () => {
    const error = failing(below({ note: string() }), {
      documentPathsMapping: {
        A: descriptorPath('Ed-Fi:KindDescriptor', '$._ext.sample.zDescriptor'),
        B: descriptorPath('Ed-Fi:KindDescriptor', '$._ext.sample.aDescriptor'),
        C: descriptorPath('Ed-Fi:KindDescriptor', '$.outsideDescriptor'),
      },
    });
    expect(codesOf(error)).toEqual(['DESCRIPTOR_PATH_NOT_IN_SCHEMA']);
    expect(error.diagnostics[0].details).toMatchObject({
      resource: 'Sample:Contact',
      paths: ['$._ext.sample.aDescriptor', '$._ext.sample.zDescriptor'],
    });
    expect(
      missingFacts(error.diagnostics[0], ['Sample:Contact', '$._ext.sample.aDescriptor, $._ext.sample.zDescriptor']),
    ).toEqual([]);
  });

  it('constrain an inherited collection, not the identity of the resource', () => {
    const model = modelOf(
      setOf(below({ note: string() }), {
        arrayUniquenessConstraints: [{ paths: ['$._ext.sample.addresses[*].city'] }],
      }),
    );
    expect(constraintText(tableOf(model, 'edfi.ContactAddress'), 'UX_ContactAddress_City_Contact_DocumentId')).toBe(
      'Unique UX_ContactAddress_City_Contact_DocumentId (Contact_DocumentId, City)',
    );
    const identity = modelOf(
      setOf(below({ note: string() }), {
        identityJsonPaths: ['$.other'],
        documentPathsMapping: { Other: build.scalarPath('$.other') },
      }),
    );
    expect(resourceOf(identity, 'Ed-Fi:Contact').naturalKey.columns).toEqual(['ContactId']);
    expect(tableOf(identity, 'sample.ContactExtension').constraints.map(({ kind }) => kind)).toEqual(['ForeignKey']);
  });
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

  it.each<[string, JsonRecord, string, string]>([
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
      expect(missingFacts(error.diagnostics[0], ['Sample:Contact', 'sample', scope, place, 'other'])).toEqual([]);
    },
  );

  it.each<[string, JsonRecord]>([
    ['without properties', { type: 'object' }],
    ['that is a scalar', { type: 'string', maxLength: 5 }],
  ])('needs an _ext with properties: one %s is EXTENSION_SITE_INVALID', (_, site) => {
    const error = failing(object({ _ext: site }));
    expect(codesOf(error)).toEqual(['EXTENSION_SITE_INVALID']);
    expect(missingFacts(error.diagnostics[0], ['Sample:Contact', '$.properties._ext'])).toEqual([]);
  });
});

describe('the base of an extension', () => {
  it('must be resolved from an extension project: EXTENSION_NOT_IN_EXTENSION_PROJECT', () => {
    const error = failureOf(() =>
      modelOf([edFi([contact(), { ...extended(below({ note: string() })), endpoint: 'contactExtensions' }])]),
    );
    expect(codesOf(error)).toEqual(['EXTENSION_NOT_IN_EXTENSION_PROJECT']);
    expect(missingFacts(error.diagnostics[0], ['Ed-Fi:Contact'])).toEqual([]);
  });

  it.each<[string, readonly JsonRecord[]]>([
    ['no resource has its name', []],
    ['its name differs in case', [edFi([plain('foo', { note: string() })])]],
    ['the only resource of its name is new in another extension', [extension([plain('Foo', { note: string() })], 'Other')]],
  ])('must exist: when %s, it is EXTENSION_BASE_UNRESOLVED', (_, others) => {
    const documents = [...others, extension([extended(below({ note: string() }), {}, 'Foo')])];
    const error = failureOf(() => modelOf(documents));
    expect(codesOf(error)).toEqual(['EXTENSION_BASE_UNRESOLVED']);
    expect(missingFacts(error.diagnostics[0], ['Sample:Foo'])).toEqual([]);
    expect(error.diagnostics[0].details.candidates).toEqual([]);
  });

  it('must be one: several are EXTENSION_BASE_UNRESOLVED with the candidates in order', () => {
    const cores = ['Zeta', 'Alpha'].map((name) => build.project(name, [contact()]));
    const error = failureOf(() => modelOf([...cores, extension([extended(below({ note: string() }))])]));
    expect(codesOf(error)).toEqual(['EXTENSION_BASE_UNRESOLVED']);
    expect(error.diagnostics[0].details).toMatchObject({
      resource: 'Sample:Contact',
      candidates: ['Alpha:Contact', 'Zeta:Contact'],
    });
    expect(missingFacts(error.diagnostics[0], ['Sample:Contact', 'Alpha:Contact, Zeta:Contact'])).toEqual([]);
  });

  it('is the core resource also where another extension has a new resource of its name', () => {
    const documents = [
      edFi([contact()]),
      extension([plain('Contact', { other: integer() })], 'Other'),
      extension([extended(below({ note: string() }))]),
    ];
    const model = modelOf(documents);
    expect(resourceOf(model, 'Ed-Fi:Contact').tablesInDependencyOrder.map(({ table }) => qualified(table))).toContain(
      'sample.ContactExtension',
    );
    expect(resourceOf(model, 'Other:Contact').tablesInDependencyOrder.map(({ table }) => qualified(table))).toEqual([
      'other.Contact',
    ]);
  });

  it.each<[string, JsonRecord, string, string]>([
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
  ])('must have a table for a site %s: EXTENSION_BASE_TABLE_MISSING with both scopes', (_, schema, scope, baseScope) => {
    const error = failing(schema);
    expect(codesOf(error)).toEqual(['EXTENSION_BASE_TABLE_MISSING']);
    expect(error.diagnostics[0].details).toMatchObject({
      resource: 'Sample:Contact',
      extensionScope: scope,
      baseScope,
    });
    expect(missingFacts(error.diagnostics[0], ['Sample:Contact', `scope ${scope}`, `to ${baseScope}`])).toEqual([]);
  });

  it('is found for a site whose key differs from that of the root in case only', () => {
    const site = object({ _ext: ext('SAMPLE', object({ zone: string() })) });
    const model = modelOf(setOf(below({ addresses: array(site) })));
    expect(tableOf(model, 'sample.ContactExtensionAddress').jsonScope.canonical).toBe('$._ext.sample.addresses[*]._ext.SAMPLE');
  });

  it('is not found for a site below another key of the same project, which is no prefix to leave out', () => {
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
    expect(failureOf(() => modelOf(documents)).diagnostics.map(({ details }) => details.resource)).toEqual([
      'Alpha:Bar',
      'Zeta:Foo',
    ]);
  });
});

describe('new resources of an extension project', () => {
  it('have their tables in the physical schema of their project, without _ext', () => {
    const documents = [
      edFi([contact()]),
      extension([
        keyed('Pet', { petId: integer() }),
        plain('Cage', { size: integer(), _ext: ext('sample', object({ secret: integer() })) }),
      ]),
    ];
    const model = modelOf(documents);
    expect(resourceOf(model, 'Sample:Pet').physicalSchema).toBe('sample');
    expect(tableNames(model).filter((name) => name.startsWith('sample.'))).toEqual(['sample.Cage', 'sample.Pet']);
    expect(columnNames(tableOf(model, 'sample.Cage'))).toEqual(['DocumentId', 'Size']);
  });

  it('can refer to core resources', () => {
    const documents = [
      edFi([school]),
      extension([
        resource('Bus', {
          documentPathsMapping: { School: reference('Ed-Fi:School', [['$.schoolId', '$.schoolReference.schoolId']]) },
          jsonSchemaForInsert: object({ schoolReference: fields({ schoolId: integer() }) }),
        }),
      ]),
    ];
    const table = tableOf(modelOf(documents), 'sample.Bus');
    expect(columnOf(table, 'School_DocumentId').targetResource).toEqual({ projectName: 'Ed-Fi', resourceName: 'School' });
    expect(constraintText(table, 'FK_Bus_School_RefKey')).toContain('-> edfi.School (DocumentId, SchoolId)');
  });
});
