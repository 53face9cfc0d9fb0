import { dialects } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import { plansOf, schoolPlans } from '../../test/school-set.ts';
import { refusal } from '../../test/scripted-connection.ts';
import { constraintOf, rejectedDocument } from './reject-diagnostics.ts';

/* Translation of database errors into diagnostics of a document (design 14 §3). */

it('failures name their constraint', () => {
  expect(constraintOf(refusal('23505', 'UX'))).toBe('UX');
  expect(constraintOf(refusal('23505'))).toBeNull();
  expect(constraintOf(new Error('x'))).toBeNull();
});

describe.each(dialects)('a refused document on %s', (dialect) => {
  const codes = {
    pgsql: { unique: '23505', row: '23514', key: '23503' },
    mssql: { unique: '2627', row: '547', key: '547' },
  }[dialect];
  const at = { file: 'a.jsonl', line: 3 };
  const told = (label: string, code: string, constraint?: string) =>
    rejectedDocument(schoolPlans(dialect), plansOf(dialect, label), refusal(code, constraint), at);

  it('has the identity of another document', () => {
    expect(told('Core:School', codes.unique, 'UX_School_NK')).toMatchObject({
      code: 'DOCUMENT_EXISTS',
      where: { ...at, resource: 'Core:School', path: '$.schoolId' },
      details: { resource: 'Core:School', constraint: 'UX_School_NK', table: 'School', paths: ['$.schoolId'] },
      message: expect.stringContaining('has the same identity ($.schoolId): refused with'),
    });
  });

  it('has the identity of another document, found by the trigger that writes identities', () => {
    expect(told('Core:School', codes.unique, 'PK_ReferentialIdentity')).toMatchObject({
      code: 'DOCUMENT_EXISTS',
      details: { table: null, paths: ['$.schoolId'] },
    });
  });

  it('has the identity of another member of its abstract resource', () => {
    expect(told('Core:Site', codes.unique, 'UX_PlaceIdentity_NK')).toMatchObject({
      code: 'DOCUMENT_EXISTS',
      where: { path: '$.siteId' },
      details: { table: 'PlaceIdentity', paths: ['$.siteId'] },
    });
  });

  it('causes a cascade to an identity of another resource that already exists', () => {
    expect(told('Core:Guest', codes.unique, 'UX_GuestList_NK')).toMatchObject({
      code: 'DOCUMENT_EXISTS',
      where: { resource: 'Core:Guest', path: '$.listId' },
      details: { table: 'GuestList', paths: ['$.listId'] },
    });
  });

  it('breaks a constraint of its own schema although another schema has one of that name', () => {
    expect(told('Sample:Guest', codes.unique, 'UX_Guest_NK').details.paths).toEqual(['$.code']);
    expect(told('Core:Guest', codes.unique, 'UX_Guest_NK').details.paths).toEqual(['$.guestId']);
  });

  it('repeats an element of a collection', () => {
    expect(told('Core:School', codes.unique, 'UX_SchoolAddress_Street_School_DocumentId')).toMatchObject({
      code: 'DOCUMENT_REFUSED',
      where: { path: '$.addresses[*].street' },
      details: { table: 'SchoolAddress', paths: ['$.addresses[*].street'] },
      message: expect.stringContaining('over $.addresses[*].street: refused with'),
    });
  });

  it('breaks a constraint over several columns, and the paths of all are reported', () => {
    expect(told('Core:School', codes.row, 'CK_School_Place_AllNone')).toMatchObject({
      code: 'DOCUMENT_REFUSED',
      details: { paths: ['$.placeReference', '$.placeReference.placeId'] },
    });
    expect(told('Core:Visit', codes.key, 'FK_Visit_School_RefKey')).toMatchObject({
      code: 'DOCUMENT_REFUSED',
      details: { paths: ['$.schoolReference', '$.schoolReference.schoolId'] },
    });
  });

  it('has a duplicate identity only if a unique key refuses it', () => {
    // a check may have the same name
    expect(told('Core:School', codes.row, 'UX_School_NK').code).toBe('DOCUMENT_REFUSED');
  });

  it('is reported without a path if the constraint is unknown or none of its columns has one', () => {
    for (const constraint of ['PK_School', 'CK_Unknown', undefined]) {
      const { code, where, details } = told('Core:School', codes.row, constraint);
      expect([code, where, details.paths]).toEqual(['DOCUMENT_REFUSED', { ...at, resource: 'Core:School' }, []]);
    }
    expect(told('Core:School', codes.row).message).toContain('the database refused a row by refused with');
  });
});

it('a canonical column is reported with the paths of its members', () => {
  const all = schoolPlans('pgsql');
  const { model } = all.mappingSet;
  const checkOfUnified = {
    ...model,
    resources: model.resources.map((resource) => ({
      ...resource,
      tablesInDependencyOrder: resource.tablesInDependencyOrder.map((table) => ({
        ...table,
        constraints:
          table.table.name === 'School'
            ? [
                ...table.constraints,
                { kind: 'Unique' as const, name: 'UX_A' as never, columns: ['A_Unified' as never] },
              ]
            : table.constraints,
      })),
    })),
  };
  const told = rejectedDocument(
    { ...all, mappingSet: { ...all.mappingSet, model: checkOfUnified } },
    plansOf('pgsql', 'Core:School'),
    refusal('23505', 'UX_A'),
    {},
  );
  expect(told.details.paths).toEqual(['$.a', '$.b']);
});
