import { build, expectDiagnostics, expectRejected, extension, modelOf, tableOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { DraftTable } from '../../src/draft/draft-table.ts';
import type { DraftResource } from '../../src/draft/model-draft.ts';
import { deriveArrayUniqueness } from '../../src/passes/derive-constraints.ts';
import { draftBefore } from '../drafts.ts';
import { collectionShape } from '../hand-made.ts';
import { constraintsOf } from '../model-text.ts';

const library = build.resource('Library', {
  identityJsonPaths: ['$.libraryId', '$.region'],
  jsonSchemaForInsert: build.object({ libraryId: build.integer(), region: build.string(10) }, ['libraryId', 'region']),
});
const withLibrary = (...resources: build.BuiltResource[]) =>
  build.project('Ed-Fi', [library, build.descriptor('KindDescriptor'), ...resources]);

const toLibrary = (path: string) =>
  build.reference(
    'Ed-Fi:Library',
    [
      ['$.libraryId', `${path}.libraryId`],
      ['$.region', `${path}.region`],
    ],
    false,
  );
const libraryReference = build.object({ libraryId: build.integer(), region: build.string(10) });

const schema = build.object({
  code: build.string(),
  rooms: build.array(
    build.object({
      roomName: build.string(),
      floor: build.object({ number: build.integer() }),
      kindDescriptor: build.uri(),
      libraryReference,
      shelves: build.array(build.object({ label: build.string(), color: build.string() })),
    }),
  ),
  kinds: build.array(build.uri()),
  partners: build.array(build.object({ libraryReference, since: build.date() })),
});

const hall = (arrayUniquenessConstraints: build.Json, members: build.JsonRecord = {}) =>
  build.resource('Hall', {
    documentPathsMapping: {
      Kind: build.descriptorPath('Ed-Fi:KindDescriptor', '$.rooms[*].kindDescriptor'),
      Kinds: build.descriptorPath('Ed-Fi:KindDescriptor', '$.kinds[*]'),
      PartnerLibrary: toLibrary('$.partners[*].libraryReference'),
      RoomLibrary: toLibrary('$.rooms[*].libraryReference'),
    },
    arrayUniquenessConstraints,
    jsonSchemaForInsert: schema,
    ...members,
  });

/** The unique constraints of one table of `Hall` under these rules. */
const uniques = (constraints: build.Json, name: string) =>
  constraintsOf(tableOf(modelOf([withLibrary(hall(constraints))]), name), 'Unique');

const roomKey = 'Hall_DocumentId';

describe('the unique constraint of an array', () => {
  it('has the parent key parts and then the columns of the paths', () => {
    expect(uniques([{ paths: ['$.rooms[*].roomName'] }], 'edfi.HallRoom')).toEqual([
      `Unique UX_HallRoom_RoomName_Hall_DocumentId (${roomKey}, RoomName)`,
    ]);
  });

  it('may be given as a bare list of paths', () => {
    expect(uniques([['$.rooms[*].roomName']], 'edfi.HallRoom')).toEqual(
      uniques([{ paths: ['$.rooms[*].roomName'] }], 'edfi.HallRoom'),
    );
    expect(uniques([[]], 'edfi.HallRoom')).toEqual([]);
  });

  it('has the key column of a descriptor', () => {
    expect(uniques([{ paths: ['$.rooms[*].kindDescriptor'] }], 'edfi.HallRoom')).toEqual([
      `Unique UX_HallRoom_Hall_DocumentId_KindDescriptor_DescriptorId (${roomKey}, KindDescriptor_DescriptorId)`,
    ]);
    expect(uniques([{ paths: ['$.kinds[*]'] }], 'edfi.HallKind')).toEqual([
      `Unique UX_HallKind_Hall_DocumentId_Kind_DescriptorId (${roomKey}, Kind_DescriptorId)`,
    ]);
  });

  it('has the key column of a reference once for all of its paths', () => {
    const paths = [
      '$.partners[*].libraryReference.region',
      '$.partners[*].since',
      '$.partners[*].libraryReference.libraryId',
    ];
    expect(uniques([{ paths }], 'edfi.HallPartner')).toEqual([
      `Unique UX_HallPartner_Since_Hall_DocumentId_PartnerLibrary_DocumentId (${roomKey}, PartnerLibrary_DocumentId, Since)`,
    ]);
  });

  it('keeps the order of the paths in its columns, not in its name', () => {
    const paths = ['$.rooms[*].roomName', '$.rooms[*].floor.number'];
    const name = 'UX_HallRoom_FloorNumber_RoomName_Hall_DocumentId';
    expect(uniques([{ paths }], 'edfi.HallRoom')).toEqual([`Unique ${name} (${roomKey}, RoomName, FloorNumber)`]);
    expect(uniques([{ paths: [...paths].reverse() }], 'edfi.HallRoom')).toEqual([
      `Unique ${name} (${roomKey}, FloorNumber, RoomName)`,
    ]);
  });

  it('names a column once that two paths mean', () => {
    expect(uniques([{ paths: ['$.rooms[*].roomName', '$.rooms[*].roomName'] }], 'edfi.HallRoom')).toEqual([
      `Unique UX_HallRoom_RoomName_Hall_DocumentId (${roomKey}, RoomName)`,
    ]);
  });

  it('is added once when two rules mean the same columns', () => {
    const rule = { paths: ['$.rooms[*].roomName'] };
    expect(uniques([rule, rule, { basePath: '$.rooms[*]', paths: ['$.roomName'] }], 'edfi.HallRoom')).toHaveLength(1);
  });

  it('exists once per array scope of its paths', () => {
    const rule = { paths: ['$.rooms[*].shelves[*].label', '$.rooms[*].roomName', '$.rooms[*].shelves[*].color'] };
    const model = modelOf([withLibrary(hall([rule]))]);
    expect(constraintsOf(tableOf(model, 'edfi.HallRoom'), 'Unique')).toEqual([
      `Unique UX_HallRoom_RoomName_Hall_DocumentId (${roomKey}, RoomName)`,
    ]);
    expect(constraintsOf(tableOf(model, 'edfi.HallRoomShelve'), 'Unique')).toEqual([
      `Unique UX_HallRoomShelve_Color_Label_RoomOrdinal_Hall_DocumentId (${roomKey}, RoomOrdinal, Label, Color)`,
    ]);
  });

  it('of a nested array has a path relative to its base path, which is not combined with the outer rule', () => {
    const nestedConstraints = [{ basePath: '$.rooms[*]', paths: ['$.shelves[*].label'] }];
    const expected = [`Unique UX_HallRoomShelve_Label_RoomOrdinal_Hall_DocumentId (${roomKey}, RoomOrdinal, Label)`];
    expect(uniques([{ paths: ['$.rooms[*].roomName'], nestedConstraints }], 'edfi.HallRoomShelve')).toEqual(expected);
    expect(
      uniques([{ basePath: '$.rooms[*]', paths: ['$.roomName'], nestedConstraints }], 'edfi.HallRoomShelve'),
    ).toEqual(expected);
  });

  it('is that of the example in 02 §10.3', () => {
    const one = build.resource('One', {
      identityJsonPaths: ['$.oneId'],
      jsonSchemaForInsert: build.object({ oneId: build.integer() }, ['oneId']),
    });
    const example = build.resource('Site', {
      documentPathsMapping: {
        PartnerLibrary: build.reference('Ed-Fi:One', [['$.oneId', '$.partners[*].libraryReference.libraryId']], false),
      },
      relational: { rootTableNameOverride: 'Library' },
      arrayUniquenessConstraints: [
        {
          paths: ['$.rooms[*].roomName'],
          nestedConstraints: [{ basePath: '$.rooms[*]', paths: ['$.shelves[*].label'] }],
        },
        { paths: ['$.partners[*].libraryReference.libraryId'] },
      ],
      jsonSchemaForInsert: build.object({
        rooms: build.array(
          build.object({ roomName: build.string(), shelves: build.array(build.object({ label: build.string() })) }),
        ),
        partners: build.array(build.object({ libraryReference: build.object({ libraryId: build.integer() }) })),
      }),
    });
    const model = modelOf([build.project('Ed-Fi', [one, example])]);
    expect(
      ['LibraryRoom', 'LibraryRoomShelve', 'LibraryPartner'].flatMap((name) =>
        constraintsOf(tableOf(model, `edfi.${name}`), 'Unique'),
      ),
    ).toEqual([
      'Unique UX_LibraryRoom_RoomName_Library_DocumentId (Library_DocumentId, RoomName)',
      'Unique UX_LibraryRoomShelve_Label_RoomOrdinal_Library_DocumentId (Library_DocumentId, RoomOrdinal, Label)',
      'Unique UX_LibraryPartner_Library_DocumentId_PartnerLibrary_DocumentId (Library_DocumentId, PartnerLibrary_DocumentId)',
    ]);
  });

  it('groups the suffixes of columns with one prefix in its name', () => {
    const busRoute = build.resource('BusRoute', {
      arrayUniquenessConstraints: [{ paths: ['$.busYears[*].busYear'] }],
      jsonSchemaForInsert: build.object({ busYears: build.array(build.object({ busYear: build.integer() })) }),
    });
    const model = modelOf([withLibrary(busRoute)]);
    expect(constraintsOf(tableOf(model, 'edfi.BusRouteBusYear'), 'Unique')).toEqual([
      'Unique UX_BusRouteBusYear_BusYear_BusRoute_DocumentId (BusRoute_DocumentId, BusYear)',
    ]);
  });

  it('uses aliases under their own names', () => {
    const rows = build.array(build.object({ a: build.string(), b: build.string() }, ['a', 'b']));
    const unified = build.resource('Unified', {
      arrayUniquenessConstraints: [{ paths: ['$.rows[*].b'] }],
      equalityConstraints: [{ sourceJsonPath: '$.rows[*].a', targetJsonPath: '$.rows[*].b' }],
      jsonSchemaForInsert: build.object({ rows }),
    });
    expect(constraintsOf(tableOf(modelOf([withLibrary(unified)]), 'edfi.UnifiedRow'), 'Unique')).toEqual([
      'Unique UX_UnifiedRow_B_Unified_DocumentId (Unified_DocumentId, B)',
    ]);
  });
});

describe('arrayUniquenessConstraints', () => {
  const invalid = (constraints: build.Json) =>
    expectDiagnostics(() => modelOf([withLibrary(hall(constraints))]), {
      code: 'ARRAY_UNIQUENESS_INVALID',
      resource: 'Ed-Fi:Hall',
    });

  it.each([{}, 'text', 5, true])('must be a list, not %j', (value) => invalid(value));

  it.each([null, 'text', 5])('has entries that are objects or lists, not %j', (entry) => invalid([entry]));

  it.each([
    {},
    { paths: null },
    { paths: [] },
    { paths: '$.rooms[*].roomName' },
    { paths: [5] },
    { paths: [null] },
    [5],
    [null],
    { paths: ['$.rooms[*].roomName'], basePath: 5 },
    { paths: ['$.rooms[*].roomName'], nestedConstraints: {} },
  ])('has entries with a non-empty list of paths, unlike %j', (entry) => invalid([entry]));

  it.each([
    { paths: ['$.shelves[*].label'] },
    { basePath: null, paths: ['$.shelves[*].label'] },
    null,
    { basePath: '$.rooms[*]', paths: [] },
  ])('has nested entries with a base path and paths, unlike %j', (nested) =>
    invalid([{ paths: ['$.rooms[*].roomName'], nestedConstraints: [nested] }]),
  );

  it('may be null, and so may the optional members of an entry', () => {
    expect(uniques(null, 'edfi.HallRoom')).toEqual([]);
    expect(
      uniques([{ basePath: null, paths: ['$.rooms[*].roomName'], nestedConstraints: null }], 'edfi.HallRoom'),
    ).toHaveLength(1);
  });

  it('has only paths that lie in an array', () => {
    expectRejected([withLibrary(hall([{ paths: ['$.rooms[*].roomName', '$.code'] }]))], {
      code: 'ARRAY_UNIQUENESS_NO_ARRAY',
      resource: 'Ed-Fi:Hall',
      names: ['$.code'],
    });
  });

  it('must name a reference completely or not at all', () => {
    expectRejected([withLibrary(hall([{ paths: ['$.partners[*].since', '$.partners[*].libraryReference.region'] }]))], {
      code: 'ARRAY_UNIQUENESS_REFERENCE_INCOMPLETE',
      resource: 'Ed-Fi:Hall',
      names: ['$.partners[*]', '$.partners[*].libraryReference', '$.partners[*].libraryReference.libraryId'],
    });
  });

  it('must name a reference completely in nested entries too', () => {
    const nestedConstraints = [{ basePath: '$.rooms[*]', paths: ['$.libraryReference.libraryId'] }];
    expectRejected([withLibrary(hall([{ paths: ['$.kinds[*]'], nestedConstraints }]))], {
      code: 'ARRAY_UNIQUENESS_REFERENCE_INCOMPLETE',
      resource: 'Ed-Fi:Hall',
      names: ['$.rooms[*]', '$.rooms[*].libraryReference', '$.rooms[*].libraryReference.region'],
    });
  });

  it('must name a reference completely within one array scope', () => {
    // both values are listed, but in two entries instead of one
    const entries = [
      { paths: ['$.rooms[*].libraryReference.libraryId'] },
      { paths: ['$.rooms[*].libraryReference.region'] },
    ];
    const fault = (missing: string) =>
      ({
        code: 'ARRAY_UNIQUENESS_REFERENCE_INCOMPLETE',
        resource: 'Ed-Fi:Hall',
        names: ['$.rooms[*]', missing],
      }) as const;
    expectDiagnostics(
      () => modelOf([withLibrary(hall(entries))]),
      fault('$.rooms[*].libraryReference.region'),
      fault('$.rooms[*].libraryReference.libraryId'),
    );
  });
});

describe('array uniqueness of a resource extension', () => {
  const own = (arrayUniquenessConstraints: build.Json, members: build.JsonRecord = {}) =>
    build.extensionOf('Hall', {
      arrayUniquenessConstraints,
      jsonSchemaForInsert: build.object({
        _ext: build.ext(
          'sample',
          build.object({
            rooms: build.array(build.object({ _ext: build.ext('sample', build.object({ extra: build.string() })) })),
            wings: build.array(build.object({ wingName: build.string() })),
          }),
        ),
      }),
      ...members,
    });
  const derived = (constraints: build.Json, members?: build.JsonRecord) =>
    modelOf([withLibrary(hall([])), extension([own(constraints, members)])]);

  it('under its own prefix lands on the inherited collection', () => {
    const model = derived([{ paths: ['$._ext.sample.rooms[*].roomName'] }]);
    expect(constraintsOf(tableOf(model, 'edfi.HallRoom'), 'Unique')).toEqual([
      `Unique UX_HallRoom_RoomName_Hall_DocumentId (${roomKey}, RoomName)`,
    ]);
  });

  it('without prefix lands there as well', () => {
    const model = derived([{ paths: ['$.rooms[*].roomName'] }]);
    expect(constraintsOf(tableOf(model, 'edfi.HallRoom'), 'Unique')).toHaveLength(1);
  });

  it('lands on a collection of the extension when that is what it names', () => {
    const model = derived([{ paths: ['$._ext.sample.wings[*].wingName'] }]);
    expect(constraintsOf(tableOf(model, 'sample.HallExtensionWing'), 'Unique')).toEqual([
      `Unique UX_HallExtensionWing_WingName_Hall_DocumentId (${roomKey}, WingName)`,
    ]);
  });

  it('must be about columns of some table', () => {
    expectRejected(
      [withLibrary(hall([])), extension([own([{ paths: ['$._ext.sample.rooms[*].z', '$._ext.sample.rooms[*].a'] }])])],
      {
        code: 'ARRAY_UNIQUENESS_UNMAPPED',
        resource: 'Sample:Hall',
        names: ['$._ext.sample.rooms[*]', ['$._ext.sample.rooms[*].a', '$._ext.sample.rooms[*].z']],
      },
    );
  });

  it('must name a reference of its own completely, prefix or not', () => {
    const members = { documentPathsMapping: { Wing: toLibrary('$.wings[*].libraryReference') } };
    expectRejected(
      [
        withLibrary(hall([])),
        extension([own([{ paths: ['$._ext.sample.wings[*].libraryReference.region'] }], members)]),
      ],
      {
        code: 'ARRAY_UNIQUENESS_REFERENCE_INCOMPLETE',
        resource: 'Sample:Hall',
        names: ['$.wings[*]', '$.wings[*].libraryReference', '$.wings[*].libraryReference.libraryId'],
      },
    );
  });

  it('that two tables could keep is reported', () => {
    // scopes are unique per resource, so the second table is added by hand
    const draft = draftBefore(deriveArrayUniqueness, [withLibrary(hall([{ paths: ['$.rooms[*].roomName'] }]))]);
    const resource = draft.resources.get('Ed-Fi:Hall') as DraftResource;
    const room = resource.tables.find(({ table: { name } }) => name === 'HallRoom') as DraftTable;
    const twin = new DraftTable({
      table: { schema: 'sample', name: 'Twin' },
      scope: room.scope,
      origin: room.origin,
      collectionNames: room.collectionNames,
      shape: collectionShape('Hall', room.collectionNames),
    });
    twin.addColumn(room.columns.get('RoomName')!);
    resource.addTable(twin);
    expectDiagnostics(() => deriveArrayUniqueness(draft), {
      code: 'ARRAY_UNIQUENESS_AMBIGUOUS',
      resource: 'Ed-Fi:Hall',
      names: ['$.rooms[*]', '$.rooms[*].roomName'],
    });
  });
});
