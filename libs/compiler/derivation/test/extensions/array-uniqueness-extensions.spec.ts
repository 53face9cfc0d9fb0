import { build, expectRejected, modelOf, tableOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { constraintsOf } from '../model-text.ts';

const { array, ext, integer, object, reference, string } = build;

const library = build.resource('Library', {
  identityJsonPaths: ['$.libraryId', '$.region'],
  jsonSchemaForInsert: object({ libraryId: integer(), region: string(10) }, ['libraryId', 'region']),
});

const toLibrary = (path: string) =>
  reference(
    'Ed-Fi:Library',
    [
      ['$.libraryId', `${path}.libraryId`],
      ['$.region', `${path}.region`],
    ],
    false,
  );
const libraryReference = object({ libraryId: integer(), region: string(10) });

const hall = build.resource('Hall', {
  documentPathsMapping: { Library: toLibrary('$.rooms[*].libraryReference') },
  jsonSchemaForInsert: object({
    rooms: array(object({ roomName: string(), libraryReference, shelves: array(object({ label: string() })) })),
  }),
});

const wings = array(object({ libraryReference, wingName: string(), doors: array(object({ doorName: string() })) }));

const documents = (arrayUniquenessConstraints: build.Json) => [
  build.project('Ed-Fi', [library, hall]),
  build.project(
    'Sample',
    [
      build.extensionOf('Hall', {
        documentPathsMapping: { Library: toLibrary('$._ext.sample.wings[*].libraryReference') },
        arrayUniquenessConstraints,
        jsonSchemaForInsert: object({ _ext: ext('sample', object({ wings })) }),
      }),
    ],
    { isExtension: true },
  ),
];

const uniques = (constraints: build.Json, name: string) =>
  constraintsOf(tableOf(modelOf(documents(constraints)), name), 'Unique');

const inherited = '$._ext.sample.rooms[*]';
const own = '$._ext.sample.wings[*]';

// design 02 §10.3: an extension may constrain an inherited collection under its own prefix
describe('array uniqueness of a resource extension', () => {
  it('means the reference of an inherited collection by its key column, once', () => {
    const paths = [
      `${inherited}.libraryReference.libraryId`,
      `${inherited}.libraryReference.region`,
      `${inherited}.roomName`,
    ];
    expect(uniques([{ paths }], 'edfi.HallRoom')).toEqual([
      'Unique UX_HallRoom_RoomName_Hall_DocumentId_Library_DocumentId (Hall_DocumentId, Library_DocumentId, RoomName)',
    ]);
  });

  it('means a reference of its own collection by its key column', () => {
    const paths = [`${own}.libraryReference.libraryId`, `${own}.libraryReference.region`];
    expect(uniques([{ paths }], 'sample.HallExtensionWing')).toEqual([
      'Unique UX_HallExtensionWing_Hall_DocumentId_Library_DocumentId (Hall_DocumentId, Library_DocumentId)',
    ]);
  });

  it('may have base paths and nested entries, in inherited and own collections', () => {
    const inheritedEntry = {
      basePath: inherited,
      paths: ['$.roomName'],
      nestedConstraints: [{ basePath: inherited, paths: ['$.shelves[*].label'] }],
    };
    const ownEntry = {
      paths: [`${own}.wingName`],
      nestedConstraints: [{ basePath: own, paths: ['$.doors[*].doorName'] }],
    };
    const constraints = [inheritedEntry, ownEntry];
    expect(uniques(constraints, 'edfi.HallRoomShelve')).toEqual([
      'Unique UX_HallRoomShelve_Label_RoomOrdinal_Hall_DocumentId (Hall_DocumentId, RoomOrdinal, Label)',
    ]);
    expect(uniques(constraints, 'sample.HallExtensionWingDoor')).toEqual([
      'Unique UX_HallExtensionWingDoor_DoorName_WingOrdinal_Hall_DocumentId (Hall_DocumentId, WingOrdinal, DoorName)',
    ]);
  });

  it('makes one constraint per array scope, of an inherited and an own one alike', () => {
    const constraints = [{ paths: [`${own}.wingName`, `${inherited}.roomName`] }];
    expect(uniques(constraints, 'edfi.HallRoom')).toEqual([
      'Unique UX_HallRoom_RoomName_Hall_DocumentId (Hall_DocumentId, RoomName)',
    ]);
    expect(uniques(constraints, 'sample.HallExtensionWing')).toHaveLength(1);
  });

  it('must not lie in a project object that is an array', () => {
    expectRejected(documents([{ paths: ['$._ext.sample[*].roomName'] }]), {
      code: 'ARRAY_UNIQUENESS_UNMAPPED',
      resource: 'Sample:Hall',
      names: ['$._ext.sample[*]', '$._ext.sample[*].roomName'],
    });
  });

  it('must map all paths of a scope to one table', () => {
    expectRejected(documents([{ paths: [`${inherited}.roomName`, `${inherited}.extra`] }]), {
      code: 'ARRAY_UNIQUENESS_UNMAPPED',
      resource: 'Sample:Hall',
      names: [inherited, [`${inherited}.extra`, `${inherited}.roomName`]],
    });
  });

  it('must not name a part of a reference of its own', () => {
    expectRejected(documents([{ paths: [`${own}.libraryReference.region`] }]), {
      code: 'ARRAY_UNIQUENESS_REFERENCE_INCOMPLETE',
      resource: 'Sample:Hall',
      names: [own, `${own}.libraryReference`, `${own}.libraryReference.libraryId`],
    });
  });

  it('loses one prefix only: what is left must be a collection of the base', () => {
    expectRejected(documents([{ paths: ['$._ext.sample._ext.sample.rooms[*].roomName'] }]), {
      code: 'ARRAY_UNIQUENESS_UNMAPPED',
      resource: 'Sample:Hall',
      names: ['$._ext.sample._ext.sample.rooms[*]'],
    });
  });
});
