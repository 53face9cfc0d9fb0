import {
  abstractResource,
  build,
  diagnosticsOf,
  edFi,
  equal,
  expectDiagnostics,
  extension,
  shortName,
  subclassOf,
  withCopiedColumn,
  withResource,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import {
  association,
  derivedV2,
  identified,
  organizations,
  school,
  secured,
  student,
  toSchool,
  toStudent,
} from '../../test/associations.ts';
import { deriveInventory } from '../index.ts';
import type { TrackedChangeTable } from '../inventory.ts';

const { date, descriptor, descriptorPath, ext, extensionOf, integer, object, resource, string, uri } = build;

const trackedTables = (documents: readonly build.JsonRecord[], dialect: 'pgsql' | 'mssql' = 'mssql') =>
  derivedV2(documents, { dialect }).inventory.trackedChangeTables;

function trackedTable(documents: readonly build.JsonRecord[], name: string): TrackedChangeTable {
  const found = trackedTables(documents).find(({ table }) => `${table.schema}.${table.name}` === name);
  if (!found) throw new Error(`no table ${name}`);
  return found;
}

const typeText = ({ kind, maxLength }: { kind: string; maxLength: number | null }) =>
  maxLength === null ? kind : `${kind}(${maxLength})`;

/** The values of a tracked-change table as lines: old name, type, nullability, path, role, origins, further members. */
const valueLines = ({ valueColumns }: TrackedChangeTable) =>
  valueColumns.map((value) => {
    const more = [
      value.canonicalStorageColumn === null ? [] : [`canonical ${value.canonicalStorageColumn}`],
      value.descriptorJoinName === null ? [] : [`descriptor join ${value.descriptorJoinName}`],
      value.personJoinName === null ? [] : [`person join ${value.personJoinName}`],
    ].flat();
    const facts = [
      value.oldColumn,
      typeText(value.scalarType),
      value.isOldColumnNullable ? 'NULL' : 'NOT NULL',
      value.sourceJsonPath.canonical,
      value.role,
      value.origins.join('+'),
    ];
    expect(value.newColumn).toBe(value.oldColumn.replace('Old', 'New'));
    expect(value.isNewColumnNullable).toBe(true);
    return [...facts, ...more].join(' ');
  });

const schoolId = '$.schoolReference.schoolId';
const studentId = '$.studentReference.studentUniqueId';

const kindDescriptor = descriptor('KindDescriptor');

/** A visit with a value of every kind in its identity. */
const visit = (members: build.JsonRecord = {}, more: Partial<Parameters<typeof association>[1]> = {}) =>
  association('Visit', {
    values: { '$.beginDate': date(), '$.namespace': string(80), '$.rooms[*].roomCode': string() },
    references: { School: toSchool(), Student: toStudent() },
    descriptors: { Kind: ['$.kindDescriptor', 'Ed-Fi:KindDescriptor'] },
    identity: [schoolId, '$.kindDescriptor', '$.beginDate'],
    members,
    ...more,
  });

const withVisit = (members: build.JsonRecord = {}, more: Partial<Parameters<typeof association>[1]> = {}) => [
  edFi([kindDescriptor, school, student, visit(members, more)]),
];

describe('the values of a tracked-change table (design 15a §4)', () => {
  it('are those of the identity in order, a descriptor as namespace and code', () => {
    expect(valueLines(trackedTable(withVisit(), 'tracked_changes_edfi.Visit'))).toEqual([
      'OldSchool_SchoolId String(60) NOT NULL $.schoolReference.schoolId Scalar Identity',
      'OldKindDescriptor_Namespace String(255) NOT NULL $.kindDescriptor DescriptorNamespace Identity descriptor join KindDescriptor',
      'OldKindDescriptor_CodeValue String(50) NOT NULL $.kindDescriptor DescriptorCodeValue Identity descriptor join KindDescriptor',
      'OldBeginDate Date NOT NULL $.beginDate Scalar Identity',
    ]);
  });

  it('are followed by securable organizations and namespaces; a path that is both has both origins', () => {
    const elements = { Namespace: ['$.namespace'], EducationOrganization: organizations(schoolId) };
    expect(valueLines(trackedTable(withVisit(secured(elements)), 'tracked_changes_edfi.Visit'))).toEqual([
      'OldSchool_SchoolId String(60) NOT NULL $.schoolReference.schoolId Scalar Identity+SecurableElement',
      'OldKindDescriptor_Namespace String(255) NOT NULL $.kindDescriptor DescriptorNamespace Identity descriptor join KindDescriptor',
      'OldKindDescriptor_CodeValue String(50) NOT NULL $.kindDescriptor DescriptorCodeValue Identity descriptor join KindDescriptor',
      'OldBeginDate Date NOT NULL $.beginDate Scalar Identity',
      'OldNamespace String(80) NULL $.namespace Scalar SecurableElement',
    ]);
  });

  it('have those of people last, with the joins that lead to them', () => {
    const tracked = trackedTable(withVisit(secured({ Student: [studentId] })), 'tracked_changes_edfi.Visit');
    expect(valueLines(tracked).at(-1)).toBe(
      'OldStudent_DocumentId Int64 NOT NULL $.studentReference.studentUniqueId PersonDocumentId SecurableElement person join Student',
    );
    expect(tracked.personJoins).toEqual([
      {
        name: 'Student',
        personKind: 'Student',
        joinPath: [
          {
            sourceTable: { schema: 'edfi', name: 'Visit' },
            sourceColumn: 'Student_DocumentId',
            targetTable: { schema: 'edfi', name: 'Student' },
            targetColumn: 'DocumentId',
          },
        ],
      },
    ]);
  });

  it('of a longer way are named by its steps, and nullable where a step is', () => {
    const plain = association('Visit', {
      values: { '$.beginDate': string(10) },
      references: { School: toSchool(), Student: toStudent() },
      identity: [schoolId, '$.beginDate'],
      members: secured({ Student: [studentId] }),
    });
    const note = association('Note', {
      values: { '$.noteId': string() },
      references: {
        Visit: {
          to: 'Ed-Fi:Visit',
          pairs: {
            '$.schoolReference.schoolId': '$.visitReference.schoolId',
            '$.beginDate': '$.visitReference.beginDate',
          },
          isOptional: true,
        },
      },
      identity: ['$.noteId'],
      members: secured({ Student: ['$.visitReference.schoolId'] }),
    });
    const tracked = trackedTable([edFi([school, student, plain, note])], 'tracked_changes_edfi.Note');
    expect(valueLines(tracked)).toEqual([
      'OldNoteId String(60) NOT NULL $.noteId Scalar Identity',
      'OldVisit_Student_DocumentId Int64 NULL $.visitReference.schoolId PersonDocumentId SecurableElement person join Visit_Student',
    ]);
    expect(
      tracked.personJoins.map(({ name, joinPath }) => [name, joinPath.map(({ sourceColumn }) => sourceColumn)]),
    ).toEqual([['Visit_Student', ['Visit_DocumentId', 'Student_DocumentId']]]);
  });

  it('of the own id of a person are the document itself, without a join', () => {
    const own = identified('Student', 'studentUniqueId', secured({ Student: ['$.studentUniqueId'] }));
    const tracked = trackedTable([edFi([own])], 'tracked_changes_edfi.Student');
    expect(valueLines(tracked)).toEqual([
      'OldStudentUniqueId String(60) NOT NULL $.studentUniqueId Scalar Identity',
      'OldStudent_DocumentId Int64 NOT NULL $.studentUniqueId PersonDocumentId SecurableElement canonical DocumentId',
    ]);
    expect(tracked.personJoins).toEqual([]);
  });

  it('leave out what lies in an array (case 7)', () => {
    const elements = { EducationOrganization: organizations('$.rooms[*].roomCode'), Student: ['$.rooms[*].roomCode'] };
    expect(valueLines(trackedTable(withVisit(secured(elements)), 'tracked_changes_edfi.Visit'))).toHaveLength(4);
  });

  it('of two unified paths are one pair, with the canonical column (case 10)', () => {
    const identity = [schoolId, '$.homeReference.schoolId', '$.beginDate'];
    const references = { School: toSchool(), Home: toSchool('$.homeReference') };
    const members = { equalityConstraints: [equal(schoolId, '$.homeReference.schoolId')] };
    const documents = withVisit(members, { references, identity, descriptors: {} });
    expect(valueLines(trackedTable(documents, 'tracked_changes_edfi.Visit'))).toEqual([
      'OldSchoolId_Unified String(60) NOT NULL $.schoolReference.schoolId Scalar Identity canonical SchoolId_Unified',
      'OldBeginDate Date NOT NULL $.beginDate Scalar Identity',
    ]);
  });

  it('that share a name keep the path of the first, and unite origins and nullability', () => {
    const members = {
      equalityConstraints: [equal(schoolId, '$.homeReference.schoolId')],
      ...secured({ EducationOrganization: organizations('$.homeReference.schoolId') }),
    };
    const references = { School: toSchool(), Home: { ...toSchool('$.homeReference'), isOptional: true } };
    const documents = withVisit(members, { references, identity: [schoolId, '$.beginDate'], descriptors: {} });
    expect(valueLines(trackedTable(documents, 'tracked_changes_edfi.Visit'))[0]).toBe(
      'OldSchoolId_Unified String(60) NOT NULL $.schoolReference.schoolId Scalar Identity+SecurableElement canonical SchoolId_Unified',
    );
  });

  it('of a descriptor in a reference are named by the column of the reference, and read from it', () => {
    const kind = association('Kind', {
      values: { '$.kindCode': string() },
      descriptors: { Kind: ['$.kindDescriptor', 'Ed-Fi:KindDescriptor'] },
      identity: ['$.kindDescriptor', '$.kindCode'],
    });
    const user = association('User', {
      values: { '$.userId': string() },
      references: {
        Kind: {
          to: 'Ed-Fi:Kind',
          pairs: { '$.kindDescriptor': '$.kindReference.kindDescriptor', '$.kindCode': '$.kindReference.kindCode' },
        },
      },
      identity: ['$.kindReference.kindDescriptor', '$.kindReference.kindCode', '$.userId'],
    });
    const tracked = trackedTable([edFi([kindDescriptor, kind, user])], 'tracked_changes_edfi.User');
    expect(valueLines(tracked).slice(0, 2)).toEqual([
      'OldKind_KindDescriptor_Namespace String(255) NOT NULL $.kindReference.kindDescriptor DescriptorNamespace Identity descriptor join Kind_KindDescriptor',
      'OldKind_KindDescriptor_CodeValue String(50) NOT NULL $.kindReference.kindDescriptor DescriptorCodeValue Identity descriptor join Kind_KindDescriptor',
    ]);
    expect(tracked.descriptorJoins).toEqual([
      {
        name: 'Kind_KindDescriptor',
        sourceColumn: 'Kind_KindDescriptor_DescriptorId',
        descriptorResource: { projectName: 'Ed-Fi', resourceName: 'KindDescriptor' },
      },
    ]);
  });

  it('of a descriptor that is an alias are read from the alias', () => {
    const members = { equalityConstraints: [equal('$.kindDescriptor', '$.otherKindDescriptor')] };
    const descriptors = {
      Kind: ['$.kindDescriptor', 'Ed-Fi:KindDescriptor'],
      Other: ['$.otherKindDescriptor', 'Ed-Fi:KindDescriptor'],
    } as const;
    const tracked = trackedTable(withVisit(members, { descriptors }), 'tracked_changes_edfi.Visit');
    expect(tracked.descriptorJoins.map(({ name, sourceColumn }) => [name, sourceColumn])).toEqual([
      ['KindDescriptor', 'KindDescriptor_DescriptorId'],
    ]);
  });
});

describe('the tables of tracked changes', () => {
  it('are one per resource in a schema of its own, by schema and name, with the columns of all', () => {
    const lamp = association('Lamp', { values: { '$.lampId': string() }, identity: ['$.lampId'] });
    const documents = [...withVisit(), extension([lamp])];
    const tables = trackedTables(documents);
    expect(
      tables.map(({ table, kind, sourceTable }) => [
        `${table.schema}.${table.name}`,
        kind,
        `${sourceTable.schema}.${sourceTable.name}`,
      ]),
    ).toEqual([
      ['tracked_changes_edfi.Descriptor', 'SharedDescriptor', 'dms.Descriptor'],
      ['tracked_changes_edfi.School', 'Resource', 'edfi.School'],
      ['tracked_changes_edfi.Student', 'Resource', 'edfi.Student'],
      ['tracked_changes_edfi.Visit', 'Resource', 'edfi.Visit'],
      ['tracked_changes_sample.Lamp', 'Resource', 'sample.Lamp'],
    ]);
    const own = tables.find(({ table }) => table.name === 'Lamp');
    expect([own?.primaryKeyName, own?.createdAtDefaultName]).toEqual([
      'PK_tracked_changes_sample_Lamp',
      'DF_tracked_changes_sample_Lamp_CreatedAt',
    ]);
    const systemColumns = own?.systemColumns.map(({ role, column, scalarType, isPrimaryKey }) => [
      role,
      column,
      scalarType && typeText(scalarType),
      isPrimaryKey,
    ]);
    expect(systemColumns).toEqual([
      ['Id', 'Id', null, false],
      ['ChangeVersion', 'ChangeVersion', 'Int64', true],
      ['CreatedAt', 'CreatedAt', 'DateTime', false],
    ]);
  });

  it('have constraints whose names are made of the shortened name of the table', () => {
    const name = 'RecordOfTheReasonWhyTheStudentLeftTheOrganizationBeforeTheEndOfTheYear';
    const record = association(name, { values: { '$.recordId': string() }, identity: ['$.recordId'] });
    const [tracked] = trackedTables([edFi([record])], 'pgsql').filter(
      ({ sourceTable }) => sourceTable.name === shortName(name),
    );
    expect(tracked?.table.name).toBe(shortName(name));
    expect(tracked?.primaryKeyName).toBe(shortName(`PK_tracked_changes_edfi_${shortName(name)}`));
    expect(tracked?.createdAtDefaultName).toBe(shortName(`DF_tracked_changes_edfi_${shortName(name)}_CreatedAt`));
  });

  it('say which resources are members of an abstract one', () => {
    const documents = [
      edFi(
        [
          resource('Hall', {
            ...subclassOf('Ed-Fi:Place', '$.placeId'),
            identityJsonPaths: ['$.hallId'],
            jsonSchemaForInsert: object({ hallId: integer() }, ['hallId']),
          }),
          school,
        ],
        { abstractResources: { Place: abstractResource(['$.placeId']) } },
      ),
    ];
    expect(trackedTables(documents).map(({ table, kind }) => [table.name, kind])).toEqual([
      ['Hall', 'ConcreteAbstract'],
      ['School', 'Resource'],
    ]);
  });

  it('have one for all descriptors, in the schema of the first of the core', () => {
    const schema = object({ namespace: string(40), codeValue: string(7), shortDescription: string(75) }, [
      'namespace',
      'codeValue',
      'shortDescription',
    ]);
    const own = descriptor('AlphaDescriptor', { jsonSchemaForInsert: schema });
    // Alpha of the extension is the first of all descriptors, Kind the first of the core
    const documents = [edFi([kindDescriptor]), extension([own], 'Alpha')];
    const [tracked] = trackedTables(documents);
    expect(tracked?.table).toEqual({ schema: 'tracked_changes_edfi', name: 'Descriptor' });
    expect(valueLines(tracked as TrackedChangeTable)).toEqual([
      'OldNamespace String(40) NOT NULL $.namespace Scalar Identity',
      'OldCodeValue String(7) NOT NULL $.codeValue Scalar Identity',
    ]);
    expect(tracked?.systemColumns.map(({ role, scalarType }) => [role, scalarType && typeText(scalarType)])).toEqual([
      ['Discriminator', 'String(128)'],
      ['Id', null],
      ['ChangeVersion', 'Int64'],
      ['CreatedAt', 'DateTime'],
    ]);
    expect(trackedTables([edFi([]), extension([own], 'Alpha')])[0]?.table.schema).toBe('tracked_changes_alpha');
  });

  it('say that the namespace of a descriptor is securable where any is', () => {
    const documents = [edFi([kindDescriptor, descriptor('TermDescriptor', secured({ Namespace: ['$.namespace'] }))])];
    expect(valueLines(trackedTables(documents)[0] as TrackedChangeTable)).toEqual([
      'OldNamespace String(255) NOT NULL $.namespace Scalar Identity+SecurableElement',
      'OldCodeValue String(50) NOT NULL $.codeValue Scalar Identity',
    ]);
  });

  it('have names that are cut one by one; those of joins are not', () => {
    const long = 'ReasonWhyTheStudentLeftTheEducationOrganizationBeforeTheEnd';
    const property = `${long.charAt(0).toLowerCase()}${long.slice(1)}Descriptor`;
    const resourceOf = association('Visit', {
      values: { '$.visitId': string() },
      descriptors: { Reason: [`$.${property}`, 'Ed-Fi:KindDescriptor'] },
      identity: ['$.visitId', `$.${property}`],
    });
    const [, tracked] = trackedTables([edFi([kindDescriptor, resourceOf])], 'pgsql');
    const full = `${long}Descriptor`;
    expect(tracked?.valueColumns.slice(1).map(({ oldColumn, newColumn }) => [oldColumn, newColumn])).toEqual([
      [shortName(`Old${full}_Namespace`), shortName(`New${full}_Namespace`)],
      [shortName(`Old${full}_CodeValue`), shortName(`New${full}_CodeValue`)],
    ]);
    expect(tracked?.descriptorJoins.map(({ name }) => name)).toEqual([full]);
    expect(tracked?.descriptorJoins[0]?.sourceColumn).toBe(shortName(`${full}_DescriptorId`));
  });
});

describe('names that clash', () => {
  it('of the table of descriptors and a resource', () => {
    const documents = [edFi([kindDescriptor, identified('Descriptor', 'descriptorId')])];
    expectDiagnostics(() => trackedTables(documents), {
      code: 'NAME_INVENTORY_DUPLICATE',
      names: ['tracked_changes_edfi.Descriptor'],
    });
  });

  it('of a join to a descriptor and one to a person', () => {
    const documents = withVisit(secured({ Student: [studentId] }), {
      descriptors: { StudentKind: ['$.student', 'Ed-Fi:KindDescriptor'] },
      identity: [schoolId, '$.student', '$.beginDate'],
    });
    expectDiagnostics(() => trackedTables(documents), {
      code: 'NAME_INVENTORY_DUPLICATE',
      names: ['tracked_changes_edfi.Visit.Student'],
    });
  });
});

describe('paths that lead nowhere', () => {
  it('are TRACKED_PATH_UNRESOLVED, all of a resource together, sorted', () => {
    const elements = { EducationOrganization: organizations('$.zoo', '$.beginDate'), Namespace: ['$.alpha'] };
    const documents = withVisit(secured(elements));
    expectDiagnostics(() => trackedTables(documents), {
      code: 'TRACKED_PATH_UNRESOLVED',
      resource: 'Ed-Fi:Visit',
      names: [['$.alpha', '$.zoo']],
    });
    const [fault] = diagnosticsOf(() => trackedTables(documents));
    expect([fault?.details, fault?.where]).toEqual([
      { paths: ['$.alpha', '$.zoo'] },
      { resource: 'Ed-Fi:Visit', path: '$.alpha' },
    ]);
  });

  it.each([
    ['a text', 'code', { jsonSchemaForInsert: object({ _ext: ext('sample', object({ code: string(20) })) }) }],
    [
      'a descriptor',
      'kindDescriptor',
      {
        documentPathsMapping: { Kind: descriptorPath('Ed-Fi:KindDescriptor', '$._ext.sample.kindDescriptor') },
        jsonSchemaForInsert: object({ _ext: ext('sample', object({ kindDescriptor: uri() })) }),
      },
    ],
  ])('are those to %s of an extension, whose table is not the root', (_title, name, members) => {
    const path = `$._ext.sample.${name}`;
    const documents = [...withVisit(secured({ Namespace: [path] })), extension([extensionOf('Visit', members)])];
    expectDiagnostics(() => trackedTables(documents), {
      code: 'TRACKED_PATH_UNRESOLVED',
      resource: 'Ed-Fi:Visit',
      names: [path],
    });
    const [fault] = diagnosticsOf(() => trackedTables(documents));
    expect(fault?.message).toContain('because no column of its root table holds them');
  });

  it('to people are SECURABLE_PATH_UNRESOLVED, beside those of other resources', () => {
    const lamp = association('Lamp', {
      values: { '$.lampId': string() },
      identity: ['$.lampId'],
      members: secured({ Namespace: ['$.nowhere'] }),
    });
    const documents = [edFi([kindDescriptor, school, student, visit(secured({ Staff: ['$.beginDate'] })), lamp])];
    expectDiagnostics(
      () => trackedTables(documents),
      { code: 'TRACKED_PATH_UNRESOLVED', resource: 'Ed-Fi:Lamp', names: ['$.nowhere'] },
      { code: 'SECURABLE_PATH_UNRESOLVED', resource: 'Ed-Fi:Visit', names: ['$.beginDate'] },
    );
  });

  it('two of one name to people are TRACKED_JOIN_CONFLICT', () => {
    const record = association('Record', {
      values: { '$.recordId': string() },
      references: { Student: toStudent() },
      identity: ['$.recordId'],
      members: secured({ Student: [studentId] }),
    });
    const note = association('Note', {
      values: { '$.noteId': string() },
      references: {
        Record: { to: 'Ed-Fi:Record', pairs: { '$.recordId': '$.recordReference.recordId' } },
        Direct: toStudent('$.directReference'),
      },
      identity: ['$.noteId'],
      members: secured({ Student: ['$.recordReference.recordId', '$.directReference.studentUniqueId'] }),
    });
    const { model } = derivedV2([edFi([student, record, note])]);
    expect(deriveInventory(model, { strict: false }).trackedChangeTables).toHaveLength(3);
    // derivation makes no such column, but a model file may contain it
    const direct = 'Direct_DocumentId';
    const renamed = 'Record_Student_DocumentId';
    const withColumn = withCopiedColumn(model, 'edfi.Note', direct, { name: renamed });
    const changed = withResource(withColumn, 'Ed-Fi:Note', ({ documentReferenceBindings }) => ({
      documentReferenceBindings: documentReferenceBindings.map((binding) =>
        binding.fkColumn === direct ? { ...binding, fkColumn: renamed } : binding,
      ),
    }));
    const way = 'edfi.Note.Record_Student_DocumentId -> edfi.Student';
    const longWay = 'edfi.Note.Record_DocumentId -> edfi.Record, edfi.Record.Student_DocumentId -> edfi.Student';
    expectDiagnostics(() => deriveInventory(changed, { strict: false }), {
      code: 'TRACKED_JOIN_CONFLICT',
      resource: 'Ed-Fi:Note',
      names: ['Record_Student', [longWay, way]],
    });
    const [fault] = diagnosticsOf(() => deriveInventory(changed, { strict: false }));
    expect(fault?.details).toEqual({ name: 'Record_Student', chains: [longWay, way] });
  });
});
