import type { TableIdentity } from '@dms/model';
import {
  build,
  diagnosticsOf,
  edFi,
  expectDiagnostics,
  extension,
  fields,
  fixtureDocumentsV2,
  hasSharedData,
  modelV2,
  numbered,
  rows,
  schemaSetV2,
  school,
  schoolReference,
  tableOf,
  uncheckedSetV2,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { constraintsOf } from '../../test/model-text.ts';
import { deriveModel } from '../index.ts';

const { array, descriptor, descriptorPath, ext, extensionOf, integer, object, reference, resource, string, uri } =
  build;

const place = fields({ schoolId: integer() });
const library = resource('Library', {
  identityJsonPaths: ['$.libraryId', '$.region'],
  jsonSchemaForInsert: fields({ libraryId: integer(), region: string(10) }),
});
const toLibrary = (path: string) =>
  reference('Ed-Fi:Library', [
    ['$.region', `${path}.region`],
    ['$.libraryId', `${path}.libraryId`],
  ]);
const libraryFields = fields({ libraryId: integer(), region: string(10) });

interface HallParts {
  readonly items: build.JsonRecord;
  readonly mapping?: build.JsonRecord;
  readonly rules?: build.Json;
}

/** A hall with rooms. */
const hall = ({ items, mapping = {}, rules = [] }: HallParts) =>
  resource('Hall', {
    documentPathsMapping: mapping,
    arrayUniquenessConstraints: rules,
    jsonSchemaForInsert: object({ hallId: integer(), rooms: rows(items) }, ['hallId']),
    identityJsonPaths: ['$.hallId'],
  });

const withHall = (parts: HallParts) => [edFi([school, library, descriptor('KindDescriptor'), hall(parts)])];

const listed = ({ semanticIdentity }: TableIdentity) =>
  semanticIdentity.map(({ relativePath, column }) => `${relativePath.canonical} ${column}`);

/** The semantic identity of a table as lines, and its source. */
function identityOf(documents: readonly build.JsonRecord[], name = 'edfi.HallRoom') {
  const { identity } = tableOf(modelV2(documents), name);
  return { parts: listed(identity), source: identity.semanticIdentitySource };
}

describe('the semantic identity of a collection from its rule (design 15 §7.2)', () => {
  it('has the paths in their order, relative to the item, with their columns', () => {
    const items = { roomName: string(), floor: object({ number: integer() }), kindDescriptor: uri() };
    const mapping = { Kind: descriptorPath('Ed-Fi:KindDescriptor', '$.rooms[*].kindDescriptor') };
    const rules = [{ paths: ['$.rooms[*].roomName', '$.rooms[*].kindDescriptor', '$.rooms[*].floor.number'] }];
    expect(identityOf(withHall({ items, mapping, rules }))).toEqual({
      parts: ['$.roomName RoomName', '$.kindDescriptor KindDescriptor_DescriptorId', '$.floor.number FloorNumber'],
      source: 'ArrayUniquenessConstraint',
    });
  });

  it('has an entry per path of a reference, all with its document id', () => {
    const items = { libraryReference: libraryFields, shelf: string() };
    const mapping = { Library: toLibrary('$.rooms[*].libraryReference') };
    const paths = ['$.rooms[*].libraryReference.libraryId', '$.rooms[*].shelf', '$.rooms[*].libraryReference.region'];
    expect(identityOf(withHall({ items, mapping, rules: [{ paths }] })).parts).toEqual([
      '$.libraryReference.libraryId Library_DocumentId',
      '$.shelf Shelf',
      '$.libraryReference.region Library_DocumentId',
    ]);
  });

  it('of an array of descriptors is the value itself (case 7)', () => {
    const documents = [
      edFi([
        descriptor('KindDescriptor'),
        numbered('Hall', 'hallId', {
          documentPathsMapping: { Kind: descriptorPath('Ed-Fi:KindDescriptor', '$.kinds[*]') },
          arrayUniquenessConstraints: [{ paths: ['$.kinds[*]'] }],
          jsonSchemaForInsert: object({ hallId: integer(), kinds: array(uri()) }, ['hallId']),
        }),
      ]),
    ];
    expect(identityOf(documents, 'edfi.HallKind').parts).toEqual(['$ Kind_DescriptorId']);
  });

  it('of a nested array comes from a nested rule, or from a rule of its own', () => {
    const items = { roomName: string(), seats: rows({ row: string() }) };
    const nested = [
      { paths: ['$.rooms[*].roomName'], nestedConstraints: [{ basePath: '$.rooms[*]', paths: ['$.seats[*].row'] }] },
    ];
    const single = [{ paths: ['$.rooms[*].seats[*].row'] }, { paths: ['$.rooms[*].roomName'] }];
    for (const rules of [nested, single]) {
      const documents = withHall({ items, rules });
      expect(identityOf(documents).parts).toEqual(['$.roomName RoomName']);
      expect(identityOf(documents, 'edfi.HallRoomSeat').parts).toEqual(['$.row Row']);
    }
  });

  it('may be given twice, as long as it is the same', () => {
    const items = { roomName: string(), floor: integer() };
    const paths = ['$.rooms[*].roomName', '$.rooms[*].floor'];
    expect(identityOf(withHall({ items, rules: [{ paths }, paths] })).parts).toEqual([
      '$.roomName RoomName',
      '$.floor Floor',
    ]);
  });

  it.each<[string, readonly string[]]>([
    ['with other paths', ['$.rooms[*].roomName']],
    ['with the same paths in another order', ['$.rooms[*].floor', '$.rooms[*].roomName']],
  ])('given twice %s is ambiguous (case 4)', (_, other) => {
    const items = { roomName: string(), floor: integer() };
    const documents = withHall({
      items,
      rules: [{ paths: ['$.rooms[*].roomName', '$.rooms[*].floor'] }, { paths: other }],
    });
    const listedOther = other.map((path) => (path.endsWith('floor') ? '$.floor (Floor)' : '$.roomName (RoomName)'));
    expectDiagnostics(() => modelV2(documents), {
      code: 'COLLECTION_IDENTITY_AMBIGUOUS',
      resource: 'Ed-Fi:Hall',
      names: ['$.rooms[*]', ['$.roomName (RoomName), $.floor (Floor)', listedOther.join(', ')]],
    });
    const [fault] = diagnosticsOf(() => modelV2(documents));
    expect(fault?.details).toEqual({
      resource: 'Ed-Fi:Hall',
      scope: '$.rooms[*]',
      identities: ['$.roomName (RoomName), $.floor (Floor)', listedOther.join(', ')],
    });
    expect(fault?.where.path).toBe('$.rooms[*]');
  });
});

describe('the semantic identity of a collection from its only reference (design 15 §7.3)', () => {
  const items = { libraryReference: libraryFields, note: string() };
  const mapping = { Library: toLibrary('$.rooms[*].libraryReference') };

  it('has its parts in the order of their pairs', () => {
    expect(identityOf(withHall({ items, mapping }))).toEqual({
      parts: ['$.libraryReference.region Library_DocumentId', '$.libraryReference.libraryId Library_DocumentId'],
      source: 'ReferenceFallback',
    });
  });

  it('gives way to a rule, also to one of an extension, whatever the order of the projects (case 6)', () => {
    expect(identityOf(withHall({ items, mapping, rules: [['$.rooms[*].note']] }))).toEqual({
      parts: ['$.note Note'],
      source: 'ArrayUniquenessConstraint',
    });
    for (const project of ['Alpha', 'Zulu']) {
      const key = project.toLowerCase();
      const extended = extensionOf('Hall', {
        arrayUniquenessConstraints: [{ paths: [`$._ext.${key}.rooms[*].note`] }],
        jsonSchemaForInsert: object({ _ext: ext(key, object({ motto: string() })) }),
      });
      const documents = [...withHall({ items, mapping }), extension([extended], project)];
      const expected = { parts: ['$.note Note'], source: 'ArrayUniquenessConstraint' };
      expect(identityOf(documents)).toEqual(expected);
      expect(identityOf([...documents].reverse())).toEqual(expected);
    }
  });

  it('counts a reference of an extension of the item as one of another table', () => {
    const extended = extensionOf('Hall', {
      documentPathsMapping: { Owner: schoolReference(false, '$.rooms[*]._ext.sample.ownerReference') },
      jsonSchemaForInsert: object({ rooms: rows({ _ext: ext('sample', object({ ownerReference: place })) }) }),
    });
    const documents = [...withHall({ items, mapping }), extension([extended])];
    expect(identityOf(documents).source).toBe('ReferenceFallback');
    // the companion has no identity of its own
    expect(identityOf(documents, 'sample.HallExtensionRoom')).toEqual({ parts: [], source: 'Unspecified' });
  });

  it('is none where there are several references, or none (case 5)', () => {
    const two = {
      items: { ...items, schoolReference: place },
      mapping: { ...mapping, School: schoolReference(false, '$.rooms[*].schoolReference') },
    };
    for (const parts of [two, { items: { note: string() } }]) {
      const documents = withHall(parts);
      expect(identityOf(documents)).toEqual({ parts: [], source: 'Unspecified' });
      expect(constraintsOf(tableOf(modelV2(documents), 'edfi.HallRoom'), 'Unique')).toEqual([
        'Unique UX_HallRoom_Ordinal_Hall_DocumentId (Hall_DocumentId, Ordinal)',
      ]);
    }
  });
});

describe('strict mode (design 15 §7.4)', () => {
  const strict = (documents: readonly build.JsonRecord[]) => () => modelV2(documents, 'pgsql', { strict: true });

  it('refuses a collection that nothing identifies', () => {
    const documents = withHall({ items: { note: string() } });
    expectDiagnostics(strict(documents), {
      code: 'COLLECTION_IDENTITY_MISSING',
      resource: 'Ed-Fi:Hall',
      names: ['$.rooms[*]', 'arrayUniquenessConstraints', 'for v1'],
    });
    const [fault] = diagnosticsOf(strict(documents));
    expect(fault?.details).toEqual({ resource: 'Ed-Fi:Hall', scope: '$.rooms[*]', candidates: [] });
  });

  it('names the references that could identify it, sorted (case 5)', () => {
    const documents = withHall({
      items: { zooReference: place, annexReference: place },
      mapping: {
        A: schoolReference(false, '$.rooms[*].zooReference'),
        B: schoolReference(false, '$.rooms[*].annexReference'),
      },
    });
    const candidates = ['$.rooms[*].annexReference', '$.rooms[*].zooReference'];
    expectDiagnostics(strict(documents), {
      code: 'COLLECTION_IDENTITY_MISSING',
      resource: 'Ed-Fi:Hall',
      names: ['$.rooms[*]', candidates],
    });
    expect(diagnosticsOf(strict(documents))[0]?.details).toMatchObject({ candidates });
  });

  it('reports all collections together, those of extensions under the extension, whose file lacks the entry', () => {
    const extended = extensionOf('Hall', {
      jsonSchemaForInsert: object({ _ext: ext('sample', object({ keys: rows({ code: string() }) })) }),
    });
    const documents = [...withHall({ items: { seats: rows({ row: string() }) } }), extension([extended])];
    const found = diagnosticsOf(strict(documents)).map(({ code, where }) => [code, where.resource, where.path]);
    expect(found).toEqual([
      ['COLLECTION_IDENTITY_MISSING', 'Ed-Fi:Hall', '$.rooms[*]'],
      ['COLLECTION_IDENTITY_MISSING', 'Ed-Fi:Hall', '$.rooms[*].seats[*]'],
      ['COLLECTION_IDENTITY_MISSING', 'Sample:Hall', '$._ext.sample.keys[*]'],
    ]);
  });

  it('accepts collections that have one, and companions, which need none', () => {
    const extended = extensionOf('Hall', {
      jsonSchemaForInsert: object({ rooms: rows({ _ext: ext('sample', object({ hint: string() })) }) }),
    });
    const documents = [...withHall({ items: { note: string() }, rules: [['$.rooms[*].note']] }), extension([extended])];
    expect(strict(documents)).not.toThrow();
  });
});

describe('the uniques of collections (design 15 §7.5)', () => {
  const items = { roomName: string(), seats: rows({ row: string() }) };
  const rules = [{ paths: ['$.rooms[*].roomName'] }, { paths: ['$.rooms[*].seats[*].row'] }];
  const uniques = (documents: readonly build.JsonRecord[], name: string) =>
    constraintsOf(tableOf(modelV2(documents), name), 'Unique');

  it('are: the rule, which is the identity too; the order of siblings; what tables below refer to', () => {
    expect(uniques(withHall({ items, rules }), 'edfi.HallRoom')).toEqual([
      'Unique UX_HallRoom_CollectionItemId_Hall_DocumentId (CollectionItemId, Hall_DocumentId)',
      'Unique UX_HallRoom_Ordinal_Hall_DocumentId (Hall_DocumentId, Ordinal)',
      'Unique UX_HallRoom_RoomName_Hall_DocumentId (Hall_DocumentId, RoomName)',
    ]);
  });

  it('are those of the identity and of the order alone where no table refers to it', () => {
    expect(uniques(withHall({ items, rules }), 'edfi.HallRoomSeat')).toEqual([
      'Unique UX_HallRoomSeat_Ordinal_ParentCollectionItemId (ParentCollectionItemId, Ordinal)',
      'Unique UX_HallRoomSeat_ParentCollectionItemId_Row (ParentCollectionItemId, Row)',
    ]);
  });

  it('have a column once, although an identity names it per path', () => {
    const parts = {
      items: { libraryReference: libraryFields },
      mapping: { Library: toLibrary('$.rooms[*].libraryReference') },
    };
    expect(uniques(withHall(parts), 'edfi.HallRoom')).toEqual([
      'Unique UX_HallRoom_Hall_DocumentId_Library_DocumentId (Hall_DocumentId, Library_DocumentId)',
      'Unique UX_HallRoom_Ordinal_Hall_DocumentId (Hall_DocumentId, Ordinal)',
    ]);
  });

  it('of a companion is the target of tables below alone', () => {
    const extended = (properties: build.JsonRecord) =>
      extension([
        extensionOf('Hall', {
          jsonSchemaForInsert: object({ rooms: rows({ _ext: ext('sample', object(properties)) }) }),
        }),
      ]);
    const base = withHall({ items, rules });
    const withKeys = [...base, extended({ hint: string(), keys: rows({ code: string() }) })];
    expect(uniques(withKeys, 'sample.HallExtensionRoom')).toEqual([
      'Unique UX_HallExtensionRoom_BaseCollectionItemId_Hall_DocumentId (BaseCollectionItemId, Hall_DocumentId)',
    ]);
    expect(uniques([...base, extended({ hint: string() })], 'sample.HallExtensionRoom')).toEqual([]);
  });

  it('of a companion make the base row a target, even without collections of its own', () => {
    const extended = extension([
      extensionOf('Hall', {
        jsonSchemaForInsert: object({
          rooms: rows({ seats: rows({ _ext: ext('sample', object({ hint: string() })) }) }),
        }),
      }),
    ]);
    expect(uniques([...withHall({ items, rules }), extended], 'edfi.HallRoomSeat')).toContain(
      'Unique UX_HallRoomSeat_CollectionItemId_Hall_DocumentId (CollectionItemId, Hall_DocumentId)',
    );
  });
});

describe.runIf(hasSharedData)('fixtures without an identity (needs the shared conformance data)', () => {
  it.each(['error-missing-semantic-identity', 'plans-negative-missing-semantic-identity'])(
    '%s fails in strict mode alone',
    (name) => {
      const set = uncheckedSetV2(...fixtureDocumentsV2(name));
      expectDiagnostics(() => deriveModel(set, 'pgsql'), {
        code: 'COLLECTION_IDENTITY_MISSING',
        resource: 'Ed-Fi:School',
        names: ['$.addresses[*]'],
      });
      const { model } = deriveModel(set, 'pgsql', { strict: false });
      expect(listed(tableOf(model, 'edfi.SchoolAddress').identity)).toEqual([]);
    },
  );

  it.each(['nested', 'ext'])('%s lacks one, so it fails in strict mode', (name) => {
    const set = schemaSetV2(...fixtureDocumentsV2(name));
    const codes = diagnosticsOf(() => deriveModel(set, 'mssql')).map(({ code }) => code);
    expect(new Set(codes)).toEqual(new Set(['COLLECTION_IDENTITY_MISSING']));
  });
});
