import { build } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveModel } from '../derive-model.ts';
import {
  columnLines,
  columnNames,
  constraintsOf,
  deriveFrom,
  diagnosticsOf,
  expectFaults,
  expectRejected,
  resourceModel,
  schemaSet,
  table,
  tableLines,
  tableNames,
} from '../spec-support.ts';

const array = (properties: build.JsonRecord) => build.array(build.object(properties));

const school = build.resource('School', {
  identityJsonPaths: ['$.schoolId'],
  jsonSchemaForInsert: build.object({ schoolId: build.integer() }, ['schoolId']),
});
const edFi = (...resources: build.BuiltResource[]) =>
  build.project('Ed-Fi', [school, build.descriptor('KindDescriptor'), ...resources]);
const sample = (...resources: build.BuiltResource[]) => build.project('Sample', resources, { isExtension: true });

const toSchool = build.reference('Ed-Fi:School', [['$.schoolId', '$.schoolReference.schoolId']]);
const schoolReference = build.object({ schoolId: build.integer(), note: build.string() });

const person = (relational: build.Json, members: build.JsonRecord = {}) =>
  build.resource('Person', {
    documentPathsMapping: {
      School: toSchool,
      Kind: build.descriptorPath('Ed-Fi:KindDescriptor', '$.kindDescriptor'),
      Kinds: build.descriptorPath('Ed-Fi:KindDescriptor', '$.kinds[*]'),
    },
    relational,
    jsonSchemaForInsert: build.object({
      home: build.object({ streetNumberName: build.string() }),
      kindDescriptor: build.uri(),
      kinds: build.array(build.uri()),
      schoolReference,
      addresses: array({ periods: array({ begin: build.date(), days: array({}) }) }),
    }),
    ...members,
  });

const overridden = (nameOverrides: build.JsonRecord) => deriveFrom(edFi(person({ nameOverrides })));

const personTables = (nameOverrides: build.JsonRecord) => tableNames(resourceModel(overridden(nameOverrides), 'Ed-Fi:Person'));

describe('the relational block', () => {
  it.each([undefined, null, {}, { nameOverrides: {} }, { nameOverrides: null }])(
    'means nothing when it is %j',
    (relational) => {
      const { relational: _, ...absent } = person({}).schema;
      const plain = deriveFrom(edFi({ endpoint: 'persons', schema: absent })).resources;
      if (relational !== undefined) expect(deriveFrom(edFi(person(relational))).resources).toEqual(plain);
      expect(
        plain.find(({ resourceKey }) => resourceKey.resourceName === 'Person')?.tablesInDependencyOrder[0]?.table.name,
      ).toBe('Person');
    },
  );

  const invalid = (relational: build.Json, ...names: string[]) =>
    expectRejected([edFi(person(relational))], { code: 'OVERRIDE_INVALID', resource: 'Ed-Fi:Person', names });

  it.each([5, 'text', [], true])('must be an object, not %j', (value) => invalid(value, 'relational'));

  it.each([5, 'text', [], true])('has nameOverrides that are an object, not %j', (value) =>
    invalid({ nameOverrides: value }, 'relational.nameOverrides'),
  );

  it.each([null, 5, '', '  ', '--_', {}])('has override texts with a letter or digit, unlike %j', (value) => {
    const key = '$.home.streetNumberName';
    const found = () => deriveModel(schemaSet(edFi(person({ nameOverrides: { [key]: value } }))), 'pgsql');
    expectFaults(found, { code: 'OVERRIDE_INVALID', resource: 'Ed-Fi:Person' });
    expect(found).toThrow(key);
    invalid({ rootTableNameOverride: value }, 'relational.rootTableNameOverride');
  });

  it('may use reserved words of SQL', () => {
    const model = deriveFrom(
      edFi(person({ rootTableNameOverride: 'table', nameOverrides: { '$.home.streetNumberName': 'select' } })),
    );
    expect(columnNames(table(model, 'edfi.Table'))).toContain('Select');
  });
});

describe('rootTableNameOverride', () => {
  const renamed = deriveFrom(edFi(person({ rootTableNameOverride: 'human_being' })));

  it('names the root table, in PascalCase, and all its child tables', () => {
    expect(tableNames(resourceModel(renamed, 'Ed-Fi:Person'))).toEqual([
      'edfi.HumanBeing',
      'edfi.HumanBeingAddress',
      'edfi.HumanBeingKind',
      'edfi.HumanBeingAddressPeriod',
      'edfi.HumanBeingAddressPeriodDay',
    ]);
  });

  it('names the document id column of the child tables', () => {
    expect(columnNames(table(renamed, 'edfi.HumanBeingAddressPeriod'))).toEqual([
      'HumanBeing_DocumentId',
      'AddressOrdinal',
      'Ordinal',
      'Begin',
    ]);
  });

  it('names the keys and constraints', () => {
    expect(tableLines(table(renamed, 'edfi.HumanBeing'))[0]).toBe('edfi.HumanBeing $ PK_HumanBeing (DocumentId)');
    expect(constraintsOf(table(renamed, 'edfi.HumanBeing'), 'AllOrNone')).toEqual([
      'AllOrNone CK_HumanBeing_School_AllNone fk School_DocumentId, dependents (School_SchoolId)',
    ]);
  });

  it('is accepted on a resource extension only as {Resource}Extension, and then changes nothing', () => {
    const extension = (relational: build.Json) =>
      build.extensionOf('School', {
        relational,
        jsonSchemaForInsert: build.object({ _ext: build.ext('sample', build.object({ a: build.string() })) }),
      });
    const plain = deriveFrom(edFi(), sample(extension(null))).resources;
    expect(deriveFrom(edFi(), sample(extension({ rootTableNameOverride: 'schoolExtension' }))).resources).toEqual(plain);
    expectRejected([edFi(), sample(extension({ rootTableNameOverride: 'SchoolExt' }))], {
      code: 'OVERRIDE_ROOT_ON_EXTENSION',
      resource: 'Sample:School',
      names: ['SchoolExt'],
    });
  });
});

describe('an override', () => {
  it('on a scalar replaces its column name and the names of the objects around it', () => {
    expect(columnNames(table(overridden({ '$.home.streetNumberName': 'street_name' }), 'edfi.Person'))).toContain('StreetName');
    expect(columnNames(table(overridden({ '$.home.streetNumberName': 'street_name' }), 'edfi.Person'))).not.toContain(
      'HomeStreetNumberName',
    );
  });

  it('on a descriptor replaces the name before its ending', () => {
    const model = overridden({ '$.kindDescriptor': 'Sort' });
    expect(columnNames(table(model, 'edfi.Person'))).toContain('Sort_DescriptorId');
    expect(constraintsOf(table(model, 'edfi.Person'), 'ForeignKey')).toContain(
      'ForeignKey FK_Person_Sort (Sort_DescriptorId) → dms.Descriptor(DocumentId) NoAction / NoAction',
    );
  });

  it('on a reference object replaces the name of the reference in its columns and constraints', () => {
    const found = table(overridden({ '$.schoolReference': 'Campus' }), 'edfi.Person');
    expect(columnLines(found).slice(1, 3)).toEqual([
      'Campus_DocumentId DocumentFk Int64 NOT NULL $.schoolReference',
      'Campus_SchoolId Scalar Int32 NOT NULL $.schoolReference.schoolId',
    ]);
    expect(constraintsOf(found, 'ForeignKey')).toContain(
      'ForeignKey FK_Person_Campus_RefKey (Campus_DocumentId, Campus_SchoolId) → edfi.School(DocumentId, SchoolId) NoAction / NoAction',
    );
    expect(constraintsOf(found, 'AllOrNone')).toEqual([
      'AllOrNone CK_Person_Campus_AllNone fk Campus_DocumentId, dependents (Campus_SchoolId)',
    ]);
  });

  it('on a field of a reference replaces its part of the column name only', () => {
    const names = (nameOverrides: build.JsonRecord) => columnNames(table(overridden(nameOverrides), 'edfi.Person')).slice(1, 3);
    expect(names({ '$.schoolReference.schoolId': 'id' })).toEqual(['School_DocumentId', 'School_Id']);
    expect(names({ '$.schoolReference.schoolId': 'id', '$.schoolReference': 'campus' })).toEqual([
      'Campus_DocumentId',
      'Campus_Id',
    ]);
  });

  it('on a field of a reference that is a descriptor keeps the ending', () => {
    const target = build.resource('Target', {
      identityJsonPaths: ['$.kindDescriptor'],
      documentPathsMapping: { K: build.descriptorPath('Ed-Fi:KindDescriptor', '$.kindDescriptor') },
      jsonSchemaForInsert: build.object({ kindDescriptor: build.uri() }, ['kindDescriptor']),
    });
    const referrer = build.resource('Referrer', {
      documentPathsMapping: { Target: build.reference('Ed-Fi:Target', [['$.kindDescriptor', '$.targetReference.kind']]) },
      relational: { nameOverrides: { '$.targetReference.kind': 'Sort' } },
      jsonSchemaForInsert: build.object({ targetReference: build.object({ kind: build.uri() }) }),
    });
    expect(columnNames(table(deriveFrom(edFi(target, referrer)), 'edfi.Referrer'))).toEqual([
      'DocumentId',
      'Target_DocumentId',
      'Target_Sort_DescriptorId',
    ]);
  });

  it('on a field that stands for two identity paths gives both columns one name, which is reported', () => {
    const two = build.resource('Two', {
      identityJsonPaths: ['$.a', '$.b'],
      equalityConstraints: [{ sourceJsonPath: '$.a', targetJsonPath: '$.b' }],
      jsonSchemaForInsert: build.object({ a: build.string(), b: build.string() }, ['a', 'b']),
    });
    const referrer = build.resource('Referrer', {
      documentPathsMapping: {
        Two: build.reference('Ed-Fi:Two', [
          ['$.a', '$.twoReference.v'],
          ['$.b', '$.twoReference.v'],
        ]),
      },
      relational: { nameOverrides: { '$.twoReference.v': 'Value' } },
      jsonSchemaForInsert: build.object({ twoReference: build.object({ v: build.string() }) }),
    });
    expectRejected([edFi(two, referrer)], {
      code: 'COLUMN_NAME_COLLISION',
      resource: 'Ed-Fi:Referrer',
      names: ['edfi.Referrer', 'Two_Value', '$.twoReference.v'],
    });
  });

  it('on an array replaces its collection name, in the tables and ordinals below it too', () => {
    expect(personTables({ '$.addresses[*]': 'Site' })).toEqual([
      'edfi.Person',
      'edfi.PersonSite',
      'edfi.PersonKind',
      'edfi.PersonSitePeriod',
      'edfi.PersonSitePeriodDay',
    ]);
    const found = table(overridden({ '$.addresses[*]': 'Site' }), 'edfi.PersonSitePeriodDay');
    expect(columnNames(found)).toEqual(['Person_DocumentId', 'SiteOrdinal', 'PeriodOrdinal', 'Ordinal']);
  });

  it.each(['Window', 'PersonSiteWindow', 'SiteWindow', 'site_window', 'PersonWindow'])(
    'on a nested array may repeat the names around it: %s',
    (name) => {
      const model = overridden({ '$.addresses[*]': 'Site', '$.addresses[*].periods[*]': name });
      expect(columnNames(table(model, 'edfi.PersonSiteWindow'))).toEqual([
        'Person_DocumentId',
        'SiteOrdinal',
        'Ordinal',
        'Begin',
      ]);
      expect(columnNames(table(model, 'edfi.PersonSiteWindowDay'))).toEqual([
        'Person_DocumentId',
        'SiteOrdinal',
        'WindowOrdinal',
        'Ordinal',
      ]);
    },
  );

  it('on an array is not put in the singular', () => {
    expect(personTables({ '$.addresses[*]': 'Sites' })).toContain('edfi.PersonSites');
  });

  it('on an array of descriptors names the table, never the column', () => {
    const model = overridden({ '$.kinds[*]': 'Sort' });
    expect(columnNames(table(model, 'edfi.PersonSort'))).toEqual(['Person_DocumentId', 'Ordinal', 'Kind_DescriptorId']);
  });
});

describe('the names around a collection that an override may repeat', () => {
  const collection = (resource: string, name: string, override: string, members: build.JsonRecord = {}) => {
    const base = build.resource(resource, {
      relational: { nameOverrides: { [`$.${name}[*]`]: override } },
      jsonSchemaForInsert: build.object({ memberId: build.integer(), [name]: array({}) }, ['memberId']),
      identityJsonPaths: ['$.memberId'],
      ...members,
    });
    const document = build.project('Ed-Fi', [base], {
      abstractResources: members.isSubclass ? { StudentProgramAssociation: { identityJsonPaths: ['$.memberId'] } } : {},
    });
    return resourceModel(deriveFrom(document), `Ed-Fi:${resource}`).tablesInDependencyOrder[1]?.table.name;
  };

  it.each([
    ['School', 'schoolCategories', 'SchoolCategory', 'SchoolCategory'],
    ['LocalEducationAgency', 'federalFunds', 'FederalFunds', 'LocalEducationAgencyFederalFunds'],
    ['CourseTranscript', 'awards', 'TranscriptAward', 'CourseTranscriptAward'],
    ['CourseTranscript', 'awards', 'CourseTranscriptAward', 'CourseTranscriptAward'],
    ['CourseTranscript', 'awards', 'CourseAward', 'CourseTranscriptCourseAward'],
    ['CourseTranscript', 'awards', 'scriptAward', 'CourseTranscriptScriptAward'],
    ['StudentCTEProgram', 'services', 'CTEProgramService', 'StudentCTEProgramService'],
    ['StudentCTEProgram', 'services', 'ProgramService', 'StudentCTEProgramService'],
    ['StudentCTEProgram', 'services', 'TEProgramService', 'StudentCTEProgramTEProgramService'],
    ['Section504Plan', 'items', 'PlanItem', 'Section504PlanItem'],
    ['Section504Plan', 'items', '504PlanItem', 'Section504Plan504PlanItem'],
  ])('of %s are all endings of its name that start a word: %s as %s gives %s', (resource, name, override, expected) => {
    expect(collection(resource, name, override)).toBe(expected);
  });

  const subclass = {
    isSubclass: true,
    superclassProjectName: 'Ed-Fi',
    superclassResourceName: 'StudentProgramAssociation',
  };

  it('include the superclass when the override differs from the default name', () => {
    expect(collection('Special', 'services', 'StudentProgramAssociationService', subclass)).toBe('SpecialService');
    expect(collection('Special', 'services', 'ProgramAssociationService', subclass)).toBe('SpecialService');
    expect(collection('Special', 'services', 'ProgramAssociationService')).toBe('SpecialProgramAssociationService');
  });

  it('do not include the superclass when the override is the default name', () => {
    expect(collection('Special', 'associationServices', 'AssociationService', subclass)).toBe('SpecialAssociationService');
  });

  it('must not be all that the override says', () => {
    const fault = { code: 'OVERRIDE_EQUALS_PREFIX', resource: 'Ed-Fi:Person' } as const;
    expectRejected([edFi(person({ nameOverrides: { '$.addresses[*]': 'Person' } }))], {
      ...fault,
      names: ['$.addresses[*]', 'Person'],
    });
    expectRejected([edFi(person({ nameOverrides: { '$.addresses[*].periods[*]': 'Address' } }))], {
      ...fault,
      names: ['$.addresses[*].periods[*]', 'Address'],
    });
  });
});

describe('the key of an override', () => {
  const rejects = (
    nameOverrides: build.JsonRecord,
    code: Parameters<typeof expectRejected>[1]['code'],
    names: readonly (string | readonly string[])[],
  ) => expectRejected([edFi(person({ nameOverrides }))], { code, resource: 'Ed-Fi:Person', names });

  it.each(['home', '$..home', '$.a[0]', '$.a b', '$[*]'])('must be a JSONPath, which %s is not', (key) => {
    rejects({ [key]: 'X' }, 'OVERRIDE_PATH_INVALID', [key]);
  });

  it('must lead to something that has a name', () => {
    rejects({ '$.unknownProperty': 'X' }, 'OVERRIDE_UNUSED', ['$.unknownProperty']);
    rejects({ '$.home': 'X' }, 'OVERRIDE_UNUSED', ['$.home']);
    rejects({ '$.addresses': 'X' }, 'OVERRIDE_UNUSED', ['$.addresses']);
    rejects({ '$.home.streetNumberName[*]': 'X' }, 'OVERRIDE_UNUSED', ['$.home.streetNumberName[*]']);
    rejects({ $: 'X' }, 'OVERRIDE_UNUSED', ['$']);
  });

  it('that leads nowhere is reported with all others that do, sorted', () => {
    rejects({ '$.zoo': 'X', '$.addresses[*]': 'Site', '$.ark': 'X' }, 'OVERRIDE_UNUSED', [['$.ark', '$.zoo']]);
  });

  it('inside a reference object must be one of its identity fields', () => {
    rejects({ '$.schoolReference.note': 'X' }, 'OVERRIDE_REFERENCE_MEMBER', ['$.schoolReference.note']);
    rejects({ '$.schoolReference.schoolId.deeper': 'X' }, 'OVERRIDE_REFERENCE_MEMBER', ['$.schoolReference.schoolId.deeper']);
    rejects({ '$.schoolReference.link': 'X' }, 'OVERRIDE_REFERENCE_MEMBER', ['$.schoolReference.link']);
  });

  it('inside two reference objects must be an identity field of one of them', () => {
    const nested = build.resource('Nested', {
      documentPathsMapping: {
        Inner: build.reference('Ed-Fi:School', [['$.schoolId', '$.outerReference.innerReference.schoolId']]),
        Outer: build.reference('Ed-Fi:School', [['$.schoolId', '$.outerReference.schoolId']]),
      },
      relational: { nameOverrides: { '$.outerReference.innerReference.schoolId': 'Id' } },
      jsonSchemaForInsert: build.object({
        outerReference: build.object({
          schoolId: build.integer(),
          innerReference: build.object({ schoolId: build.integer() }),
        }),
      }),
    });
    expect(columnNames(table(deriveFrom(edFi(nested)), 'edfi.Nested'))).toEqual([
      'DocumentId',
      'Inner_DocumentId',
      'Inner_Id',
      'Outer_DocumentId',
      'Outer_SchoolId',
    ]);
  });
});

describe('overrides of a resource extension', () => {
  const base = (nameOverrides: build.JsonRecord = {}) =>
    build.resource('Staff', {
      relational: { nameOverrides },
      jsonSchemaForInsert: build.object({
        addresses: array({}),
        _ext: build.ext('sample', build.object({ nickName: build.string() })),
      }),
    });
  const extension = (nameOverrides: build.JsonRecord, schema?: build.JsonRecord) =>
    build.extensionOf('Staff', {
      documentPathsMapping: {
        School: build.reference('Ed-Fi:School', [['$.schoolId', '$._ext.sample.schoolReference.schoolId']], false),
      },
      relational: { nameOverrides },
      jsonSchemaForInsert:
        schema ??
        build.object({
          _ext: build.ext(
            'sample',
            build.object({
              nickName: build.string(),
              schoolReference,
              authors: array({ books: array({ title: build.string() }) }),
              addresses: array({ _ext: build.ext('sample', build.object({ floors: array({}) })) }),
            }),
          ),
        }),
    });
  const derived = (own: build.JsonRecord, ofBase: build.JsonRecord = {}) =>
    deriveFrom(edFi(base(ofBase)), sample(extension(own)));
  const names = (model: ReturnType<typeof deriveFrom>) =>
    tableNames(resourceModel(model, 'Ed-Fi:Staff')).filter((name) => name.startsWith('sample.'));

  it('need not repeat the _ext prefix in their keys', () => {
    const columns = (key: string) => columnNames(table(derived({ [key]: 'Alias' }), 'sample.StaffExtension'));
    expect(columns('$.nickName')).toContain('Alias');
    expect(columns('$._ext.sample.nickName')).toContain('Alias');
    expect(
      columnNames(
        table(derived({ '$.schoolReference': 'Campus', '$.schoolReference.schoolId': 'Id' }), 'sample.StaffExtension'),
      ),
    ).toEqual(['DocumentId', 'Campus_DocumentId', 'Campus_Id', 'NickName', 'SchoolReferenceNote']);
  });

  it.each(['Writer', 'StaffExtensionWriter', 'StaffWriter', 'ExtensionWriter'])(
    'may repeat the names of the extension root and the base root: %s',
    (name) => {
      expect(names(derived({ '$.authors[*]': name }))).toEqual([
        'sample.StaffExtension',
        'sample.StaffExtensionAddress',
        'sample.StaffExtensionWriter',
        'sample.StaffExtensionAddressFloor',
        'sample.StaffExtensionWriterBook',
      ]);
    },
  );

  it('of the base apply to the companions of its collections', () => {
    const model = derived({}, { '$.addresses[*]': 'Site' });
    expect(names(model)).toContain('sample.StaffExtensionSite');
    expect(columnNames(table(model, 'sample.StaffExtensionSiteFloor'))).toEqual(['Staff_DocumentId', 'SiteOrdinal', 'Ordinal']);
    expect(constraintsOf(table(model, 'sample.StaffExtensionSite'), 'ForeignKey')).toEqual([
      'ForeignKey FK_StaffExtensionSite_StaffSite (Staff_DocumentId, Ordinal) → edfi.StaffSite(Staff_DocumentId, Ordinal) Cascade / NoAction',
    ]);
  });

  it('of the base apply to extension paths too', () => {
    expect(columnNames(table(derived({}, { '$._ext.sample.nickName': 'Alias' }), 'sample.StaffExtension'))).toContain('Alias');
  });

  it('must not repeat one of the base; both labels and all such paths are named, sorted', () => {
    const shared = ['$._ext.sample.nickName', '$._ext.sample.authors[*]'];
    const overrides = Object.fromEntries(shared.map((path) => [path, 'X']));
    expectRejected(
      [edFi(base(overrides)), sample(extension({ '$.nickName': 'Y', '$.authors[*]': 'Y', '$.schoolReference': 'Z' }))],
      {
        code: 'OVERRIDE_CONFLICT',
        resource: 'Sample:Staff',
        names: ['Ed-Fi:Staff', ['$._ext.sample.authors[*]', '$._ext.sample.nickName']],
      },
    );
  });

  it('must not have two keys for one path; both are named', () => {
    expectRejected([edFi(base()), sample(extension({ '$.nickName': 'A', '$._ext.sample.nickName': 'B' }))], {
      code: 'OVERRIDE_DUPLICATE',
      resource: 'Sample:Staff',
      names: ['$.nickName', '$._ext.sample.nickName'],
    });
  });

  it('are used, or reported with the key as written and the path it means', () => {
    expectRejected([edFi(base()), sample(extension({ '$.unknown': 'A' }))], {
      code: 'OVERRIDE_UNUSED',
      resource: 'Sample:Staff',
      names: ['$.unknown', '$._ext.sample.unknown'],
    });
  });

  it('cannot be placed without a key of the project under _ext', () => {
    expectRejected([edFi(base()), sample(extension({ '$.nickName': 'A' }, build.object({})))], {
      code: 'EXTENSION_KEY_UNRESOLVED',
      resource: 'Sample:Staff',
      names: ['$.nickName', 'sample'],
    });
  });
});

describe('the names of tables', () => {
  const named = (name: string, rootTableNameOverride: string, properties: build.JsonRecord = {}) =>
    build.resource(name, { relational: { rootTableNameOverride }, jsonSchemaForInsert: build.object(properties) });
  const messages = (...resources: build.BuiltResource[]) =>
    diagnosticsOf(() => deriveModel(schemaSet(build.project('Ed-Fi', resources)), 'pgsql')).map(
      ({ code, message }) => `${code} ${message}`,
    );

  it('must not be equal for two resources; the message does not depend on the order of the input', () => {
    const student = named('Student', 'Person');
    const staff = named('Staff', 'Person');
    expectRejected([build.project('Ed-Fi', [student, staff])], {
      code: 'NAME_COLLISION',
      names: ['edfi', 'Person', ['Staff', 'Ed-Fi:Staff', 'Student', 'Ed-Fi:Student']],
    });
    expect(messages(student, staff)).toEqual(messages(staff, student));
  });

  it('must not be equal for a root and a collection, without any override', () => {
    const schoolAddress = build.resource('SchoolAddress', { jsonSchemaForInsert: build.object({}) });
    const withAddresses = build.resource('School', { jsonSchemaForInsert: build.object({ addresses: array({}) }) });
    expectRejected([build.project('Ed-Fi', [withAddresses, schoolAddress])], {
      code: 'NAME_COLLISION',
      names: ['edfi', 'SchoolAddress', ['Ed-Fi:School', '$.addresses[*]', 'Ed-Fi:SchoolAddress', '$']],
    });
  });

  it('are all reported in one error, by schema and name, with what each would be called without overrides', () => {
    const a = [
      named('A1', 'Zoo', { cages: array({}) }),
      named('A2', 'Zoo', { cages: array({}) }),
      named('A3', 'Ark'),
      named('A4', 'Ark'),
    ];
    const other = build.project('Alpha', [named('B1', 'Zoo'), named('B2', 'Zoo')], { isExtension: true });
    expectRejected([build.project('Ed-Fi', a), other], {
      code: 'NAME_COLLISION',
      names: [
        [
          ...['alpha', 'B1', 'Alpha:B1', 'B2', 'Alpha:B2'],
          ...['Ark', 'A3', 'Ed-Fi:A3', 'A4', 'Ed-Fi:A4'],
          ...['Zoo', 'A1', 'Ed-Fi:A1', 'A2', 'Ed-Fi:A2'],
          ...['ZooCage', 'A1Cage', 'Ed-Fi:A1', 'A2Cage', 'Ed-Fi:A2'],
        ],
      ],
    });
  });

  it('may be equal in different schemas', () => {
    const thing = build.resource('Thing', { jsonSchemaForInsert: build.object({}) });
    const model = deriveFrom(build.project('Ed-Fi', [thing]), sample(thing));
    expect(model.resources.flatMap(tableNames)).toEqual(['edfi.Thing', 'sample.Thing']);
  });
});
