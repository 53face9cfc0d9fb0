import { dialects } from '@dms/sql';
import {
  build,
  diagnosticsOf,
  edFi,
  equal,
  expectDiagnostics,
  extension,
  numbered,
  withColumn,
  withCopiedColumn,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import {
  association,
  authorizationLines,
  contact,
  derivedV2,
  identified,
  organizations,
  school,
  secured,
  staff,
  student,
  toSchool,
  toStudent,
} from '../../test/associations.ts';
import { deriveInventory } from '../index.ts';

const { array, descriptor, ext, extensionOf, object, string } = build;

const lines = (documents: readonly build.JsonRecord[], strict = false) =>
  authorizationLines(derivedV2(documents, { dialect: 'mssql', strict }).inventory);

const schoolId = '$.schoolReference.schoolId';
const studentId = '$.studentReference.studentUniqueId';

/** A visit of a student to a school; identified by a number, so that no key begins with a reference. */
const visit = (members: build.JsonRecord = {}) =>
  association('Visit', {
    values: { '$.visitId': string(), '$.namespace': string(), '$.rooms[*].namespace': string() },
    references: { School: toSchool(), Student: toStudent() },
    identity: ['$.visitId'],
    members: { arrayUniquenessConstraints: [['$.rooms[*].namespace']], ...members },
  });

const studentSchool = (members: build.JsonRecord = {}) =>
  association('StudentSchoolAssociation', {
    values: { '$.entryDate': build.date() },
    references: {
      School: toSchool(),
      Student: toStudent(),
      NextSchool: { ...toSchool('$.nextSchoolReference'), isOptional: true },
    },
    identity: ['$.entryDate', schoolId, studentId],
    members: { equalityConstraints: [equal(schoolId, '$.nextSchoolReference.schoolId')], ...members },
  });

const studentContact = association('StudentContactAssociation', {
  references: {
    Student: toStudent(),
    Contact: { to: 'Ed-Fi:Contact', pairs: { '$.contactUniqueId': '$.contactReference.contactUniqueId' } },
  },
  identity: [studentId, '$.contactReference.contactUniqueId'],
});

describe('the indexes of primary associations (design 15a §1 step 1)', () => {
  it('have the column that is looked up, and carry the person along', () => {
    expect(lines([edFi([school, student, contact, studentSchool(), studentContact])], true)).toEqual([
      'edfi.StudentContactAssociation IX_StudentContactAssociation_Student_DocumentId_Auth (Student_DocumentId) include (Contact_DocumentId)',
      'edfi.StudentSchoolAssociation IX_StudentSchoolAssociation_SchoolId_Unified_Auth (SchoolId_Unified) include (Student_DocumentId)',
    ]);
  });

  it.each([
    ['StaffEducationOrganizationAssignmentAssociation', 'Staff', 'Staff_DocumentId'],
    ['StaffEducationOrganizationEmploymentAssociation', 'Staff', 'Staff_DocumentId'],
    ['StudentEducationOrganizationResponsibilityAssociation', 'Student', 'Student_DocumentId'],
  ])('%s is looked up by its organization', (name, person, include) => {
    const id = `${person.toLowerCase()}UniqueId`;
    const organization = {
      to: 'Ed-Fi:EducationOrganization',
      pairs: { '$.educationOrganizationId': '$.educationOrganizationReference.educationOrganizationId' },
    };
    const resource = association(name, {
      values: { '$.beginDate': build.date() },
      references: {
        EducationOrganization: organization,
        [person]: { to: `Ed-Fi:${person}`, pairs: { [`$.${id}`]: `$.${person.toLowerCase()}Reference.${id}` } },
      },
      identity: ['$.beginDate'],
    });
    const key = 'EducationOrganization_EducationOrganizationId';
    const documents = [
      edFi([staff, student, identified('EducationOrganization', 'educationOrganizationId'), resource]),
    ];
    expect(lines(documents, true)).toEqual([`edfi.${name} IX_${name}_${key}_Auth (${key}) include (${include})`]);
  });

  it('are on stored columns where a column is an alias', () => {
    const resource = association('StudentContactAssociation', {
      values: { '$.copy': string() },
      references: {
        Student: toStudent(),
        Contact: { to: 'Ed-Fi:Contact', pairs: { '$.contactUniqueId': '$.contactReference.contactUniqueId' } },
      },
      identity: ['$.copy'],
    });
    const association2 = association('StaffEducationOrganizationEmploymentAssociation', {
      values: { '$.hireDate': build.date(), '$.organizationCode': string() },
      references: {
        EducationOrganization: {
          to: 'Ed-Fi:EducationOrganization',
          pairs: { '$.educationOrganizationId': '$.educationOrganizationReference.educationOrganizationId' },
        },
        Staff: { to: 'Ed-Fi:Staff', pairs: { '$.staffUniqueId': '$.staffReference.staffUniqueId' } },
      },
      identity: ['$.hireDate'],
      members: {
        equalityConstraints: [equal('$.organizationCode', '$.educationOrganizationReference.educationOrganizationId')],
      },
    });
    const documents = [
      edFi([
        staff,
        student,
        contact,
        identified('EducationOrganization', 'educationOrganizationId'),
        resource,
        association2,
      ]),
    ];
    expect(lines(documents, true).filter((line) => line.includes('Staff'))).toEqual([
      'edfi.StaffEducationOrganizationEmploymentAssociation IX_StaffEducationOrganizationEmploymentAssociation_EducationOrganizationId_Unified_Auth (EducationOrganizationId_Unified) include (Staff_DocumentId)',
    ]);
  });

  it('are those of the core project, whose name may be written in any case (case 2)', () => {
    const resources = [
      association('StudentContactAssociation', {
        references: {
          Student: toStudent('$.studentReference', 'ed-fi:Student'),
          Contact: { to: 'ed-fi:Contact', pairs: { '$.contactUniqueId': '$.contactReference.contactUniqueId' } },
        },
        identity: [studentId],
      }),
    ];
    const lower = build.project('ed-fi', [student, contact, ...resources]);
    const expected = [
      'edfi.StudentContactAssociation IX_StudentContactAssociation_Student_DocumentId_Auth (Student_DocumentId) include (Contact_DocumentId)',
    ];
    expect(lines([lower], true)).toEqual(expected);
    const renamed = JSON.parse(JSON.stringify(lower).replaceAll('"ed-fi"', '"other"'));
    expect(lines([renamed], true)).toEqual([]);
  });

  it('are demanded in strict mode alone', () => {
    const plain = association('StudentSchoolAssociation', {
      references: { School: toSchool(), Student: toStudent() },
      identity: [schoolId, studentId],
    });
    const documents = [edFi([school, student, plain])];
    expect(lines(documents)).toEqual([]);
    expectDiagnostics(() => lines(documents, true), {
      code: 'AUTH_ASSOCIATION_COLUMN_MISSING',
      resource: 'Ed-Fi:StudentSchoolAssociation',
      names: ['edfi.StudentSchoolAssociation', 'SchoolId_Unified'],
    });
    expect(diagnosticsOf(() => lines(documents, true))[0]?.details).toEqual({
      table: 'edfi.StudentSchoolAssociation',
      columns: ['SchoolId_Unified', 'Student_DocumentId'],
      missing: ['SchoolId_Unified'],
    });
  });
});

describe('the indexes of securable paths (design 15a §1 step 2)', () => {
  const withVisit = (elements: build.JsonRecord, more: readonly build.BuiltResource[] = []) => [
    edFi([school, student, visit(secured(elements)), ...more]),
  ];

  it('are on the columns of values and of references, without included columns', () => {
    const documents = withVisit({ EducationOrganization: organizations(schoolId), Namespace: ['$.namespace'] });
    expect(lines(documents)).toEqual([
      'edfi.Visit IX_Visit_Namespace_Auth (Namespace)',
      'edfi.Visit IX_Visit_School_SchoolId_Auth (School_SchoolId)',
    ]);
  });

  it('are not unique, and listed as authorization in both dialects', () => {
    for (const dialect of dialects) {
      const { indexes } = derivedV2(withVisit({ Namespace: ['$.namespace'] }), { dialect }).inventory;
      expect(indexes.filter(({ kind }) => kind === 'Authorization')).toEqual([
        {
          name: 'IX_Visit_Namespace_Auth',
          table: { schema: 'edfi', name: 'Visit' },
          kind: 'Authorization',
          isUnique: false,
          keyColumns: ['Namespace'],
          includeColumns: [],
        },
      ]);
    }
  });

  it('of a path in an array are on the table of the collection (case 7)', () => {
    expect(lines(withVisit({ Namespace: ['$.rooms[*].namespace'] }))).toEqual([
      'edfi.VisitRoom IX_VisitRoom_Namespace_Auth (Namespace)',
    ]);
  });

  it('of a path in an array of an extension are on its table', () => {
    const guests = array(object({ owner: string() }, ['owner']));
    const extended = extensionOf('Visit', { jsonSchemaForInsert: object({ _ext: ext('sample', object({ guests })) }) });
    const documents = [...withVisit({ Namespace: ['$._ext.sample.guests[*].owner'] }), extension([extended])];
    expect(lines(documents)).toEqual(['sample.VisitExtensionGuest IX_VisitExtensionGuest_Owner_Auth (Owner)']);
  });

  it('are on the stored column of an alias, once for paths that share it', () => {
    const resource = visit({
      ...secured({ EducationOrganization: organizations(schoolId, '$.namespace') }),
      equalityConstraints: [equal(schoolId, '$.namespace')],
    });
    expect(lines([edFi([school, student, resource])])).toEqual([
      'edfi.Visit IX_Visit_Namespace_Unified_Auth (Namespace_Unified)',
    ]);
  });

  it('are left out where a primary or unique key begins with the column, not where a foreign key does', () => {
    const leading = association('Stay', {
      values: { '$.stayId': string(), '$.namespace': string() },
      references: { School: toSchool() },
      identity: ['$.namespace', '$.stayId'],
      members: secured({ EducationOrganization: organizations(schoolId), Namespace: ['$.namespace'] }),
    });
    // the support index of the foreign key begins with the same column
    expect(lines([edFi([school, leading])])).toEqual(['edfi.Stay IX_Stay_School_SchoolId_Auth (School_SchoolId)']);
  });

  it('are one with that of a primary association, which keeps what it carries along (case 5)', () => {
    const documents = [
      edFi([school, student, studentSchool(secured({ EducationOrganization: organizations(schoolId) }))]),
    ];
    expect(lines(documents, true)).toEqual([
      'edfi.StudentSchoolAssociation IX_StudentSchoolAssociation_SchoolId_Unified_Auth (SchoolId_Unified) include (Student_DocumentId)',
    ]);
  });

  it('of descriptors are one index of their shared table', () => {
    const own = secured({ Namespace: ['$.namespace'] });
    const documents = [edFi([descriptor('KindDescriptor', own), descriptor('TermDescriptor', own)])];
    expect(lines(documents)).toEqual(['dms.Descriptor IX_Descriptor_Namespace_Auth (Namespace)']);
  });

  it('need paths that exist; all that do not are named with their resource (case 8)', () => {
    const documents = [
      edFi([
        descriptor('KindDescriptor', secured({ Namespace: ['$.lost'] })),
        school,
        student,
        visit(
          secured({ EducationOrganization: organizations('$.rooms[*].nowhere', schoolId), Namespace: ['$.a[*].b'] }),
        ),
      ]),
    ];
    expectDiagnostics(
      () => lines(documents),
      { code: 'SECURABLE_PATH_UNRESOLVED', resource: 'Ed-Fi:KindDescriptor', names: ['$.lost'] },
      { code: 'SECURABLE_PATH_UNRESOLVED', resource: 'Ed-Fi:Visit', names: [['$.a[*].b', '$.rooms[*].nowhere']] },
    );
    expect(diagnosticsOf(() => lines(documents))[1]?.details).toEqual({ paths: ['$.a[*].b', '$.rooms[*].nowhere'] });
  });

  it('outside arrays are missed by tracked changes already', () => {
    expectDiagnostics(
      () => lines(withVisit({ EducationOrganization: organizations('$.nowhere'), Namespace: ['$.alsoNowhere'] })),
      {
        code: 'TRACKED_PATH_UNRESOLVED',
        resource: 'Ed-Fi:Visit',
        names: [['$.alsoNowhere', '$.nowhere']],
      },
    );
  });
});

describe('the indexes of joins to people (design 15a §1 step 3)', () => {
  it('carry the document id of the row along', () => {
    expect(lines([edFi([school, student, visit(secured({ Student: [studentId] }))])])).toEqual([
      'edfi.Visit IX_Visit_Student_DocumentId_Auth (Student_DocumentId) include (DocumentId)',
    ]);
  });

  it('are on the column of every step, one for all ways that share it (case 4)', () => {
    const follow = (name: string) =>
      association(name, {
        values: { '$.code': string() },
        references: { Visit: { to: 'Ed-Fi:Visit', pairs: { '$.visitId': '$.visitReference.visitId' } } },
        identity: ['$.code'],
        members: secured({ Student: ['$.visitReference.visitId'] }),
      });
    const documents = [
      edFi([school, student, visit(secured({ Student: [studentId] })), follow('Note'), follow('Photo')]),
    ];
    expect(lines(documents)).toEqual([
      'edfi.Note IX_Note_Visit_DocumentId_Auth (Visit_DocumentId) include (DocumentId)',
      'edfi.Photo IX_Photo_Visit_DocumentId_Auth (Visit_DocumentId) include (DocumentId)',
      'edfi.Visit IX_Visit_Student_DocumentId_Auth (Student_DocumentId) include (DocumentId)',
    ]);
  });

  it('add to what an index carries along already, in order', () => {
    const secureContact = association('StudentContactAssociation', {
      references: {
        Student: toStudent(),
        Contact: { to: 'Ed-Fi:Contact', pairs: { '$.contactUniqueId': '$.contactReference.contactUniqueId' } },
      },
      identity: [studentId],
      members: secured({ Student: [studentId], Contact: ['$.contactReference.contactUniqueId'] }),
    });
    expect(lines([edFi([student, contact, secureContact])], true)).toEqual([
      'edfi.StudentContactAssociation IX_StudentContactAssociation_Contact_DocumentId_Auth (Contact_DocumentId) include (DocumentId)',
      'edfi.StudentContactAssociation IX_StudentContactAssociation_Student_DocumentId_Auth (Student_DocumentId) include (Contact_DocumentId, DocumentId)',
    ]);
  });

  it('are made although a unique key begins with the column (case 6)', () => {
    const stay = association('Stay', {
      references: { Student: toStudent() },
      identity: [studentId],
      members: secured({ Student: [studentId] }),
    });
    const { inventory } = derivedV2([edFi([student, stay])]);
    expect(inventory.indexes.find(({ name }) => name === 'UX_Stay_NK')?.keyColumns).toEqual(['Student_DocumentId']);
    expect(authorizationLines(inventory)).toEqual([
      'edfi.Stay IX_Stay_Student_DocumentId_Auth (Student_DocumentId) include (DocumentId)',
    ]);
  });

  it('are none for the own id of a person, and for paths in arrays', () => {
    const own = identified('Student', 'studentUniqueId', secured({ Student: ['$.studentUniqueId'] }));
    const trip = association('Trip', {
      values: { '$.tripId': string() },
      references: { Student: toStudent('$.guests[*].studentReference') },
      identity: ['$.tripId'],
      members: secured({ Student: ['$.guests[*].studentReference.studentUniqueId'] }),
    });
    expect(lines([edFi([own, trip])])).toEqual([]);
  });

  it('need a person of the core project (case 1)', () => {
    const stay = association('Stay', {
      values: { '$.stayId': string() },
      references: { Student: toStudent('$.studentReference', 'Sample:Student') },
      identity: ['$.stayId'],
      members: secured({ Student: [studentId] }),
    });
    const documents = [edFi([numbered('Lamp', 'lampId')]), extension([student, stay])];
    expectDiagnostics(() => lines(documents), {
      code: 'SECURABLE_PATH_UNRESOLVED',
      resource: 'Sample:Stay',
      names: [studentId],
    });
  });

  it('need a reference of the root, and one that leads on', () => {
    const far = association('Far', {
      values: { '$.farId': string(), '$.studentUniqueId': string() },
      references: { School: toSchool() },
      identity: ['$.farId'],
      members: secured({ Student: [schoolId], Staff: ['$.studentUniqueId'] }),
    });
    expectDiagnostics(() => lines([edFi([school, student, far])]), {
      code: 'SECURABLE_PATH_UNRESOLVED',
      resource: 'Ed-Fi:Far',
      names: [[schoolId, '$.studentUniqueId']],
    });
  });

  it('are on the canonical column where the reference is an alias (case 3)', () => {
    const { model } = derivedV2([edFi([school, student, visit(secured({ Student: [studentId] }))])]);
    const withCanonical = withCopiedColumn(model, 'edfi.Visit', 'Student_DocumentId', {
      name: 'Person_DocumentId',
      sourcePath: null,
    });
    const aliased = withColumn(withCanonical, 'edfi.Visit', 'Student_DocumentId', {
      storage: { kind: 'UnifiedAlias', canonicalColumn: 'Person_DocumentId', presenceColumn: null },
    });
    const inventory = deriveInventory(aliased, { strict: false });
    expect(authorizationLines(inventory)).toEqual([
      'edfi.Visit IX_Visit_Person_DocumentId_Auth (Person_DocumentId) include (DocumentId)',
    ]);
    const [tracked] = inventory.trackedChangeTables.filter(({ table }) => table.name === 'Visit');
    expect(tracked?.valueColumns.map(({ oldColumn }) => oldColumn)).toContain('OldPerson_DocumentId');
    expect(tracked?.personJoins).toMatchObject([{ name: 'Person', joinPath: [{ sourceColumn: 'Person_DocumentId' }] }]);
  });
});
