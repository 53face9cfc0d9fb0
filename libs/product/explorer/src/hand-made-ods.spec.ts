import { expect, it } from 'vitest';
import { type ExploredOdsTable, lookUpOds, odsAddress } from './ods-lookup.ts';

/* The rules of the lookup on tables that are written here. */

interface FilledFrom {
  readonly resource: string;
  readonly scope: string;
  readonly paths: Readonly<Record<string, readonly string[]>>;
}

const table = (name: string, kind: ExploredOdsTable['kind'], ...sources: readonly FilledFrom[]): ExploredOdsTable => {
  const names = [...new Set(sources.flatMap(({ paths }) => Object.keys(paths)))];
  return {
    schema: 'campus',
    name,
    pgsqlName: name.toLowerCase(),
    kind,
    parent: null,
    columns: names.map((column) => ({
      name: column,
      pgsqlName: column.toLowerCase(),
      content: { kind: 'value' },
      type: { kind: 'int' },
      isNullable: false,
    })),
    key: names.slice(0, 1),
    sources: sources.map(({ resource, ...source }) => ({
      ...source,
      resource: { projectName: 'Campus', resourceName: resource },
    })),
  };
};

const base = table(
  'Organization',
  'base',
  { resource: 'School', scope: '$', paths: { OrganizationId: ['$.schoolId'] } },
  { resource: 'District', scope: '$', paths: { OrganizationId: ['$.districtId'] } },
);
const rooms = table('SchoolRoom', 'collection', {
  resource: 'School',
  scope: '$.rooms[*]',
  paths: { SchoolId: ['$.schoolId'], Room: ['$.rooms[*].room'] },
});
const roomNotes = table('SchoolRoomNote', 'collection', {
  resource: 'School',
  scope: '$.rooms[*].notes[*]',
  paths: { Room: ['$.rooms[*].room'], Note: ['$.rooms[*].notes[*].note'] },
});
// the root has a value of the object too, as where it identifies the documents
const school = table('School', 'subclass', {
  resource: 'School',
  scope: '$',
  paths: { SchoolId: ['$.schoolId'], HallName: ['$.hall.name'] },
});
const hall = table('SchoolHall', 'common', {
  resource: 'School',
  scope: '$.hall',
  paths: { SchoolId: ['$.schoolId'], Name: ['$.hall.name'] },
});
const person = table('Person', 'base', { resource: 'Student', scope: '$', paths: { PersonId: ['$.studentId'] } });
const orphan = table('Descriptor', 'base');
const superclasses = new Map([
  ['Campus:School', 'Campus:Organization'],
  ['Campus:District', 'Campus:Organization'],
  ['Campus:Student', 'Campus:Person'],
]);
const ods = lookUpOds([base, school, rooms, roomNotes, hall, person, orphan], (label) => superclasses.get(label));
const namesOf = (label: string) => ods.tablesOf(label).map(({ table: { name } }) => name);
const addressesOf = (label: string, path: string) =>
  ods.placesOf(label, path).map(({ table: place, column }) => odsAddress(place, column));

it('shows the tables of a resource in the order of the mapping, and shared ones with the abstract resource too', () => {
  expect(namesOf('Campus:School')).toEqual(['Organization', 'School', 'SchoolRoom', 'SchoolRoomNote', 'SchoolHall']);
  expect(namesOf('Campus:District')).toEqual(['Organization']);
  expect(namesOf('Campus:Organization')).toEqual(['Organization']);
  expect(namesOf('Campus:Teacher')).toEqual([]);
});

it('has the paths of one resource in its rows, and those of all subclasses in the rows of the abstract one', () => {
  const pathsOf = (label: string) => ods.tablesOf(label)[0]?.columns.map(({ paths, isKey }) => ({ paths, isKey }));
  expect(pathsOf('Campus:District')).toEqual([{ paths: ['$.districtId'], isKey: true }]);
  expect(pathsOf('Campus:Organization')).toEqual([{ paths: ['$.schoolId', '$.districtId'], isKey: true }]);
  expect(ods.tablesOf('Campus:School')[2]?.columns.map(({ isKey }) => isKey)).toEqual([true, false]);
});

it('finds a path only in the tables whose rows are nearest to it', () => {
  expect(addressesOf('Campus:School', '$.schoolId')).toEqual([
    'campus.Organization.OrganizationId',
    'campus.School.SchoolId',
  ]);
  expect(addressesOf('Campus:School', '$.rooms[*].room')).toEqual(['campus.SchoolRoom.Room']);
  expect(addressesOf('Campus:School', '$.rooms[*].notes[*].note')).toEqual(['campus.SchoolRoomNote.Note']);
  expect(addressesOf('Campus:School', '$.hall.name')).toEqual(['campus.SchoolHall.Name']);
  // an item of another array, whose name starts with the same letters
  expect(addressesOf('Campus:School', '$.roomsOfOthers[*].room')).toEqual([]);
});

it('names the resource that fills a table, and the abstract one of a base', () => {
  expect([base, school, rooms, person, orphan].map(ods.ownerOf)).toEqual([
    'Campus:Organization',
    'Campus:School',
    'Campus:School',
    // of one subclass alone
    'Campus:Person',
    undefined,
  ]);
});

it('finds a column by its address', () => {
  expect(ods.columnAt('campus.SchoolRoom.Room')?.table).toBe(rooms);
  expect(ods.columnAt('campus.SchoolRoom.room')).toBeUndefined();
});
