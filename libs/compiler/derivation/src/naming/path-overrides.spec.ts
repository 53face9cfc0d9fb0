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
  resourceOf,
  school,
  subclassOf,
  tableNames,
  tableOf,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { constraintLine } from '../../test/model-text.ts';
import { keyOf, overrides, person } from '../../test/overridden-person.ts';

const { array, descriptor, descriptorPath, ext, extensionOf, integer, object, reference, resource, string, uri } =
  build;

const personWith = (nameOverrides: build.JsonRecord, more: build.JsonRecord = {}) =>
  edFi([school, person({ nameOverrides }, more)]);

describe('nameOverrides', () => {
  it('rename values, references, identity fields and collections at exactly their paths', () => {
    const model = modelOf([
      personWith({
        '$.schoolReference': 'campus',
        '$.schoolReference.schoolId': 'id',
        '$.profile.address.street': 'street_name',
        '$.addresses[*]': 'site',
      }),
    ]);
    const table = tableOf(model, 'edfi.Person');
    expect(columnNames(table)).toEqual([
      'DocumentId',
      'Campus_DocumentId',
      'Campus_Id',
      'FirstName',
      'LastName',
      'StreetName',
    ]);
    expect(constraintLine(table, 'FK_Person_Campus_RefKey')).toBeDefined();
    expect(constraintLine(table, 'CK_Person_Campus_AllNone')).toBeDefined();
    expect(tableNames(resourceOf(model, 'Ed-Fi:Person'))).toEqual([
      'edfi.Person',
      'edfi.PersonSite',
      'edfi.PersonSitePeriod',
    ]);
    expect(keyOf(model, 'edfi.PersonSitePeriod')).toEqual(['Person_DocumentId', 'SiteOrdinal', 'Ordinal']);
  });

  it('keep the ending of a descriptor column', () => {
    const thing = resource('Thing', {
      documentPathsMapping: { Kind: descriptorPath('Ed-Fi:KindDescriptor', '$.details.kindDescriptor') },
      ...overrides({ '$.details.kindDescriptor': 'sort' }),
      jsonSchemaForInsert: object({ details: object({ kindDescriptor: uri() }) }),
    });
    const table = tableOf(modelOf([edFi([descriptor('KindDescriptor'), thing])]), 'edfi.Thing');
    expect(columnNames(table)).toEqual(['DocumentId', 'Sort_DescriptorId']);
    expect(constraintLine(table, 'FK_Thing_Sort')).toBeDefined();
  });

  it('at the element of a descriptor array name the table, never the column', () => {
    const thing = resource('Thing', {
      documentPathsMapping: { Level: descriptorPath('Ed-Fi:LevelDescriptor', '$.gradeLevels[*]') },
      ...overrides({ '$.gradeLevels[*]': 'grade' }),
      jsonSchemaForInsert: object({ gradeLevels: array(uri()) }),
    });
    const model = modelOf([edFi([descriptor('LevelDescriptor'), thing])]);
    expect(columnNames(tableOf(model, 'edfi.ThingGrade'))).toEqual([
      'Thing_DocumentId',
      'Ordinal',
      'GradeLevel_DescriptorId',
    ]);
  });

  it('rename all columns of entries that share a reference path alike, so that the column check fires', () => {
    const twin = keyed('Twin', { first: integer(), second: integer() });
    const user = resource('User', {
      documentPathsMapping: {
        Twin: reference('Ed-Fi:Twin', [
          ['$.first', '$.twinReference.number'],
          ['$.second', '$.twinReference.number'],
        ]),
      },
      ...overrides({ '$.twinReference.number': 'same' }),
      jsonSchemaForInsert: object({ twinReference: fields({ number: integer() }) }),
    });
    const error = failureOf(() => modelOf([edFi([twin, user])]));
    expect(codesOf(error)).toEqual(['COLUMN_NAME_COLLISION']);
    expectNamed(error.diagnostics[0], ['edfi.User', 'Twin_Same', 'Twin_First', 'Twin_Second']);
  });

  it.each([
    ['site', 'site_window', ['edfi.Person', 'edfi.PersonSite', 'edfi.PersonSiteWindow'], 'SiteOrdinal'],
    ['site', undefined, ['edfi.Person', 'edfi.PersonSite', 'edfi.PersonSitePeriod'], 'SiteOrdinal'],
    ['PersonSite', 'PersonSiteWindow', ['edfi.Person', 'edfi.PersonSite', 'edfi.PersonSiteWindow'], 'SiteOrdinal'],
    [undefined, 'window', ['edfi.Person', 'edfi.PersonAddress', 'edfi.PersonAddressWindow'], 'AddressOrdinal'],
  ])('"%s" for addresses and "%s" for periods give the tables %s', (addresses, periods, tables, ordinal) => {
    const nameOverrides = {
      ...(addresses ? { '$.addresses[*]': addresses } : {}),
      ...(periods ? { '$.addresses[*].periods[*]': periods } : {}),
    };
    const model = modelOf([personWith(nameOverrides)]);
    expect(tableNames(resourceOf(model, 'Ed-Fi:Person'))).toEqual(tables);
    expect(keyOf(model, tables[2] ?? '')).toEqual(['Person_DocumentId', ordinal, 'Ordinal']);
  });

  it('strip prefixes from an override only: the default name of schoolCategories repeats School', () => {
    const categories = (relational: build.Json) =>
      resource('School', {
        relational,
        jsonSchemaForInsert: object({ schoolCategories: array(object({ note: string() })) }),
      });
    const names = (relational: build.Json) => tableNames(modelOf([edFi([categories(relational)])]));
    expect(names(null)).toEqual(['edfi.School', 'edfi.SchoolSchoolCategory']);
    expect(names({ nameOverrides: { '$.schoolCategories[*]': 'SchoolCategory' } })).toEqual([
      'edfi.School',
      'edfi.SchoolCategory',
    ]);
  });

  it('equal to the default base name change nothing unless it starts with an implied prefix', () => {
    const model = modelOf([edFi([school, person()])]);
    const same = modelOf([personWith({ '$.addresses[*]': 'Address', '$.addresses[*].periods[*]': 'Period' })]);
    expect(resourceOf(same, 'Ed-Fi:Person')).toEqual(resourceOf(model, 'Ed-Fi:Person'));
  });

  it('may repeat the superclass of a subclass, except by being the default name', () => {
    const program = (nameOverrides: build.JsonRecord) =>
      resource('ArtProgram', {
        ...subclassOf('Ed-Fi:StudentProgram'),
        identityJsonPaths: ['$.programId'],
        relational: { nameOverrides },
        jsonSchemaForInsert: object(
          {
            programId: integer(),
            services: array(object({ note: string() })),
            programYears: array(object({ note: string() })),
          },
          ['programId'],
        ),
      });
    const abstractResources = { StudentProgram: abstractResource(['$.programId']) };
    const names = (nameOverrides: build.JsonRecord) =>
      tableNames(resourceOf(modelOf([edFi([program(nameOverrides)], { abstractResources })]), 'Ed-Fi:ArtProgram'));
    expect(names({ '$.services[*]': 'StudentProgramService' })).toContain('edfi.ArtProgramService');
    expect(names({ '$.services[*]': 'StudentService' })).toContain('edfi.ArtProgramStudentService');
    // "Program" is a suffix of the resource's own root too, so the default name loses it anyway
    expect(names({ '$.programYears[*]': 'ProgramYear' })).toContain('edfi.ArtProgramYear');
  });

  it.each([
    ['person', 'Person'],
    ['Person', 'Person'],
  ])('"%s" on a collection of Person is OVERRIDE_EQUALS_PREFIX', (name, prefix) => {
    const error = failureOf(() => modelOf([personWith({ '$.addresses[*]': name })]));
    expect(codesOf(error)).toEqual(['OVERRIDE_EQUALS_PREFIX']);
    expectNamed(error.diagnostics[0], ['Ed-Fi:Person', '$.addresses[*]', prefix]);
  });

  it.each(['', 'firstName', '$.', '$.a[0]', '$[*]', '$..a', "$['a']"])(
    'with the key "%s" are OVERRIDE_PATH_INVALID',
    (key) => {
      const error = failureOf(() => modelOf([personWith({ [key]: 'X' })]));
      expect(codesOf(error)).toEqual(['OVERRIDE_PATH_INVALID']);
      expect(error.diagnostics[0].details).toMatchObject({ resource: 'Ed-Fi:Person', key });
      expectNamed(error.diagnostics[0], ['Ed-Fi:Person', `"${key}"`]);
    },
  );

  it.each(['$.schoolReference.note', '$.schoolReference.schoolId.part', '$.schoolReference.link.href'])(
    'inside a reference may rename its identity fields only: %s is OVERRIDE_REFERENCE_MEMBER',
    (key) => {
      const error = failureOf(() => modelOf([personWith({ [key]: 'X' })]));
      expect(codesOf(error)).toEqual(['OVERRIDE_REFERENCE_MEMBER']);
      expect(error.diagnostics[0].details).toMatchObject({
        resource: 'Ed-Fi:Person',
        key,
        canonical: key,
        reference: '$.schoolReference',
      });
      expectNamed(error.diagnostics[0], ['Ed-Fi:Person', `${key} (${key})`, 'reference $.schoolReference']);
    },
  );

  it('beside a reference are not inside it: $.schoolReferenceNote is an ordinary path', () => {
    const model = modelOf([personWith({ '$.schoolReferenceNote': 'X' }, { schoolReferenceNote: string() })]);
    expect(columnNames(tableOf(model, 'edfi.Person'))).toContain('X');
  });

  it('of an extension that mean one path twice are OVERRIDE_DUPLICATE naming both keys', () => {
    const documents = [
      edFi([school]),
      extension([
        extensionOf('School', {
          ...overrides({ '$.nickName': 'A', '$._ext.sample.nickName': 'B' }),
          jsonSchemaForInsert: object({ _ext: ext('sample', object({ nickName: string() })) }),
        }),
      ]),
    ];
    const error = failureOf(() => modelOf(documents));
    expect(codesOf(error)).toEqual(['OVERRIDE_DUPLICATE']);
    expectNamed(error.diagnostics[0], ['Sample:School', '"$.nickName"', '"$._ext.sample.nickName"']);
  });

  it.each<[string, build.JsonRecord]>([
    ['an unknown property', { '$.unknownProperty': 'X' }],
    ['an array named as a value', { '$.addresses': 'X' }],
    ['a value named as an array', { '$.firstName[*]': 'X' }],
    ['an inlined object', { '$.profile': 'X' }],
    ['the root', { $: 'X' }],
  ])('that match nothing are OVERRIDE_UNUSED: %s', (_, nameOverrides) => {
    const error = failureOf(() => modelOf([personWith(nameOverrides)]));
    expect(codesOf(error)).toEqual(['OVERRIDE_UNUSED']);
    const [key = ''] = Object.keys(nameOverrides);
    expect(error.diagnostics[0].details).toEqual({
      resource: 'Ed-Fi:Person',
      overrides: [{ rawKey: key, canonical: key }],
    });
    expectNamed(error.diagnostics[0], ['Ed-Fi:Person', `"${key}"`, `(${key})`]);
  });

  it('that match nothing are listed per resource with raw key and canonical path, in order of the paths', () => {
    const documents = [
      personWith({ '$.b': 'X', '$.a_b': 'Y', '$.aB': 'Z', '$.firstName': 'Given' }),
      extension([
        extensionOf('Person', {
          ...overrides({ '$.gone': 'X' }),
          jsonSchemaForInsert: object({ _ext: ext('sample', object({ note: string() })) }),
        }),
      ]),
    ];
    const error = failureOf(() => modelOf(documents));
    expect(codesOf(error)).toEqual(['OVERRIDE_UNUSED', 'OVERRIDE_UNUSED']);
    expect(error.diagnostics.map(({ details }) => details)).toEqual([
      {
        resource: 'Ed-Fi:Person',
        overrides: ['$.aB', '$.a_b', '$.b'].map((key) => ({ rawKey: key, canonical: key })),
      },
      { resource: 'Sample:Person', overrides: [{ rawKey: '$.gone', canonical: '$._ext.sample.gone' }] },
    ]);
    const [base, extended] = error.diagnostics;
    expectNamed(extended, ['Sample:Person', '"$.gone"', '$._ext.sample.gone']);
    const positions = ['"$.aB"', '"$.a_b"', '"$.b"'].map((key) => base.message.indexOf(key));
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    expect(positions).not.toContain(-1);
  });
});
