import { lost, type PlantedMistake, statements, whole } from './planted-mistake.ts';

const { constraint, missingIndex, missingTrigger, view } = statements;
const routine = (name: string) => statements.routine('campus', `TF_TR_${name}`);
const table = (name: string) => statements.table('campus', name);

const cascades = [
  'FK_CourseOffering_Session_RefKey',
  'FK_Section_CourseOffering_RefKey',
  'FK_Section_Room_RefKey',
  'FK_Course_EducationOrganization_RefKey',
  'FK_SectionClassPeriod_ClassPeriod_RefKey',
];

const ofHierarchy: readonly PlantedMistake[] = [
  ...['Insert', 'Update'].map((event) => ({
    what: `the hierarchy after ${event}, ancestor and descendant swapped`,
    statement: routine(`School_AuthHierarchy_${event}`),
    from: 'SELECT a.id, organization\n',
    to: 'SELECT organization, a.id\n',
  })),
  ...['Insert', 'Update'].map((event) => ({
    what: `the hierarchy after ${event} without the parent of the parent`,
    statement: routine(`School_AuthHierarchy_${event}`),
    from: '(e."ParentDistrict_DistrictId"::bigint)',
    to: '(NULL::bigint)',
  })),
  {
    what: 'the hierarchy does not see a new parent',
    statement: routine('School_AuthHierarchy_Update'),
    from: /,\n +[no]\."District_DistrictId"/g,
    to: '',
  },
  {
    what: 'the hierarchy keeps the old ancestors',
    statement: routine('District_AuthHierarchy_Update'),
    from: 'NOT IN (SELECT a.id FROM ancestors AS a)',
    to: 'IN (SELECT 0::bigint)',
  },
  {
    what: 'the hierarchy forgets those below a moved organization',
    statement: routine('District_AuthHierarchy_Update'),
    from: 'WHERE t."SourceEducationOrganizationId" = ANY (changed)',
    to: 'WHERE false',
  },
  {
    what: 'the hierarchy follows the first of several new organizations',
    statement: routine('School_AuthHierarchy_Insert'),
    from: 'unnest(changed)',
    to: 'unnest(changed[1:1])',
  },
  {
    what: 'the hierarchy keeps a deleted organization',
    statement: routine('School_AuthHierarchy_Delete'),
    from: 'cardinality(changed) = 0',
    to: 'cardinality(changed) >= 0',
  },
  {
    what: 'no trigger keeps the hierarchy when an organization is deleted',
    statement: missingTrigger('TR_District_AuthHierarchy_Delete'),
    ...whole,
  },
  {
    what: 'the hierarchy takes a document id for an organization',
    statement: routine('School_AuthHierarchy_Insert'),
    from: '(e."District_DistrictId"::bigint)',
    to: '(e."District_DocumentId"::bigint)',
  },
  {
    what: 'the hierarchy is written without its lock',
    statement: routine('School_AuthHierarchy_Insert'),
    from: / +LOCK TABLE .*\n/,
    to: '',
  },
];

const ofKeys: readonly PlantedMistake[] = [
  ...cascades.map((name) => ({
    what: `no cascade of ${name}`,
    statement: constraint(name),
    from: 'ON UPDATE CASCADE',
    to: 'ON UPDATE NO ACTION',
  })),
  {
    what: 'a cascade of a new identity that is to be refused',
    statement: constraint('FK_School_District_RefKey'),
    from: 'ON UPDATE NO ACTION',
    to: 'ON UPDATE CASCADE',
  },
  ...['FK_Section_Room_RefKey', 'FK_StudentSectionAttendanceEvent_Section_RefKey'].map((name) => ({
    what: `${name} is not deferred`,
    statement: constraint(name),
    from: ' DEFERRABLE INITIALLY DEFERRED',
    to: '',
  })),
  {
    what: 'no index of a reference',
    statement: missingIndex('campus', 'IX_CoursePrerequisite_PrerequisiteCourse_DocumentId__805478e181'),
    ...whole,
  },
  {
    what: 'rows below a root stand against its deletion',
    statement: constraint('FK_StaffPhone_Staff'),
    from: 'ON DELETE CASCADE',
    to: 'ON DELETE NO ACTION',
  },
  {
    what: 'a row goes with the one that it names',
    statement: constraint('FK_School_District_RefKey'),
    from: 'ON DELETE NO ACTION',
    to: 'ON DELETE CASCADE',
  },
  {
    what: 'a row forgets the one that it names when that is deleted',
    statement: constraint('FK_School_District_RefKey'),
    from: 'ON DELETE NO ACTION',
    to: 'ON DELETE SET NULL',
  },
  { what: 'no key of a reference', statement: constraint('FK_SchoolEnrolment_Student_RefKey'), ...lost },
  { what: 'no key of a descriptor', statement: constraint('FK_Session_TermDescriptor'), ...lost },
  { what: 'no key of a row below a root', statement: constraint('FK_SessionBreak_Session'), ...lost },
  {
    what: 'a key that does not look at one of its columns',
    statement: constraint('FK_SchoolEnrolment_Student_RefKey'),
    from: /\("Student_DocumentId", "Student_StudentUniqueId"\)([\s\S]+)\("DocumentId", "StudentUniqueId"\)/,
    to: '("Student_DocumentId")$1("DocumentId")',
  },
];

const ofStamps: readonly PlantedMistake[] = [
  {
    what: 'a stamp of the first document of a statement, below a root',
    statement: routine('StaffPhone_Stamp'),
    from: 'd."DocumentId" = ANY (documents)',
    to: 'd."DocumentId" = documents[1]',
  },
  {
    what: 'a stamp of the first document of a statement, on a root',
    statement: routine('School_Stamp'),
    from: 'd."DocumentId" = ANY (documents)',
    to: 'd."DocumentId" = documents[1]',
  },
  {
    what: 'no time of the last change, below a root',
    statement: routine('StaffPhone_Stamp'),
    from: /,\n +"ContentLastModifiedAt" = now\(\)/g,
    to: '',
  },
  {
    what: 'no time of the last change, on a root',
    statement: routine('Location_Stamp'),
    from: /,\n +"ContentLastModifiedAt" = now\(\)/g,
    to: '',
  },
  {
    what: 'no time of the last change of an identity',
    statement: routine('Location_Stamp'),
    from: /,\n +"IdentityLastModifiedAt" = now\(\)/,
    to: '',
  },
  {
    what: 'the time of the content in place of that of the identity',
    statement: routine('Location_Stamp'),
    from: '"IdentityLastModifiedAt" = now()',
    to: '"ContentLastModifiedAt" = now()',
  },
  {
    what: 'no stamp for a new identity',
    statement: routine('Location_Stamp'),
    from: 'cardinality(changed) > 0',
    to: 'cardinality(changed) > 1',
  },
  {
    what: 'a column of the identity that stamps no identity',
    statement: routine('Location_Stamp'),
    from: /,\n +[no]\."ClassroomCode"/g,
    to: '',
  },
  {
    what: 'a column outside of the identity that stamps the identity',
    statement: routine('SchoolEnrolment_Stamp'),
    from: /([no])\."EntryDate"/g,
    to: '$1."ExitDate"',
  },
  {
    what: 'no stamp for a deleted row below a root',
    statement: routine('StaffPhone_Stamp'),
    from: /SELECT DISTINCT o\."Staff_DocumentId" FROM old_rows AS o\n/,
    to: 'SELECT NULL::bigint WHERE false\n',
  },
  {
    what: 'no trigger for a deleted row below a root',
    statement: missingTrigger('TR_SchoolAddress_Stamp_Delete'),
    ...whole,
  },
  {
    what: 'no stamp for an inserted row below a root',
    statement: routine('StaffPhone_Stamp'),
    from: /SELECT DISTINCT n\."Staff_DocumentId" FROM new_rows AS n\n/,
    to: 'SELECT NULL::bigint WHERE false\n',
  },
  {
    what: 'no stamp of the document that a moved row has left',
    statement: routine('SessionBreak_Stamp'),
    from: / +UNION\n +SELECT o\."Session_DocumentId" FROM old_rows AS o\n/,
    to: '',
  },
  {
    what: 'no stamp for a deleted root row',
    statement: routine('Location_Stamp'),
    from: 'OLD."DocumentId"',
    to: '-OLD."DocumentId"',
  },
  {
    what: 'the version of the identity in place of that of the content',
    statement: routine('StaffPhone_Stamp'),
    from: /"ContentVersion" = nextval/g,
    to: '"IdentityVersion" = nextval',
  },
  {
    what: 'the document above another row is stamped',
    statement: routine('StaffPhone_Stamp'),
    from: 'WHERE "DocumentId" = documents[1]',
    to: 'WHERE "DocumentId" = documents[1] + 1',
  },
  {
    what: 'an event without a new version',
    statement: statements.routine('dms', 'TF_Document_Journal'),
    from: /,\n +[no]\."ResourceKeyId"(?=\n +FROM)|,\n +c\."ResourceKeyId"/g,
    to: '',
  },
];

const ofIdentities: readonly PlantedMistake[] = [
  {
    what: 'the referential id of a new identity stays',
    statement: routine('District_ReferentialIdentity'),
    from: 'cardinality(documents) = 0',
    to: "TG_OP = 'UPDATE'",
  },
  {
    what: 'the referential id has another path',
    statement: routine('Student_ReferentialIdentity'),
    from: '$.studentUniqueId=',
    to: '$.studentuniqueid=',
  },
  {
    what: 'the referential id has another column',
    statement: routine('CourseOffering_ReferentialIdentity'),
    from: '|| t."Session_SessionName"',
    to: '|| t."LocalCourseCode"',
  },
  {
    what: 'the referential id has a descriptor as it is written',
    statement: routine('CourseOffering_ReferentialIdentity'),
    from: 'lower(d."Uri")',
    to: 'd."Uri"',
  },
  {
    what: 'the referential id of the superclass has the name of the subclass',
    statement: routine('District_ReferentialIdentity'),
    from: 'CampusEducationOrganization$',
    to: 'CampusDistrict$',
  },
  {
    what: 'the referential id of the superclass is not taken away',
    statement: routine('District_ReferentialIdentity'),
    from: 'IN (15, 16)',
    to: 'IN (15)',
  },
  {
    what: 'the abstract identity keeps its first value',
    statement: routine('District_AbstractIdentity'),
    from: '= EXCLUDED."EducationOrganizationId"',
    to: '= "EducationOrganizationIdentity"."EducationOrganizationId"',
  },
  {
    what: 'the abstract identity has the discriminator of another member',
    statement: routine('District_AbstractIdentity'),
    from: "'Campus:District'",
    to: "'Campus:School'",
  },
  {
    what: 'the union view has the discriminator of another member',
    statement: view('campus', 'EducationOrganization_View'),
    from: "'Campus:District'",
    to: "'Campus:School'",
  },
  {
    what: 'the union view lacks a member',
    statement: view('campus', 'EducationOrganization_View'),
    from: /UNION ALL\nSELECT "DocumentId" AS "DocumentId", "SchoolId"[\s\S]+$/,
    to: '',
  },
];

const ofTables: readonly PlantedMistake[] = [
  {
    what: 'a unique without one of its columns',
    statement: table('CourseOffering'),
    from: 'UNIQUE ("LocalCourseCode", "School_DocumentId", "Session_DocumentId")',
    to: 'UNIQUE ("LocalCourseCode", "School_DocumentId")',
  },
  {
    what: 'a unique with one column too many',
    statement: table('District'),
    from: 'UNIQUE ("DistrictId")',
    to: 'UNIQUE ("DistrictId", "DistrictName")',
  },
  {
    what: 'a unique below a root with one column too many',
    statement: table('StaffPhone'),
    from: /(UNIQUE \("Staff_DocumentId", "PhoneNumber")\)/,
    to: '$1, "TextCapable")',
  },
  {
    what: 'a unique below a root without one of its columns',
    statement: table('StaffPhone'),
    from: 'UNIQUE ("Staff_DocumentId", "PhoneNumber")',
    to: 'UNIQUE ("PhoneNumber")',
  },
  {
    what: 'a unique of another column',
    statement: table('Location'),
    from: 'UNIQUE ("ClassroomCode", "School_DocumentId")',
    to: 'UNIQUE ("MaximumSeats", "School_DocumentId")',
  },
  {
    what: 'no check that a reference is whole',
    statement: table('District'),
    from: /CHECK \(\("ParentDistrict.*\)\)/,
    to: 'CHECK (true)',
  },
  {
    what: 'a check that accepts half a reference',
    statement: table('District'),
    from: 'OR ("ParentDistrict_DocumentId" IS NOT NULL AND "ParentDistrict_DistrictId" IS NOT NULL)',
    to: 'OR ("ParentDistrict_DocumentId" IS NOT NULL)',
  },
  {
    what: 'a check that wants every reference',
    statement: table('District'),
    from: /CHECK \(\("ParentDistrict_DocumentId" IS NULL .*? OR /,
    to: 'CHECK (',
  },
  {
    what: 'a flag that may be false',
    statement: table('SchoolEnrolment'),
    from: '"ClassOfYear_Present" = true)',
    to: '"ClassOfYear_Present" IS NOT NULL)',
  },
  {
    what: 'a required column without NOT NULL',
    statement: table('District'),
    from: '"DistrictName" varchar(90) NOT NULL',
    to: '"DistrictName" varchar(90) NULL',
  },
  {
    what: 'a required column below a root without NOT NULL',
    statement: table('StaffPhone'),
    from: '"PhoneNumber" varchar(24) NOT NULL',
    to: '"PhoneNumber" varchar(24) NULL',
  },
  {
    what: 'NOT NULL of an optional column',
    statement: table('District'),
    from: '"FoundedOn" date NULL',
    to: '"FoundedOn" date NOT NULL',
  },
  {
    what: 'an alias that waits for another flag',
    statement: table('SchoolEnrolment'),
    from: 'CASE WHEN "ClassOfYear_Present" IS NULL',
    to: 'CASE WHEN "GraduationPlanCompletionYear_Present" IS NULL',
  },
  {
    what: 'an alias that waits for another reference',
    statement: table('SchoolEnrolment'),
    from: '"Calendar_SchoolId" integer GENERATED ALWAYS AS (CASE WHEN "Calendar_DocumentId"',
    to: '"Calendar_SchoolId" integer GENERATED ALWAYS AS (CASE WHEN "School_DocumentId"',
  },
  {
    what: 'an alias that waits for nothing',
    statement: table('SchoolEnrolment'),
    from: /("Calendar_SchoolYear" integer GENERATED ALWAYS AS \()CASE .* END(\) STORED)/,
    to: '$1"SchoolYear_Unified"$2',
  },
  {
    what: 'an alias of another column',
    statement: table('SchoolEnrolment'),
    from: '"Calendar_DocumentId" IS NULL THEN NULL ELSE "SchoolYear_Unified"',
    to: '"Calendar_DocumentId" IS NULL THEN NULL ELSE "SchoolId_Unified"',
  },
  {
    what: 'a string that is shorter by one',
    statement: table('District'),
    from: '"DistrictName" varchar(90)',
    to: '"DistrictName" varchar(89)',
  },
  {
    what: 'a decimal with one digit less after the point',
    statement: table('Course'),
    from: '"Credits" numeric(6,2)',
    to: '"Credits" numeric(6,1)',
  },
];

/** Mistakes of the script of the schemas `campus` and `athletics`. */
export const plantedMistakesV1: readonly PlantedMistake[] = [
  ...ofHierarchy,
  ...ofKeys,
  ...ofStamps,
  ...ofIdentities,
  ...ofTables,
];
