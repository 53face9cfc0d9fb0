import {
  abstractResource,
  build,
  codesOf,
  columnNames,
  edFi,
  expectNamed,
  extension,
  failureOf,
  fields,
  keyed,
  modelOf,
  plain,
  school,
  schoolReference,
  seeds,
  shuffled,
  subclassOf,
  tableNames,
  tableOf,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';

const { array, descriptor, descriptorPath, ext, extensionOf, integer, object, resource, string, uri } = build;

const collision = (documents: readonly build.JsonRecord[]) => {
  const error = failureOf(() => modelOf(documents));
  expect(codesOf(error)).toEqual(['COLUMN_NAME_COLLISION']);
  return error.diagnostics[0];
};

const overrides = (nameOverrides: build.JsonRecord): build.JsonRecord => ({ relational: { nameOverrides } });

const zoned = extensionOf('Contact', {
  jsonSchemaForInsert: object({ _ext: ext('sample', object({ zone: string() })) }),
});

const withExtension = (properties: build.JsonRecord) => [
  edFi([school, plain('Contact', { note: string(), addresses: array(object({ city: string() })) })]),
  extension([extensionOf('Contact', { jsonSchemaForInsert: object({ _ext: ext('sample', object(properties)) }) })]),
];

describe('a name that a table has already (design 03 §8.1)', () => {
  // the key has one ordinal per enclosing collection, named only after that collection (§3.2)
  const nested = (members: build.JsonRecord = {}) =>
    plain(
      'Thing',
      { items: array(object({ items: array(object({ items: array(object({ a: integer() })) })) })) },
      [],
      members,
    );

  it('is that of a key column too, when two collections around a table have one name', () => {
    const found = collision([edFi([nested()])]);
    expect(found.details).toMatchObject({ table: 'edfi.ThingItemItemItem', column: 'ItemOrdinal' });
    expectNamed(found, ['Ed-Fi:Thing', 'ItemOrdinal -> ItemOrdinal', '$.items[*].items[*].items[*]']);
  });

  it('is told apart by an override of one of these collections', () => {
    const model = modelOf([edFi([nested(overrides({ '$.items[*].items[*]': 'Part' }))])]);
    expect(tableNames(model)).toEqual(['edfi.Thing', 'edfi.ThingItem', 'edfi.ThingItemPart', 'edfi.ThingItemPartItem']);
    expect(columnNames(tableOf(model, 'edfi.ThingItemPartItem')).slice(0, 4)).toEqual([
      'Thing_DocumentId',
      'ItemOrdinal',
      'PartOrdinal',
      'Ordinal',
    ]);
  });

  it.each<[string, build.JsonRecord[], string[]]>([
    [
      'the key of an extension table',
      withExtension({ documentId: integer() }),
      ['sample.ContactExtension', 'DocumentId', 'Sample:Contact', '$._ext.sample.documentId'],
    ],
    [
      'the ordinal of an extension collection',
      withExtension({ authors: array(object({ ordinal: integer() })) }),
      ['sample.ContactExtensionAuthor', 'Ordinal', 'Sample:Contact', '$._ext.sample.authors[*].ordinal'],
    ],
    [
      'a value of another extension that adds to the same table',
      [
        edFi([plain('Contact', { note: string() })]),
        extension([zoned], 'Alpha', { endpoint: 'sample' }),
        extension([zoned], 'Sample', { endpoint: 'other' }),
      ],
      ['sample.ContactExtension', 'Zone', 'Alpha:Contact', 'Sample:Contact', '$._ext.sample.zone'],
    ],
    [
      'the reference of the base, in a table of the base',
      [
        edFi([
          school,
          resource('Visit', {
            documentPathsMapping: {
              School: schoolReference(false),
              Campus: schoolReference(false, '$.campusReference'),
            },
            ...overrides({ '$.campusReference': 'school' }),
            jsonSchemaForInsert: object({
              schoolReference: fields({ schoolId: integer() }),
              campusReference: fields({ schoolId: integer() }),
            }),
          }),
        ]),
      ],
      [
        'edfi.Visit',
        'School_DocumentId',
        'Campus_DocumentId -> School_DocumentId',
        '$.campusReference',
        '$.schoolReference',
      ],
    ],
  ])('is refused for %s', (_, documents, facts) => {
    expectNamed(collision(documents), facts);
  });

  it.each([
    ['$.documentId', 'DocumentId'],
    ['$.discriminator', 'Discriminator'],
    ['$.document.id', 'DocumentId'],
  ])('is refused on an abstract identity table, whose identity is %s', (path, column) => {
    const member = keyed('Lecture', { lectureId: integer() }, subclassOf('Ed-Fi:Event', path));
    const found = collision([edFi([member], { abstractResources: { Event: abstractResource([path]) } })]);
    expect(found.details).toMatchObject({ table: 'edfi.EventIdentity', column });
    expectNamed(found, ['Ed-Fi:Event', path]);
  });

  it('is refused for two paths of an abstract identity that read alike', () => {
    const abstractResources = { Event: abstractResource(['$.roomCode', '$.room.code']) };
    const member = resource('Lecture', {
      ...subclassOf('Ed-Fi:Event'),
      identityJsonPaths: ['$.roomCode', '$.room.code'],
      ...overrides({ '$.room.code': 'InnerCode' }),
      jsonSchemaForInsert: fields({ roomCode: integer(), room: fields({ code: integer() }) }),
    });
    const found = collision([edFi([member], { abstractResources })]);
    expect(found.details).toMatchObject({ table: 'edfi.EventIdentity', column: 'RoomCode' });
    expectNamed(found, ['Ed-Fi:Event', '$.roomCode', '$.room.code']);
  });

  it('is case-sensitive in PostgreSQL: names that differ in case only are two columns', () => {
    const model = modelOf([edFi([plain('Thing', { roomNumber: integer(), roomnumber: integer() })])], 'pgsql');
    expect(columnNames(tableOf(model, 'edfi.Thing'))).toEqual(['DocumentId', 'RoomNumber', 'Roomnumber']);
  });

  it('is reported with the same text whatever the order of the members (§13)', () => {
    const documents = [
      edFi([
        plain('Other', { b: integer(), a: integer() }),
        plain(
          'Thing',
          { firstName: string(), lastName: string(), room: object({ number: string() }), roomNumber: string() },
          [],
          {
            ...overrides({ '$.firstName': 'duplicate', '$.lastName': 'duplicate' }),
          },
        ),
      ]),
    ];
    const messages = (given: readonly build.JsonRecord[]) => {
      const error = failureOf(() => modelOf(given));
      expect(codesOf(error)).toEqual(['COLUMN_NAME_COLLISION', 'COLUMN_NAME_COLLISION']);
      return error.diagnostics.map(({ message }) => message);
    };
    const expected = messages(documents);
    for (const seed of seeds(10)) {
      expect(messages(documents.map((document) => shuffled(document, seed))), `seed ${seed}`).toEqual(expected);
    }
  });

  it('names key columns by their collections without overrides', () => {
    const rooms = array(object({ xs: array(object({ note: string() })) }));
    const thing = plain(
      'Thing',
      { desks: array(object({ rooms })) },
      [],
      overrides({ '$.desks[*].rooms[*]': 'ThingDeskDesk' }),
    );
    const found = collision([edFi([thing])]);
    expectNamed(found, ['DeskOrdinal -> DeskOrdinal', 'RoomOrdinal -> DeskOrdinal']);
  });

  it('names descriptor columns with their suffix', () => {
    const thing = resource('Thing', {
      documentPathsMapping: {
        First: descriptorPath('Ed-Fi:KindDescriptor', '$.firstDescriptor'),
        Second: descriptorPath('Ed-Fi:KindDescriptor', '$.secondDescriptor'),
      },
      ...overrides({ '$.firstDescriptor': 'dup', '$.secondDescriptor': 'dup' }),
      jsonSchemaForInsert: object({ firstDescriptor: uri(), secondDescriptor: uri() }),
    });
    const found = collision([edFi([descriptor('KindDescriptor'), thing])]);
    const sources = ['FirstDescriptor_DescriptorId', 'SecondDescriptor_DescriptorId'].map(
      (name) => `${name} -> Dup_DescriptorId`,
    );
    expectNamed(found, sources);
  });

  it('is free in a descriptor column, which ends in _DescriptorId (§3.3)', () => {
    const thing = resource('Thing', {
      documentPathsMapping: { Kind: descriptorPath('Ed-Fi:KindDescriptor', '$.kind') },
      ...overrides({ '$.kind': 'Note' }),
      jsonSchemaForInsert: object({ kind: uri(), note: string() }),
    });
    const model = modelOf([edFi([descriptor('KindDescriptor'), thing])]);
    expect(columnNames(tableOf(model, 'edfi.Thing'))).toEqual(['DocumentId', 'Note_DescriptorId', 'Note']);
  });
});
