import { deriveModel, type RelationalModelSet } from '@dms/relational-model';
import { dialects, type SqlDialect } from '@dms/sql';
import { build } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveInventory } from './index.ts';
import {
  derive,
  diagnosticsOf,
  elementsOf,
  expectFault,
  foreignKeyOf,
  once,
  path,
  qualified,
  resourceOf,
  schemaSet,
  tableOf,
  triggerNames,
  triggerOf,
  withColumn,
  withCopiedColumn,
  withResource,
  withTable,
} from './inventory.spec-support.ts';

const {
  array,
  date,
  descriptor,
  descriptorPath,
  ext,
  extensionOf,
  integer,
  object,
  project,
  reference,
  resource,
  string,
  uri,
} = build;

type JsonRecord = build.JsonRecord;

/** An object schema whose properties are all required. */
const whole = (properties: JsonRecord): JsonRecord => object(properties, Object.keys(properties));

/** A resource identified by one integer property. */
function keyed(name: string, id: string, members: JsonRecord = {}, properties: JsonRecord = {}): build.BuiltResource {
  return resource(name, {
    identityJsonPaths: [`$.${id}`],
    jsonSchemaForInsert: object({ [id]: integer(), ...properties }, [id]),
    ...members,
  });
}

const memberOf = (superclassResourceName: string, renamed?: string): JsonRecord => ({
  isSubclass: true,
  superclassProjectName: 'Ed-Fi',
  superclassResourceName,
  ...(renamed === undefined ? {} : { superclassIdentityJsonPath: renamed }),
});

const core = (resources: readonly build.BuiltResource[], abstractResources: JsonRecord = {}) =>
  project('Ed-Fi', resources, { abstractResources });

const modelOf = (documents: readonly JsonRecord[], dialect: SqlDialect = 'pgsql') =>
  deriveModel(schemaSet(...documents), dialect).model;

/*
 * People and firms are parties; a person has nested collections, and an extension adds a root table, a collection of its own and
 * one beside the addresses. A term belongs to a person, an enrolment names a person twice and is the same person.
 * Resource keys by project and name: 1 Enrolment, 2 Firm, 3 KindDescriptor, 4 Party, 5 Person, 6 Term, 7 Club (Sample).
 */
const registry = [
  core(
    [
      descriptor('KindDescriptor'),
      keyed('Firm', 'partyId', memberOf('Party')),
      keyed('Person', 'personId', memberOf('Party', '$.partyId'), {
        addresses: array(object({ city: string(), phones: array(object({ number: string() })) })),
      }),
      resource('Term', {
        identityJsonPaths: ['$.personReference.personId', '$.year'],
        documentPathsMapping: { Person: reference('Ed-Fi:Person', [['$.personId', '$.personReference.personId']]) },
        jsonSchemaForInsert: whole({ personReference: whole({ personId: integer() }), year: integer() }),
      }),
      resource('Enrolment', {
        identityJsonPaths: [
          '$.termReference.personId',
          '$.termReference.year',
          '$.kindDescriptor',
          '$.personReference.personId',
          '$.day',
        ],
        equalityConstraints: [{ sourceJsonPath: '$.personReference.personId', targetJsonPath: '$.termReference.personId' }],
        documentPathsMapping: {
          Kind: descriptorPath('Ed-Fi:KindDescriptor', '$.kindDescriptor'),
          Person: reference('Ed-Fi:Person', [['$.personId', '$.personReference.personId']]),
          Term: reference('Ed-Fi:Term', [
            ['$.personReference.personId', '$.termReference.personId'],
            ['$.year', '$.termReference.year'],
          ]),
        },
        jsonSchemaForInsert: whole({
          termReference: whole({ personId: integer(), year: integer() }),
          kindDescriptor: uri(),
          personReference: whole({ personId: integer() }),
          day: date(),
        }),
      }),
    ],
    { Party: { identityJsonPaths: ['$.partyId'] } },
  ),
  project(
    'Sample',
    [
      keyed('Club', 'clubId', memberOf('Party', '$.partyId')),
      extensionOf('Person', {
        jsonSchemaForInsert: object({
          _ext: ext(
            'sample',
            object({
              nickname: string(),
              marks: array(object({ mark: string() })),
              addresses: array(object({ _ext: ext('sample', object({ floor: integer() })) })),
            }),
          ),
        }),
      }),
    ],
    { isExtension: true },
  ),
];

const int32 = { kind: 'Int32', maxLength: null, decimal: null };
const int64 = { kind: 'Int64', maxLength: null, decimal: null };

describe.each(dialects)('the triggers of a schema with families, nested collections and an extension, in %s', (dialect) => {
  const inventory = once(() => derive(dialect, ...registry).inventory);

  it('are these', () => {
    const lines = inventory().triggers.map(
      ({ table, name, kind, keyColumns, identityProjectionColumns }) =>
        `${qualified(table)} ${name} ${kind} (${keyColumns.join(', ')}) [${identityProjectionColumns.join(', ')}]`,
    );
    const enrolment = 'PersonId_Unified, Term_Year, KindDescriptor_DescriptorId, Day';
    expect(lines).toEqual([
      `edfi.Enrolment TR_Enrolment_ReferentialIdentity ReferentialIdentityMaintenance (DocumentId) [${enrolment}]`,
      `edfi.Enrolment TR_Enrolment_Stamp DocumentStamping (DocumentId) [${enrolment}]`,
      'edfi.Firm TR_Firm_AbstractIdentity AbstractIdentityMaintenance (DocumentId) [PartyId]',
      'edfi.Firm TR_Firm_ReferentialIdentity ReferentialIdentityMaintenance (DocumentId) [PartyId]',
      'edfi.Firm TR_Firm_Stamp DocumentStamping (DocumentId) [PartyId]',
      'edfi.Person TR_Person_AbstractIdentity AbstractIdentityMaintenance (DocumentId) [PersonId]',
      'edfi.Person TR_Person_ReferentialIdentity ReferentialIdentityMaintenance (DocumentId) [PersonId]',
      'edfi.Person TR_Person_Stamp DocumentStamping (DocumentId) [PersonId]',
      'edfi.PersonAddress TR_PersonAddress_Stamp DocumentStamping (Person_DocumentId) []',
      'edfi.PersonAddressPhone TR_PersonAddressPhone_Stamp DocumentStamping (Person_DocumentId) []',
      'edfi.Term TR_Term_ReferentialIdentity ReferentialIdentityMaintenance (DocumentId) [Person_PersonId, Year]',
      'edfi.Term TR_Term_Stamp DocumentStamping (DocumentId) [Person_PersonId, Year]',
      'sample.Club TR_Club_AbstractIdentity AbstractIdentityMaintenance (DocumentId) [ClubId]',
      'sample.Club TR_Club_ReferentialIdentity ReferentialIdentityMaintenance (DocumentId) [ClubId]',
      'sample.Club TR_Club_Stamp DocumentStamping (DocumentId) [ClubId]',
      'sample.PersonExtension TR_PersonExtension_Stamp DocumentStamping (DocumentId) []',
      'sample.PersonExtensionAddress TR_PersonExtensionAddress_Stamp DocumentStamping (Person_DocumentId) []',
      'sample.PersonExtensionMark TR_PersonExtensionMark_Stamp DocumentStamping (Person_DocumentId) []',
    ]);
  });

  it('know the resource of the table by key, project and name', () => {
    const { resourceKeyId, projectName, resourceName } = triggerOf(
      inventory(),
      'sample.Club',
      'ReferentialIdentityMaintenance',
    );
    expect([resourceKeyId, projectName, resourceName]).toEqual([7, 'Sample', 'Club']);
    expect(triggerOf(inventory(), 'edfi.Enrolment', 'ReferentialIdentityMaintenance')).toMatchObject({
      resourceKeyId: 1,
      projectName: 'Ed-Fi',
      resourceName: 'Enrolment',
      superclassAlias: null,
    });
  });

  it('hold the identity in schema order, with the type and descriptor mark of each column', () => {
    expect(triggerOf(inventory(), 'edfi.Enrolment', 'ReferentialIdentityMaintenance').identityElements).toEqual([
      { column: 'Term_PersonId', identityJsonPath: path('$.termReference.personId'), scalarType: int32, isDescriptor: false },
      { column: 'Term_Year', identityJsonPath: path('$.termReference.year'), scalarType: int32, isDescriptor: false },
      {
        column: 'KindDescriptor_DescriptorId',
        identityJsonPath: path('$.kindDescriptor'),
        scalarType: int64,
        isDescriptor: true,
      },
      {
        column: 'Person_PersonId',
        identityJsonPath: path('$.personReference.personId'),
        scalarType: int32,
        isDescriptor: false,
      },
      {
        column: 'Day',
        identityJsonPath: path('$.day'),
        scalarType: { kind: 'Date', maxLength: null, decimal: null },
        isDescriptor: false,
      },
    ]);
  });

  it('give each subclass an alias with the key, project and name of its superclass', () => {
    const alias = (table: string) => triggerOf(inventory(), table, 'ReferentialIdentityMaintenance').superclassAlias;
    const party = { resourceKeyId: 4, projectName: 'Ed-Fi', resourceName: 'Party' };
    const element = { identityJsonPath: path('$.partyId'), scalarType: int32, isDescriptor: false };
    expect(alias('edfi.Person')).toEqual({ ...party, identityElements: [{ column: 'PersonId', ...element }] });
    expect(alias('edfi.Firm')).toEqual({ ...party, identityElements: [{ column: 'PartyId', ...element }] });
    expect(alias('sample.Club')).toEqual({ ...party, identityElements: [{ column: 'ClubId', ...element }] });
  });

  it('copy the identity of each subclass to the identity table of its superclass', () => {
    const copy = (table: string) => {
      const { targetTable, targetColumnMappings, discriminatorValue } = triggerOf(
        inventory(),
        table,
        'AbstractIdentityMaintenance',
      );
      return [qualified(targetTable), targetColumnMappings, discriminatorValue];
    };
    const from = (sourceColumn: string) => [{ sourceColumn, targetColumn: 'PartyId' }];
    expect(copy('edfi.Person')).toEqual(['edfi.PartyIdentity', from('PersonId'), 'Ed-Fi:Person']);
    expect(copy('edfi.Firm')).toEqual(['edfi.PartyIdentity', from('PartyId'), 'Ed-Fi:Firm']);
    expect(copy('sample.Club')).toEqual(['edfi.PartyIdentity', from('ClubId'), 'Sample:Club']);
  });

  it('exist on no abstract identity table', () => {
    expect(triggerNames(inventory(), 'edfi.PartyIdentity')).toEqual([]);
  });

  it('are those of tables of the extended resource: an extension has no identity of its own (case 17)', () => {
    const onExtensions = inventory().triggers.filter(({ table }) => table.name.startsWith('PersonExtension'));
    expect(onExtensions.map(({ kind, table, keyColumns }) => [kind, table.name, keyColumns])).toEqual([
      ['DocumentStamping', 'PersonExtension', ['DocumentId']],
      ['DocumentStamping', 'PersonExtensionAddress', ['Person_DocumentId']],
      ['DocumentStamping', 'PersonExtensionMark', ['Person_DocumentId']],
    ]);
  });

  it('stamp the root by its document id and nested children by that of the root (case 16)', () => {
    const stamp = (table: string) => {
      const { name, keyColumns, identityProjectionColumns } = triggerOf(inventory(), table, 'DocumentStamping');
      return [name, keyColumns, identityProjectionColumns];
    };
    expect(stamp('edfi.Person')).toEqual(['TR_Person_Stamp', ['DocumentId'], ['PersonId']]);
    expect(stamp('edfi.PersonAddress')).toEqual(['TR_PersonAddress_Stamp', ['Person_DocumentId'], []]);
    expect(stamp('edfi.PersonAddressPhone')).toEqual(['TR_PersonAddressPhone_Stamp', ['Person_DocumentId'], []]);
  });
});

describe('an identity element', () => {
  it('of a reference is the column of the identity part, never the document id (case 18)', () => {
    const { model, inventory } = derive('pgsql', ...registry);
    expect(elementsOf(inventory, 'edfi.Term')).toEqual([
      ['Person_PersonId', '$.personReference.personId'],
      ['Year', '$.year'],
    ]);
    expect(resourceOf(model, 'Ed-Fi:Term').naturalKey.columns).toEqual(['Person_DocumentId', 'Year']);
  });

  it('keeps an alias, while the projection holds the canonical column, once (case 20)', () => {
    const { model, inventory } = derive('pgsql', ...registry);
    const { identityElements, identityProjectionColumns } = triggerOf(
      inventory,
      'edfi.Enrolment',
      'ReferentialIdentityMaintenance',
    );
    const aliases = tableOf(model, 'edfi.Enrolment').columns.filter(({ storage }) => storage.kind === 'UnifiedAlias');
    expect(aliases.map(({ name }) => name).sort()).toEqual(['Person_PersonId', 'Term_PersonId']);
    expect(identityElements.map(({ column }) => column)).toEqual(expect.arrayContaining(['Person_PersonId', 'Term_PersonId']));
    expect(identityProjectionColumns.filter((name) => name === 'PersonId_Unified')).toHaveLength(1);
    expect(identityProjectionColumns).not.toContain('Person_PersonId');
    expect(identityProjectionColumns).not.toContain('Term_PersonId');
  });

  it('that comes first decides the place of a shared canonical column in the projection', () => {
    const swapped = core([
      keyed('A', 'aId'),
      resource('B', {
        identityJsonPaths: ['$.note', '$.rank', '$.aReference.aId'],
        equalityConstraints: [{ sourceJsonPath: '$.aReference.aId', targetJsonPath: '$.rank' }],
        documentPathsMapping: { A: reference('Ed-Fi:A', [['$.aId', '$.aReference.aId']]) },
        jsonSchemaForInsert: whole({ note: string(), rank: integer(), aReference: whole({ aId: integer() }) }),
      }),
    ]);
    const trigger = triggerOf(derive('pgsql', swapped).inventory, 'edfi.B', 'ReferentialIdentityMaintenance');
    expect(trigger.identityElements.map(({ column }) => column)).toEqual(['Note', 'Rank', 'A_AId']);
    expect(trigger.identityProjectionColumns).toEqual(['Note', 'AId_Unified']);
  });

  const offering = (pairs: readonly (readonly [string, string])[]) =>
    core([
      resource('Session', {
        identityJsonPaths: ['$.schoolReference.schoolId', '$.schoolYear', '$.sessionName'],
        documentPathsMapping: { School: reference('Ed-Fi:School', [['$.schoolId', '$.schoolReference.schoolId']]) },
        jsonSchemaForInsert: whole({
          schoolReference: whole({ schoolId: integer() }),
          schoolYear: integer(),
          sessionName: string(),
        }),
      }),
      keyed('School', 'schoolId'),
      resource('CourseOffering', {
        identityJsonPaths: [
          '$.localCourseCode',
          '$.schoolReference.schoolId',
          '$.sessionReference.schoolId',
          '$.sessionReference.schoolYear',
          '$.sessionReference.sessionName',
        ],
        equalityConstraints: [{ sourceJsonPath: '$.schoolReference.schoolId', targetJsonPath: '$.sessionReference.schoolId' }],
        documentPathsMapping: {
          School: reference('Ed-Fi:School', [['$.schoolId', '$.schoolReference.schoolId']]),
          Session: reference('Ed-Fi:Session', [
            ['$.schoolReference.schoolId', '$.sessionReference.schoolId'],
            ['$.schoolYear', '$.sessionReference.schoolYear'],
            ['$.sessionName', '$.sessionReference.sessionName'],
          ]),
        },
        jsonSchemaForInsert: whole({
          localCourseCode: string(),
          schoolReference: whole({ schoolId: integer() }),
          sessionReference: whole({ schoolId: integer(), schoolYear: integer(), sessionName: string() }),
        }),
      }),
      resource('Section', {
        identityJsonPaths: [
          '$.courseOfferingReference.localCourseCode',
          '$.courseOfferingReference.schoolId',
          '$.courseOfferingReference.schoolYear',
          '$.courseOfferingReference.sessionName',
          '$.sectionIdentifier',
        ],
        documentPathsMapping: { CourseOffering: reference('Ed-Fi:CourseOffering', pairs) },
        jsonSchemaForInsert: whole({
          courseOfferingReference: whole({
            localCourseCode: string(),
            schoolId: integer(),
            schoolYear: integer(),
            sessionName: string(),
          }),
          sectionIdentifier: string(),
        }),
      }),
    ]);
  const pairs: (readonly [string, string])[] = [
    ['$.localCourseCode', '$.courseOfferingReference.localCourseCode'],
    ['$.schoolReference.schoolId', '$.courseOfferingReference.schoolId'],
    ['$.sessionReference.schoolId', '$.courseOfferingReference.schoolId'],
    ['$.sessionReference.schoolYear', '$.courseOfferingReference.schoolYear'],
    ['$.sessionReference.sessionName', '$.courseOfferingReference.sessionName'],
  ];

  it('of a path that feeds two columns of a reference is one, with the first of them (case 19)', () => {
    const { inventory } = derive('pgsql', offering(pairs));
    expect(elementsOf(inventory, 'edfi.Section')).toEqual([
      ['CourseOffering_LocalCourseCode', '$.courseOfferingReference.localCourseCode'],
      ['CourseOffering_SchoolReferenceSchoolId', '$.courseOfferingReference.schoolId'],
      ['CourseOffering_SchoolYear', '$.courseOfferingReference.schoolYear'],
      ['CourseOffering_SessionName', '$.courseOfferingReference.sessionName'],
      ['SectionIdentifier', '$.sectionIdentifier'],
    ]);
  });

  it('of such a path is the first by the order of the reference paths, not by name', () => {
    const [code, first, second, ...rest] = pairs;
    const { inventory } = derive('pgsql', offering([second!, code!, first!, ...rest]));
    expect(elementsOf(inventory, 'edfi.Section')[1]).toEqual([
      'CourseOffering_SessionReferenceSchoolId',
      '$.courseOfferingReference.schoolId',
    ]);
    expect(triggerOf(inventory, 'edfi.Section', 'DocumentStamping').identityProjectionColumns).toEqual(
      triggerOf(derive('pgsql', offering(pairs)).inventory, 'edfi.Section', 'DocumentStamping').identityProjectionColumns,
    );
  });

  it('of a path without reference is the first of its columns by name', () => {
    const model = withCopiedColumn(modelOf([core([keyed('A', 'aId')])]), 'edfi.A', 'AId', { name: 'AAId' });
    expect(elementsOf(deriveInventory(model), 'edfi.A')).toEqual([['AAId', '$.aId']]);
  });

  it('of a descriptor within a reference is marked as a descriptor', () => {
    const documents = core([
      descriptor('KindDescriptor'),
      resource('A', {
        identityJsonPaths: ['$.kindDescriptor'],
        documentPathsMapping: { Kind: descriptorPath('Ed-Fi:KindDescriptor', '$.kindDescriptor') },
        jsonSchemaForInsert: whole({ kindDescriptor: uri() }),
      }),
      resource('B', {
        identityJsonPaths: ['$.aReference.kindDescriptor'],
        documentPathsMapping: { A: reference('Ed-Fi:A', [['$.kindDescriptor', '$.aReference.kindDescriptor']]) },
        jsonSchemaForInsert: whole({ aReference: whole({ kindDescriptor: uri() }) }),
      }),
    ]);
    const trigger = triggerOf(derive('pgsql', documents).inventory, 'edfi.B', 'ReferentialIdentityMaintenance');
    expect(trigger.identityElements).toEqual([
      {
        column: 'A_KindDescriptor_DescriptorId',
        identityJsonPath: path('$.aReference.kindDescriptor'),
        scalarType: int64,
        isDescriptor: true,
      },
    ]);
  });

  it('keeps the identity paths in schema order, not sorted', () => {
    const documents = core([
      resource('A', {
        identityJsonPaths: ['$.zebra', '$.apple', '$.mango'],
        jsonSchemaForInsert: whole({ apple: integer(), mango: integer(), zebra: integer() }),
      }),
    ]);
    const { inventory } = derive('pgsql', documents);
    expect(elementsOf(inventory, 'edfi.A').map(([column]) => column)).toEqual(['Zebra', 'Apple', 'Mango']);
    expect(triggerOf(inventory, 'edfi.A', 'DocumentStamping').identityProjectionColumns).toEqual(['Zebra', 'Apple', 'Mango']);
  });
});

describe('a subclass', () => {
  const association = (name: string, order: readonly string[], members: JsonRecord = {}) =>
    resource(name, {
      ...memberOf('ProgramAssociation'),
      identityJsonPaths: order,
      documentPathsMapping: {
        Kind: descriptorPath('Ed-Fi:KindDescriptor', '$.kindDescriptor'),
        Program: reference('Ed-Fi:Program', [
          ['$.programName', '$.programReference.programName'],
          ['$.kindDescriptor', '$.programReference.kindDescriptor'],
        ]),
        Student: reference('Ed-Fi:Student', [['$.studentId', '$.studentReference.studentId']]),
      },
      jsonSchemaForInsert: whole({
        beginDate: date(),
        kindDescriptor: uri(),
        sequence: integer(),
        programReference: whole({ programName: string(), kindDescriptor: uri() }),
        studentReference: whole({ studentId: integer() }),
      }),
      ...members,
    });
  const paths = [
    '$.beginDate',
    '$.kindDescriptor',
    '$.programReference.programName',
    '$.programReference.kindDescriptor',
    '$.sequence',
    '$.studentReference.studentId',
  ];
  const document = (order: readonly string[], members: JsonRecord = {}) =>
    core(
      [
        descriptor('KindDescriptor'),
        keyed('Student', 'studentId'),
        resource('Program', {
          identityJsonPaths: ['$.programName', '$.kindDescriptor'],
          documentPathsMapping: { Kind: descriptorPath('Ed-Fi:KindDescriptor', '$.kindDescriptor') },
          jsonSchemaForInsert: whole({ programName: string(), kindDescriptor: uri() }),
        }),
        association('StudentProgramAssociation', order, members),
      ],
      { ProgramAssociation: { identityJsonPaths: paths } },
    );

  it('without a renamed path has its own elements as alias, and one mapping per abstract column, in their order (case 22)', () => {
    const order = [...paths].reverse();
    const { inventory } = derive('pgsql', document(order));
    const own = triggerOf(inventory, 'edfi.StudentProgramAssociation', 'ReferentialIdentityMaintenance');
    expect(own.identityElements.map(({ identityJsonPath }) => identityJsonPath.canonical)).toEqual(order);
    expect(own.superclassAlias?.identityElements).toEqual(own.identityElements);
    expect(own.superclassAlias?.resourceName).toBe('ProgramAssociation');
    const { targetColumnMappings } = triggerOf(inventory, 'edfi.StudentProgramAssociation', 'AbstractIdentityMaintenance');
    expect(targetColumnMappings.map(({ sourceColumn, targetColumn }) => [sourceColumn, targetColumn])).toEqual([
      ['BeginDate', 'BeginDate'],
      ['KindDescriptor_DescriptorId', 'KindDescriptor'],
      ['Program_ProgramName', 'ProgramReferenceProgramName'],
      ['Program_KindDescriptor_DescriptorId', 'ProgramReferenceKindDescriptor'],
      ['Sequence', 'Sequence'],
      ['Student_StudentId', 'StudentReferenceStudentId'],
    ]);
  });

  it('copies an alias as it is where it is the only column of its path', () => {
    const { model, inventory } = derive(
      'pgsql',
      document(paths, {
        equalityConstraints: [{ sourceJsonPath: '$.kindDescriptor', targetJsonPath: '$.programReference.kindDescriptor' }],
      }),
    );
    const { targetColumnMappings } = triggerOf(inventory, 'edfi.StudentProgramAssociation', 'AbstractIdentityMaintenance');
    const sources = targetColumnMappings.map(({ sourceColumn }) => sourceColumn);
    expect(sources).toContain('KindDescriptor_DescriptorId');
    expect(sources).toContain('Program_KindDescriptor_DescriptorId');
    const column = tableOf(model, 'edfi.StudentProgramAssociation').columns.find(
      ({ name }) => name === 'Program_KindDescriptor_DescriptorId',
    );
    expect(column?.storage.kind).toBe('UnifiedAlias');
  });

  it('copies the canonical column where its path has several', () => {
    const place = resource('Place', {
      identityJsonPaths: ['$.areaReference.code', '$.zoneReference.code'],
      equalityConstraints: [{ sourceJsonPath: '$.areaReference.code', targetJsonPath: '$.zoneReference.code' }],
      documentPathsMapping: {
        Area: reference('Ed-Fi:Area', [['$.code', '$.areaReference.code']]),
        Zone: reference('Ed-Fi:Zone', [['$.code', '$.zoneReference.code']]),
      },
      jsonSchemaForInsert: whole({ areaReference: whole({ code: string() }), zoneReference: whole({ code: string() }) }),
    });
    const code = (name: string) =>
      resource(name, { identityJsonPaths: ['$.code'], jsonSchemaForInsert: whole({ code: string() }) });
    const shop = resource('Shop', {
      ...memberOf('Business'),
      identityJsonPaths: ['$.placeReference.code'],
      documentPathsMapping: {
        Place: reference('Ed-Fi:Place', [
          ['$.areaReference.code', '$.placeReference.code'],
          ['$.zoneReference.code', '$.placeReference.code'],
        ]),
      },
      jsonSchemaForInsert: whole({ placeReference: whole({ code: string() }) }),
    });
    const { inventory } = derive(
      'pgsql',
      core([code('Area'), code('Zone'), place, shop], { Business: { identityJsonPaths: ['$.placeReference.code'] } }),
    );
    expect(elementsOf(inventory, 'edfi.Shop')).toEqual([['Place_AreaReferenceCode', '$.placeReference.code']]);
    expect(triggerOf(inventory, 'edfi.Shop', 'AbstractIdentityMaintenance').targetColumnMappings).toEqual([
      { sourceColumn: 'Code_Unified', targetColumn: 'PlaceReferenceCode' },
    ]);
  });

  it('has no abstract identity trigger when its superclass has no identity table, but an alias', () => {
    const model = { ...modelOf(registry), abstractIdentityTables: [] };
    const inventory = deriveInventory(model);
    expect(inventory.triggers.filter(({ kind }) => kind === 'AbstractIdentityMaintenance')).toEqual([]);
    expect(triggerOf(inventory, 'edfi.Person', 'ReferentialIdentityMaintenance').superclassAlias).not.toBeNull();
  });
});

describe('propagation of identities', () => {
  const update = (table: string, column: string, ...mappings: (readonly [string, string])[]) => {
    const [schema, name] = table.split('.');
    return {
      referrerTable: { schema, name },
      referrerFkColumn: column,
      targetColumnMappings: mappings.map(([sourceColumn, targetColumn]) => ({ sourceColumn, targetColumn })),
    };
  };
  const fallbacks = (documents: readonly JsonRecord[], dialect: SqlDialect = 'mssql') =>
    derive(dialect, ...documents).inventory.triggers.filter(({ kind }) => kind === 'IdentityPropagationFallback');

  const owner = (flag: boolean) => keyed('Owner', 'ownerId', { allowIdentityUpdates: flag });
  const ownerReference = (property = 'ownerReference', isRequired = true) =>
    reference('Ed-Fi:Owner', [['$.ownerId', `$.${property}.ownerId`]], isRequired);
  const ownerObject = whole({ ownerId: integer() });
  const pet = resource('Pet', {
    identityJsonPaths: ['$.ownerReference.ownerId', '$.petId'],
    documentPathsMapping: { Owner: ownerReference() },
    jsonSchemaForInsert: whole({ ownerReference: ownerObject, petId: integer() }),
  });
  const petObject = whole({ ownerId: integer(), petId: integer() });
  const petReference = (property = 'petReference') =>
    reference('Ed-Fi:Pet', [
      ['$.ownerReference.ownerId', `$.${property}.ownerId`],
      ['$.petId', `$.${property}.petId`],
    ]);

  it.each(dialects)('needs no trigger where one key cascades: one referrer of a mutable target, in %s (case 25)', (dialect) => {
    const { model, inventory } = derive(dialect, core([owner(true), pet]));
    expect(foreignKeyOf(model, 'edfi.Pet', 'FK_Pet_Owner_RefKey').onUpdate).toBe('Cascade');
    expect(triggerNames(inventory).filter((line) => line.includes('Propagate'))).toEqual([]);
  });

  it.each(dialects)('does not happen for a target that is not mutable, in %s (case 26)', (dialect) => {
    const { model, inventory } = derive(dialect, core([owner(false), pet]));
    expect(foreignKeyOf(model, 'edfi.Pet', 'FK_Pet_Owner_RefKey').onUpdate).toBe('NoAction');
    expect(triggerNames(inventory).filter((line) => line.includes('Propagate'))).toEqual([]);
  });

  /*
   * 11 §5 row 5 with a child table: owners may be renamed, pets follow, an item of a visit names an owner and a pet whose owner
   * is not said to be the same. The key to the owner cascades, that to the pet would be a second way and becomes a fallback.
   */
  const visit = resource('Visit', {
    identityJsonPaths: ['$.visitId'],
    documentPathsMapping: {
      Owner: reference('Ed-Fi:Owner', [['$.ownerId', '$.items[*].ownerReference.ownerId']]),
      Pet: reference('Ed-Fi:Pet', [
        ['$.ownerReference.ownerId', '$.items[*].petReference.ownerId'],
        ['$.petId', '$.items[*].petReference.petId'],
      ]),
    },
    jsonSchemaForInsert: object(
      { visitId: integer(), items: array(whole({ ownerReference: ownerObject, petReference: petObject })) },
      ['visitId'],
    ),
  });

  it('has a trigger on the target whose key in a child table is a fallback edge, in mssql only (case 27)', () => {
    const documents = [core([owner(true), pet, visit])];
    expect(fallbacks(documents)).toEqual([
      {
        name: 'TR_Pet_PropagateIdentity',
        table: { schema: 'edfi', name: 'Pet' },
        kind: 'IdentityPropagationFallback',
        keyColumns: ['DocumentId'],
        identityProjectionColumns: ['Owner_OwnerId', 'PetId'],
        referrerUpdates: [update('edfi.VisitItem', 'Pet_DocumentId', ['Owner_OwnerId', 'Pet_OwnerId'], ['PetId', 'Pet_PetId'])],
      },
    ]);
    expect(fallbacks(documents, 'pgsql')).toEqual([]);
  });

  it('of a self reference is one trigger with one update of the owner itself (case 28)', () => {
    const documents = [
      core([
        keyed(
          'Node',
          'nodeId',
          {
            allowIdentityUpdates: true,
            documentPathsMapping: { Parent: reference('Ed-Fi:Node', [['$.nodeId', '$.parentReference.nodeId']], false) },
          },
          { parentReference: whole({ nodeId: integer() }) },
        ),
      ]),
    ];
    const { model, inventory } = derive('mssql', ...documents);
    expect(inventory.triggers.filter(({ kind }) => kind === 'IdentityPropagationFallback')).toEqual([
      {
        name: 'TR_Node_PropagateIdentity',
        table: { schema: 'edfi', name: 'Node' },
        kind: 'IdentityPropagationFallback',
        keyColumns: ['DocumentId'],
        identityProjectionColumns: ['NodeId'],
        referrerUpdates: [update('edfi.Node', 'Parent_DocumentId', ['NodeId', 'Parent_NodeId'])],
      },
    ]);
    expect(foreignKeyOf(model, 'edfi.Node', 'FK_Node_Parent').columns).toEqual(['Parent_DocumentId']);
    expect(inventory.indexes.map(({ name }) => name)).toContain('IX_Node_Parent_DocumentId');
    expect(fallbacks(documents, 'pgsql')).toEqual([]);
  });

  it('reads and writes canonical columns on both sides of a fallback edge (case 29)', () => {
    const unifiedPet = resource('Pet', {
      ...pet.schema,
      equalityConstraints: [{ sourceJsonPath: '$.ownerReference.ownerId', targetJsonPath: '$.keeperId' }],
      jsonSchemaForInsert: whole({ ownerReference: ownerObject, petId: integer(), keeperId: integer() }),
    });
    const walk = resource('Walk', {
      identityJsonPaths: ['$.walkId'],
      equalityConstraints: [{ sourceJsonPath: '$.petReference.ownerId', targetJsonPath: '$.walkerId' }],
      documentPathsMapping: { Owner: ownerReference(), Pet: petReference() },
      jsonSchemaForInsert: whole({
        walkId: integer(),
        walkerId: integer(),
        ownerReference: ownerObject,
        petReference: petObject,
      }),
    });
    const { model, inventory } = derive('mssql', core([owner(true), unifiedPet, walk]));
    const trigger = triggerOf(inventory, 'edfi.Pet', 'IdentityPropagationFallback');
    // the canonical columns are named after the member with the smallest path: $.keeperId and $.petReference.ownerId
    expect(trigger.referrerUpdates).toEqual([
      update('edfi.Walk', 'Pet_DocumentId', ['KeeperId_Unified', 'OwnerId_Unified'], ['PetId', 'Pet_PetId']),
    ]);
    expect(trigger.identityProjectionColumns).toEqual(['KeeperId_Unified', 'PetId']);
    const aliasesOf = (table: string) =>
      tableOf(model, table).columns.flatMap(({ name, storage }) => (storage.kind === 'UnifiedAlias' ? [name] : []));
    expect(aliasesOf('edfi.Pet')).toContain('Owner_OwnerId');
    expect(aliasesOf('edfi.Walk')).toContain('Pet_OwnerId');
  });

  it('has one trigger for several fallback edges into one target, in edge order (case 30)', () => {
    const alpha = project(
      'Alpha',
      [
        resource('Zoo', {
          identityJsonPaths: ['$.zooId'],
          documentPathsMapping: { Owner: ownerReference(), Pet: petReference() },
          jsonSchemaForInsert: whole({ zooId: integer(), ownerReference: ownerObject, petReference: petObject }),
        }),
      ],
      { isExtension: true },
    );
    const race = resource('Race', {
      identityJsonPaths: ['$.raceId'],
      documentPathsMapping: {
        Owner: ownerReference(),
        Winner: petReference('winnerReference'),
        RunnerUp: petReference('runnerUpReference'),
      },
      jsonSchemaForInsert: whole({
        raceId: integer(),
        ownerReference: ownerObject,
        winnerReference: petObject,
        runnerUpReference: petObject,
      }),
    });
    const triggers = fallbacks([core([owner(true), pet, visit, race]), alpha]);
    const mappings = (reference: string) =>
      [
        ['Owner_OwnerId', `${reference}_OwnerId`],
        ['PetId', `${reference}_PetId`],
      ] as const;
    expect(triggers.map(({ name }) => name)).toEqual(['TR_Pet_PropagateIdentity']);
    expect(triggers[0]).toMatchObject({
      // by receiver schema, receiver table and name of the key
      referrerUpdates: [
        update('alpha.Zoo', 'Pet_DocumentId', ...mappings('Pet')),
        update('edfi.Race', 'RunnerUp_DocumentId', ...mappings('RunnerUp')),
        update('edfi.Race', 'Winner_DocumentId', ...mappings('Winner')),
        update('edfi.VisitItem', 'Pet_DocumentId', ...mappings('Pet')),
      ],
    });
  });

  it('has its trigger on the identity table of an abstract target (case 31)', () => {
    // 11 §5 row 8: a report names a member and its family by one value; what the family's row moves comes late
    const documents = [
      core(
        [
          keyed('Person', 'personId', { ...memberOf('Party', '$.partyId'), allowIdentityUpdates: true }),
          resource('Report', {
            identityJsonPaths: ['$.reportId'],
            equalityConstraints: [{ sourceJsonPath: '$.personReference.personId', targetJsonPath: '$.partyReference.partyId' }],
            documentPathsMapping: {
              Person: reference('Ed-Fi:Person', [['$.personId', '$.personReference.personId']]),
              Party: reference('Ed-Fi:Party', [['$.partyId', '$.partyReference.partyId']]),
            },
            jsonSchemaForInsert: whole({
              reportId: integer(),
              personReference: whole({ personId: integer() }),
              partyReference: whole({ partyId: integer() }),
            }),
          }),
        ],
        { Party: { identityJsonPaths: ['$.partyId'] } },
      ),
    ];
    expect(triggerOf(derive('mssql', ...documents).inventory, 'edfi.PartyIdentity', 'IdentityPropagationFallback')).toEqual({
      name: 'TR_PartyIdentity_PropagateIdentity',
      table: { schema: 'edfi', name: 'PartyIdentity' },
      kind: 'IdentityPropagationFallback',
      keyColumns: ['DocumentId'],
      identityProjectionColumns: ['PartyId'],
      referrerUpdates: [update('edfi.Report', 'Party_DocumentId', ['PartyId', 'PartyId_Unified'])],
    });
    expect(fallbacks(documents, 'pgsql')).toEqual([]);
  });

  it('updates extension tables too', () => {
    const documents = [
      core([owner(true), pet, keyed('Shelter', 'shelterId')]),
      project(
        'Sample',
        [
          extensionOf('Shelter', {
            documentPathsMapping: {
              Owner: reference('Ed-Fi:Owner', [['$.ownerId', '$._ext.sample.ownerReference.ownerId']]),
              Pet: reference('Ed-Fi:Pet', [
                ['$.ownerReference.ownerId', '$._ext.sample.petReference.ownerId'],
                ['$.petId', '$._ext.sample.petReference.petId'],
              ]),
            },
            jsonSchemaForInsert: object({
              _ext: ext('sample', object({ ownerReference: ownerObject, petReference: petObject })),
            }),
          }),
        ],
        { isExtension: true },
      ),
    ];
    expect(fallbacks(documents)).toMatchObject([
      {
        name: 'TR_Pet_PropagateIdentity',
        referrerUpdates: [
          update('sample.ShelterExtension', 'Pet_DocumentId', ['Owner_OwnerId', 'Pet_OwnerId'], ['PetId', 'Pet_PetId']),
        ],
      },
    ]);
  });
});

describe('a model that breaks a rule of triggers', () => {
  const registryModel = (dialect: SqlDialect = 'pgsql') => modelOf(registry, dialect);

  const withBinding = (
    model: RelationalModelSet,
    label: string,
    fkColumn: string,
    change: Partial<RelationalModelSet['resources'][number]['documentReferenceBindings'][number]>,
  ) =>
    withResource(model, label, ({ documentReferenceBindings }) => ({
      documentReferenceBindings: documentReferenceBindings.map((binding) =>
        binding.fkColumn === fkColumn ? { ...binding, ...change } : binding,
      ),
    }));

  it.each(dialects)('is found out in %s as in the other', (dialect) => {
    const model = withResource(registryModel(dialect), 'Ed-Fi:Term', () => ({ identityJsonPaths: [path('$.gone')] }));
    expectFault(() => deriveInventory(model), 'IDENTITY_NOT_ON_ROOT', 'Ed-Fi:Term', '$.gone');
  });

  it('is TRG_NO_IDENTITY for a resource without identity paths (case 24)', () => {
    const documents = core([resource('Log', { jsonSchemaForInsert: object({ line: string() }) })]);
    for (const dialect of dialects)
      expectFault(() => deriveInventory(modelOf([documents], dialect)), 'TRG_NO_IDENTITY', 'Ed-Fi:Log');
  });

  it('is IDENTITY_NOT_ON_ROOT for an identity path without a column (case 23)', () => {
    const model = withResource(registryModel(), 'Ed-Fi:Term', ({ identityJsonPaths }) => ({
      identityJsonPaths: [...identityJsonPaths, path('$.gone')],
    }));
    expectFault(() => deriveInventory(model), 'IDENTITY_NOT_ON_ROOT', 'Ed-Fi:Term', '$.gone');
  });

  it('is IDENTITY_NOT_ON_ROOT for an identity path whose column is in a child table', () => {
    const model = withResource(registryModel(), 'Ed-Fi:Person', () => ({ identityJsonPaths: [path('$.addresses[*].city')] }));
    expectFault(() => deriveInventory(model), 'IDENTITY_NOT_ON_ROOT', 'Ed-Fi:Person', '$.addresses[*].city');
  });

  it('is IDENTITY_NOT_ON_ROOT for an identity path whose reference is bound on another table', () => {
    const model = withBinding(registryModel(), 'Ed-Fi:Term', 'Person_DocumentId', {
      table: { schema: 'edfi', name: 'TermPart' },
    });
    expectFault(() => deriveInventory(model), 'IDENTITY_NOT_ON_ROOT', 'Ed-Fi:Term', '$.personReference.personId');
  });

  it('is IDENTITY_NOT_ON_ROOT also when the other table only has the name of the root', () => {
    const model = withBinding(registryModel(), 'Ed-Fi:Term', 'Person_DocumentId', {
      table: { schema: 'sample', name: 'Term' },
    });
    expectFault(() => deriveInventory(model), 'IDENTITY_NOT_ON_ROOT', 'Ed-Fi:Term', '$.personReference.personId');
  });

  it('is IDENTITY_PATH_AMBIGUOUS for an identity path that two references bind', () => {
    const model = withResource(registryModel(), 'Ed-Fi:Term', ({ documentReferenceBindings }) => ({
      documentReferenceBindings: [
        ...documentReferenceBindings,
        ...documentReferenceBindings.map((binding) => ({ ...binding, referenceObjectPath: path('$.otherReference') })),
      ],
    }));
    expectFault(() => deriveInventory(model), 'IDENTITY_PATH_AMBIGUOUS', 'Ed-Fi:Term', '$.personReference.personId');
  });

  it('is none for two identity bindings of one path in one reference', () => {
    const model = withResource(registryModel(), 'Ed-Fi:Term', ({ documentReferenceBindings }) => ({
      documentReferenceBindings: documentReferenceBindings.map((binding) => ({
        ...binding,
        identityBindings: [...binding.identityBindings, ...binding.identityBindings],
      })),
    }));
    expect(elementsOf(deriveInventory(model), 'edfi.Term')).toEqual(elementsOf(deriveInventory(registryModel()), 'edfi.Term'));
  });

  it('is SOURCE_PATH_KINDS for an identity path of columns of different kinds, all named', () => {
    const model = withCopiedColumn(registryModel(), 'edfi.Term', 'Year', { name: 'AYear', kind: 'DescriptorFk' });
    expectFault(
      () => deriveInventory(model),
      'SOURCE_PATH_KINDS',
      'Ed-Fi:Term',
      '$.year',
      'AYear (DescriptorFk)',
      'Year (Scalar)',
    );
  });

  it('is SOURCE_PATH_KINDS for any path that root columns of different kinds share, identity or not', () => {
    const documents = core([keyed('A', 'aId', {}, { note: string() })]);
    const model = withCopiedColumn(modelOf([documents]), 'edfi.A', 'Note', { name: 'Note2', kind: 'DescriptorFk' });
    expectFault(() => deriveInventory(model), 'SOURCE_PATH_KINDS', 'Ed-Fi:A', '$.note', 'Note', 'Note2');
  });

  it('is TRG_IDENTITY_REF_NOT_COMPONENT for an identity path of a reference that is no part of the identity', () => {
    const model = withBinding(registryModel(), 'Ed-Fi:Term', 'Person_DocumentId', { isIdentityComponent: false });
    expectFault(() => deriveInventory(model), 'TRG_IDENTITY_REF_NOT_COMPONENT', 'Ed-Fi:Term', '$.personReference.personId');
  });

  it('is TRG_IDENTITY_TYPE_MISSING for an identity column without a type', () => {
    const model = withColumn(registryModel(), 'edfi.Term', 'Year', { scalarType: null });
    expectFault(() => deriveInventory(model), 'TRG_IDENTITY_TYPE_MISSING', 'Ed-Fi:Term', '$.year', 'Year');
  });

  it('is TRG_IDENTITY_TYPE_MISSING or KU_STORAGE_UNRESOLVED for an identity binding whose column is not in the root table', () => {
    const model = withBinding(registryModel(), 'Ed-Fi:Term', 'Person_DocumentId', {
      identityBindings: [
        {
          identityJsonPath: path('$.personId'),
          referenceJsonPath: path('$.personReference.personId'),
          column: 'Gone',
        },
      ],
    });
    // the reference has a binding for the path, so it is not TRG_IDENTITY_REF_EMPTY; §4 looks up the type before the storage
    const [found] = diagnosticsOf(() => deriveInventory(model));
    expect(['TRG_IDENTITY_TYPE_MISSING', 'KU_STORAGE_UNRESOLVED'], found?.message).toContain(found?.code);
    expect(found?.message).toContain('Gone');
  });

  it.each<[string, string]>([
    ['missing', 'Gone'],
    ['itself an alias', 'Person_PersonId'],
  ])('is KU_STORAGE_UNRESOLVED for an identity alias whose canonical column is %s', (_, canonicalColumn) => {
    const model = withColumn(registryModel(), 'edfi.Enrolment', 'Term_PersonId', {
      storage: { kind: 'UnifiedAlias', canonicalColumn, presenceColumn: 'Term_DocumentId' },
    });
    expectFault(() => deriveInventory(model), 'KU_STORAGE_UNRESOLVED', 'Term_PersonId');
  });

  it('is KU_STORAGE_UNRESOLVED for an abstract column of several columns with a missing canonical one', () => {
    const alias = { kind: 'UnifiedAlias', canonicalColumn: 'Gone', presenceColumn: null } as const;
    const model = withColumn(
      withCopiedColumn(registryModel(), 'edfi.Firm', 'PartyId', { name: 'PartyId2', storage: alias, isWritable: false }),
      'edfi.Firm',
      'PartyId',
      { storage: alias, isWritable: false },
    );
    expectFault(() => deriveInventory(model), 'KU_STORAGE_UNRESOLVED', 'Gone');
  });

  it.each<[string, string, string]>([
    ['another kind', 'DocumentId', 'Ordinal'],
    ['another name', 'Id', 'ParentKeyPart'],
    ['a name that merely ends alike', 'TheDocumentId', 'ParentKeyPart'],
  ])('is TRG_NO_DOCUMENT_ID_KEY for a table whose key has %s', (_, name, kind) => {
    const model = withTable(registryModel(), 'edfi.Term', ({ key }) => ({
      key: { ...key, columns: [{ name, kind: kind as 'ParentKeyPart' }] },
    }));
    expectFault(() => deriveInventory(model), 'TRG_NO_DOCUMENT_ID_KEY', 'edfi.Term');
  });

  it('takes the first key column that fits as the document id', () => {
    const model = withTable(registryModel(), 'edfi.PersonAddress', ({ key }) => ({
      key: {
        ...key,
        columns: [
          { name: 'Ordinal', kind: 'Ordinal' },
          { name: 'Person_DocumentId', kind: 'ParentKeyPart' },
          { name: 'Other_DocumentId', kind: 'ParentKeyPart' },
        ],
      },
    }));
    expect(triggerOf(deriveInventory(model), 'edfi.PersonAddress', 'DocumentStamping').keyColumns).toEqual([
      'Person_DocumentId',
    ]);
  });

  it('is TRG_RESOURCE_MODEL_MISSING for a resource with tables that has none', () => {
    const model = withResource(registryModel(), 'Ed-Fi:Term', () => ({ tablesInDependencyOrder: [] }));
    expectFault(() => deriveInventory(model), 'TRG_RESOURCE_MODEL_MISSING', 'Ed-Fi:Term');
  });

  it('is TRG_RESOURCE_MODEL_MISSING for a numbered concrete resource without a model', () => {
    const model = registryModel();
    const resources = model.resources.filter(({ resourceKey }) => resourceKey.resourceName !== 'Enrolment');
    expect(resources).toHaveLength(model.resources.length - 1);
    expectFault(() => deriveInventory({ ...model, resources }), 'TRG_RESOURCE_MODEL_MISSING', 'Ed-Fi:Enrolment');
  });

  it('is ABSTRACT_SUPERCLASS_UNKNOWN for a superclass without a resource key', () => {
    const model = registryModel();
    const resourceKeys = model.effectiveSchema.resourceKeys.filter(({ resourceName }) => resourceName !== 'Party');
    const changed = { ...model, effectiveSchema: { ...model.effectiveSchema, resourceKeys } };
    expectFault(() => deriveInventory(changed), 'ABSTRACT_SUPERCLASS_UNKNOWN', 'Ed-Fi:Firm', 'Ed-Fi:Party');
  });

  it('is ABSTRACT_RENAME_ARITY for a renamed path and two identity paths, with their number (case 21)', () => {
    const documents = core(
      [
        resource('Person', {
          ...memberOf('Party'),
          identityJsonPaths: ['$.partyId', '$.partId'],
          jsonSchemaForInsert: whole({ partyId: integer(), partId: integer() }),
        }),
      ],
      { Party: { identityJsonPaths: ['$.partyId'] } },
    );
    const model = withResource(modelOf([documents]), 'Ed-Fi:Person', ({ superclass }) => ({
      superclass: superclass && { ...superclass, identityJsonPath: path('$.partyId') },
    }));
    expectFault(() => deriveInventory(model), 'ABSTRACT_RENAME_ARITY', 'Ed-Fi:Person', '2');
  });

  it('is ABSTRACT_COLUMN_MISSING for an abstract column whose path has no root column', () => {
    const model = withColumn(registryModel(), 'edfi.PartyIdentity', 'PartyId', { sourcePath: path('$.gone') });
    expectFault(() => deriveInventory(model), 'ABSTRACT_COLUMN_MISSING', 'Ed-Fi:Firm', '$.gone');
  });

  it('is ABSTRACT_COLUMN_AMBIGUOUS for an abstract column whose path has several stored columns', () => {
    const model = withCopiedColumn(registryModel(), 'edfi.Firm', 'PartyId', { name: 'PartyId2' });
    expectFault(() => deriveInventory(model), 'ABSTRACT_COLUMN_AMBIGUOUS', 'Ed-Fi:Firm', '$.partyId', 'PartyId', 'PartyId2');
  });
});
