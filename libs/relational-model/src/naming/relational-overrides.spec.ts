import { build } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import {
  abstractResource,
  codesOf,
  columnNames,
  constraintText,
  edFi,
  extension,
  failureOf,
  fields,
  keyed,
  missingFacts,
  modelOf,
  plain,
  resourceOf,
  school,
  schoolReference,
  subclassOf,
  tableNames,
  tableOf,
} from '../names-and-keys.spec-support.ts';

const { array, descriptor, descriptorPath, ext, extensionOf, integer, object, reference, resource, string, uri } = build;

type Json = build.Json;
type JsonRecord = build.JsonRecord;

const overrides = (nameOverrides: JsonRecord): JsonRecord => ({ relational: { nameOverrides } });

const withRelational = (relational: Json) => ({ relational });

/** `Person` with addresses and their periods, and a school. */
const person = (relational: Json = null, more: JsonRecord = {}) =>
  resource('Person', {
    documentPathsMapping: { School: schoolReference(false) },
    relational,
    jsonSchemaForInsert: object({
      firstName: string(),
      lastName: string(),
      profile: object({ address: object({ street: string() }) }),
      schoolReference: fields({ schoolId: integer() }),
      addresses: array(object({ city: string(), periods: array(object({ beginDate: string() })) })),
      ...more,
    }),
  });

const personWith = (nameOverrides: JsonRecord, more: JsonRecord = {}) => edFi([school, person({ nameOverrides }, more)]);

const tablesOf = (model: ReturnType<typeof modelOf>, label: string) =>
  resourceOf(model, label).tablesInDependencyOrder.map(({ table }) => `${table.schema}.${table.name}`);

const keyOf = (model: ReturnType<typeof modelOf>, table: string) => tableOf(model, table).key.columns.map(({ name }) => name);

describe('the relational block', () => {
  const plainTables = tablesOf(modelOf([edFi([school, person()])]), 'Ed-Fi:Person');

  it.each<[string, Json]>([
    ['null', null],
    ['{}', {}],
    ['with null overrides', { nameOverrides: null }],
    ['with empty overrides', { nameOverrides: {} }],
    ['with unknown members', { other: 1 }],
  ])('that is %s overrides nothing', (_, relational) => {
    expect(tablesOf(modelOf([edFi([school, person(relational)])]), 'Ed-Fi:Person')).toEqual(plainTables);
    expect(plainTables).toEqual(['edfi.Person', 'edfi.PersonAddress', 'edfi.PersonAddressPeriod']);
  });

  it.each<[string, Json, string]>([
    ['a text', 'Person', 'relational'],
    ['an array', [], 'relational'],
    ['a flag', true, 'relational'],
    ['with overrides that are an array', { nameOverrides: [] }, 'nameOverrides'],
    ['with overrides that are a text', { nameOverrides: '$.firstName' }, 'nameOverrides'],
    ['with a null root override', { rootTableNameOverride: null }, 'rootTableNameOverride'],
    ['with a numeric root override', { rootTableNameOverride: 5 }, 'rootTableNameOverride'],
    ['with a blank root override', { rootTableNameOverride: ' \t' }, 'rootTableNameOverride'],
    ['with a root override of separators', { rootTableNameOverride: '_-_' }, 'rootTableNameOverride'],
    ['with a null override', { nameOverrides: { '$.firstName': null } }, '$.firstName'],
    ['with a numeric override', { nameOverrides: { '$.firstName': 5 } }, '$.firstName'],
    ['with an empty override', { nameOverrides: { '$.firstName': '' } }, '$.firstName'],
    ['with an override of separators', { nameOverrides: { '$.firstName': '...' } }, '$.firstName'],
    ['with an override that is an object', { nameOverrides: { '$.firstName': {} } }, '$.firstName'],
  ])('that is %s is OVERRIDE_INVALID naming the resource and the member or key', (_, relational, member) => {
    const error = failureOf(() => modelOf([edFi([school, person(relational)])]));
    expect(codesOf(error)).toEqual(['OVERRIDE_INVALID']);
    expect(missingFacts(error.diagnostics[0], ['Ed-Fi:Person', member])).toEqual([]);
  });

  it.each<[string, Json]>([
    ['null', null],
    ['an empty object', {}],
    ['an override', { rootTableNameOverride: 'Kind' }],
  ])('is forbidden on a descriptor even as %s', (_, relational) => {
    const error = failureOf(() => modelOf([edFi([descriptor('KindDescriptor', { relational })])]));
    expect(codesOf(error)).toEqual(['DESCRIPTOR_OVERRIDE_FORBIDDEN']);
    expect(missingFacts(error.diagnostics[0], ['Ed-Fi:KindDescriptor'])).toEqual([]);
  });

  it('gives no meaning to a nameOverride inside documentPathsMapping', () => {
    const mapped = resource('Person', {
      documentPathsMapping: { School: { ...schoolReference(false), nameOverride: 'Campus' } },
      jsonSchemaForInsert: object({ schoolReference: fields({ schoolId: integer() }) }),
    });
    expect(columnNames(tableOf(modelOf([edFi([school, mapped])]), 'edfi.Person'))).toContain('School_DocumentId');
  });
});

describe('rootTableNameOverride', () => {
  it('is normalized and replaces the root name in tables, key columns and extension tables', () => {
    const documents = [
      edFi([school, person({ rootTableNameOverride: 'human_being' })]),
      extension([extensionOf('Person', { jsonSchemaForInsert: object({ _ext: ext('sample', object({ note: string() })) }) })]),
    ];
    const model = modelOf(documents);
    expect(tablesOf(model, 'Ed-Fi:Person')).toEqual([
      'edfi.HumanBeing',
      'sample.HumanBeingExtension',
      'edfi.HumanBeingAddress',
      'edfi.HumanBeingAddressPeriod',
    ]);
    expect(keyOf(model, 'edfi.HumanBeingAddressPeriod')).toEqual(['HumanBeing_DocumentId', 'AddressOrdinal', 'Ordinal']);
  });

  it.each([
    ['SchoolExtension', undefined],
    ['school_extension', undefined],
    ['SchoolExt', 'OVERRIDE_ROOT_ON_EXTENSION'],
    ['School', 'OVERRIDE_ROOT_ON_EXTENSION'],
  ])('"%s" on a resource extension gives %s', (rootTableNameOverride, code) => {
    const documents = [
      edFi([school]),
      extension([
        extensionOf('School', {
          relational: { rootTableNameOverride },
          jsonSchemaForInsert: object({ _ext: ext('sample', object({ note: string() })) }),
        }),
      ]),
    ];
    if (code === undefined) expect(tableNames(modelOf(documents))).toEqual(['edfi.School', 'sample.SchoolExtension']);
    else {
      const error = failureOf(() => modelOf(documents));
      expect(codesOf(error)).toEqual([code]);
      expect(missingFacts(error.diagnostics[0], ['Sample:School', rootTableNameOverride])).toEqual([]);
    }
  });

  it('on an abstract resource replaces the base name of its identity table and view', () => {
    const member = keyed('Lecture', { eventId: integer() }, subclassOf('Ed-Fi:Event'));
    const abstractResources = {
      Event: abstractResource(['$.eventId'], withRelational({ rootTableNameOverride: 'calendar_event' })),
    };
    const model = modelOf([edFi([member], { abstractResources })]);
    expect(model.abstractIdentityTables.map(({ table }) => table.table.name)).toEqual(['CalendarEventIdentity']);
    expect(model.abstractUnionViews.map(({ view }) => view.name)).toEqual(['CalendarEvent_View']);
    expect(model.abstractIdentityTables[0]?.table.key.constraintName).toBe('PK_CalendarEventIdentity');
  });

  it.each<[string, Json, string]>([
    ['a relational block that is no object', 'Event', 'relational'],
    ['a null root override', { rootTableNameOverride: null }, 'rootTableNameOverride'],
    ['a blank root override', { rootTableNameOverride: ' ' }, 'rootTableNameOverride'],
  ])('on an abstract resource refuses %s as OVERRIDE_INVALID', (_, relational, member) => {
    const lecture = keyed('Lecture', { eventId: integer() }, subclassOf('Ed-Fi:Event'));
    const abstractResources = { Event: abstractResource(['$.eventId'], withRelational(relational)) };
    const error = failureOf(() => modelOf([edFi([lecture], { abstractResources })]));
    expect(codesOf(error)).toEqual(['OVERRIDE_INVALID']);
    expect(missingFacts(error.diagnostics[0], ['Ed-Fi:Event', member])).toEqual([]);
  });
});

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
    expect(columnNames(table)).toEqual(['DocumentId', 'Campus_DocumentId', 'Campus_Id', 'FirstName', 'LastName', 'StreetName']);
    expect(constraintText(table, 'FK_Person_Campus_RefKey')).toBeDefined();
    expect(constraintText(table, 'CK_Person_Campus_AllNone')).toBeDefined();
    expect(tablesOf(model, 'Ed-Fi:Person')).toEqual(['edfi.Person', 'edfi.PersonSite', 'edfi.PersonSitePeriod']);
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
    expect(constraintText(table, 'FK_Thing_Sort')).toBeDefined();
  });

  it('at the element of a descriptor array name the table, never the column', () => {
    const thing = resource('Thing', {
      documentPathsMapping: { Level: descriptorPath('Ed-Fi:LevelDescriptor', '$.gradeLevels[*]') },
      ...overrides({ '$.gradeLevels[*]': 'grade' }),
      jsonSchemaForInsert: object({ gradeLevels: array(uri()) }),
    });
    const model = modelOf([edFi([descriptor('LevelDescriptor'), thing])]);
    expect(columnNames(tableOf(model, 'edfi.ThingGrade'))).toEqual(['Thing_DocumentId', 'Ordinal', 'GradeLevel_DescriptorId']);
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
    expect(missingFacts(error.diagnostics[0], ['edfi.User', 'Twin_Same', 'Twin_First', 'Twin_Second'])).toEqual([]);
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
    expect(tablesOf(model, 'Ed-Fi:Person')).toEqual(tables);
    expect(keyOf(model, tables[2] ?? '')).toEqual(['Person_DocumentId', ordinal, 'Ordinal']);
  });

  it('strip prefixes from an override only: the default name of schoolCategories repeats School', () => {
    const categories = (relational: Json) =>
      resource('School', { relational, jsonSchemaForInsert: object({ schoolCategories: array(object({ note: string() })) }) });
    const names = (relational: Json) => tableNames(modelOf([edFi([categories(relational)])]));
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
    const program = (nameOverrides: JsonRecord) =>
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
    const names = (nameOverrides: JsonRecord) =>
      tablesOf(modelOf([edFi([program(nameOverrides)], { abstractResources })]), 'Ed-Fi:ArtProgram');
    expect(names({ '$.services[*]': 'StudentProgramService' })).toContain('edfi.ArtProgramService');
    expect(names({ '$.services[*]': 'StudentService' })).toContain('edfi.ArtProgramStudentService');
    // "Program" is a suffix of the resource's own root too, so the default name loses it all the same
    expect(names({ '$.programYears[*]': 'ProgramYear' })).toContain('edfi.ArtProgramYear');
  });

  it.each([
    ['person', 'Person'],
    ['Person', 'Person'],
  ])('"%s" on a collection of Person is OVERRIDE_EQUALS_PREFIX', (name, prefix) => {
    const error = failureOf(() => modelOf([personWith({ '$.addresses[*]': name })]));
    expect(codesOf(error)).toEqual(['OVERRIDE_EQUALS_PREFIX']);
    expect(missingFacts(error.diagnostics[0], ['Ed-Fi:Person', '$.addresses[*]', prefix])).toEqual([]);
  });

  it.each(['', 'firstName', '$.', '$.a[0]', '$[*]', '$..a', "$['a']"])('with the key "%s" are OVERRIDE_PATH_INVALID', (key) => {
    const error = failureOf(() => modelOf([personWith({ [key]: 'X' })]));
    expect(codesOf(error)).toEqual(['OVERRIDE_PATH_INVALID']);
    expect(error.diagnostics[0].details).toMatchObject({ resource: 'Ed-Fi:Person', key });
    expect(missingFacts(error.diagnostics[0], ['Ed-Fi:Person', `"${key}"`])).toEqual([]);
  });

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
      expect(missingFacts(error.diagnostics[0], ['Ed-Fi:Person', `${key} (${key})`, 'reference $.schoolReference'])).toEqual(
        [],
      );
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
    expect(missingFacts(error.diagnostics[0], ['Sample:School', '"$.nickName"', '"$._ext.sample.nickName"'])).toEqual([]);
  });

  it.each<[string, JsonRecord]>([
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
    expect(missingFacts(error.diagnostics[0], ['Ed-Fi:Person', `"${key}"`, `(${key})`])).toEqual([]);
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
    expect(missingFacts(extended!, ['Sample:Person', '"$.gone"', '$._ext.sample.gone'])).toEqual([]);
    const positions = ['"$.aB"', '"$.a_b"', '"$.b"'].map((key) => base.message.indexOf(key));
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    expect(positions).not.toContain(-1);
  });
});

describe('overrides of a resource extension', () => {
  const withExtension = (own: JsonRecord, base: JsonRecord = {}, key = 'sample') => [
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
    expect(missingFacts(error.diagnostics[0], ['Sample:Person', 'sample', '$.nickName'])).toEqual([]);
  });

  it('that cannot be placed name the keys that are there', () => {
    const error = failureOf(() => modelOf(withExtension({ '$.nickName': 'pet_name' }, {}, 'other')));
    expect(missingFacts(error.diagnostics[0], ['other'])).toEqual([]);
  });

  it.each<[string, JsonRecord]>([
    ['no properties', { type: 'object' }],
    ['no _ext', object({ note: string() })],
    ['no properties below _ext', object({ _ext: { type: 'object' } })],
  ])('cannot be placed where jsonSchemaForInsert has %s', (_, jsonSchemaForInsert) => {
    const documents = [
      edFi([school]),
      extension([extensionOf('School', { ...overrides({ '$.nickName': 'X' }), jsonSchemaForInsert })]),
    ];
    expect(codesOf(failureOf(() => modelOf(documents)))).toEqual(['EXTENSION_KEY_UNRESOLVED']);
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
    expect(
      missingFacts(error.diagnostics[0], ['Sample:Person', 'Ed-Fi:Person', '$._ext.sample.nickName', '$._ext.sample.pets[*]']),
    ).toEqual([]);
    expect(error.diagnostics[0].details.paths).toEqual(['$._ext.sample.nickName', '$._ext.sample.pets[*]']);
  });
});

describe('a base name that normalizes to nothing', () => {
  it.each<[string, build.BuiltResource, string]>([
    ['a property', plain('Thing', { __: string() }), '$.__'],
    ['an array whose singular is empty', plain('Thing', { s: array(object({ note: string() })) }), '$.s[*]'],
    ['an array of separators', plain('Thing', { '--': array(object({ note: string() })) }), '$.--[*]'],
    ['a resource name', plain('__', { note: string() }), 'Ed-Fi:__'],
    [
      'a mapping key',
      resource('Thing', {
        documentPathsMapping: { _: schoolReference(false) },
        jsonSchemaForInsert: object({ schoolReference: fields({ schoolId: integer() }) }),
      }),
      'Ed-Fi:Thing',
    ],
  ])('is NAME_EMPTY: %s', (_, thing, place) => {
    const error = failureOf(() => modelOf([edFi([school, thing])]));
    expect(codesOf(error)).toEqual(['NAME_EMPTY']);
    expect(missingFacts(error.diagnostics[0], ['Ed-Fi:', place])).toEqual([]);
  });

  it('is NAME_EMPTY in an extension collection', () => {
    const documents = [
      edFi([school]),
      extension([
        extensionOf('School', {
          jsonSchemaForInsert: object({ _ext: ext('sample', object({ s: array(object({ note: string() })) })) }),
        }),
      ]),
    ];
    const error = failureOf(() => modelOf(documents));
    expect(codesOf(error)).toEqual(['NAME_EMPTY']);
    expect(missingFacts(error.diagnostics[0], ['Sample:School', '$._ext.sample.s[*]'])).toEqual([]);
  });

  it('is NAME_EMPTY for an abstract resource', () => {
    const member = keyed('Lecture', { eventId: integer() }, subclassOf('Ed-Fi:__'));
    const error = failureOf(() => modelOf([edFi([member], { abstractResources: { __: abstractResource(['$.eventId']) } })]));
    expect(codesOf(error)).toEqual(['NAME_EMPTY']);
    expect(missingFacts(error.diagnostics[0], ['Ed-Fi:__'])).toEqual([]);
  });

  it('is NAME_EMPTY for an identity column of an abstract resource', () => {
    const member = keyed('Lecture', { lectureId: integer() }, subclassOf('Ed-Fi:Event', '$.__'));
    const error = failureOf(() => modelOf([edFi([member], { abstractResources: { Event: abstractResource(['$.__']) } })]));
    expect(codesOf(error)).toEqual(['NAME_EMPTY']);
    expect(missingFacts(error.diagnostics[0], ['Ed-Fi:Event', '$.__'])).toEqual([]);
  });

  it('is mended by an override', () => {
    const thing = plain(
      'Thing',
      { __: string(), s: array(object({ note: string() })) },
      [],
      overrides({ '$.__': 'Blank', '$.s[*]': 'Row' }),
    );
    const model = modelOf([edFi([thing])]);
    expect(columnNames(tableOf(model, 'edfi.Thing'))).toEqual(['DocumentId', 'Blank']);
    expect(tableNames(model)).toEqual(['edfi.Thing', 'edfi.ThingRow']);
  });
});
