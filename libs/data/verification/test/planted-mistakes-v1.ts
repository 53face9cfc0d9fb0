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
    what: 'the hierarchy ignores a new parent',
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
    what: 'the hierarchy ignores the organizations below a moved one',
    statement: routine('District_AuthHierarchy_Update'),
    from: 'WHERE t."SourceEducationOrganizationId" = ANY (changed)',
    to: 'WHERE false',
  },
  {
    what: 'the hierarchy covers only the first of several new organizations',
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
    what: 'the trigger for deleted organizations is missing',
    statement: missingTrigger('TR_District_AuthHierarchy_Delete'),
    ...whole,
  },
  {
    what: 'the hierarchy uses a document id as the id of an organization',
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
    what: `${name} does not cascade`,
    statement: constraint(name),
    from: 'ON UPDATE CASCADE',
    to: 'ON UPDATE NO ACTION',
  })),
  {
    what: 'a foreign key cascades a new identity that it should refuse',
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
    what: 'an index of a reference is missing',
    statement: missingIndex('campus', 'IX_CoursePrerequisite_PrerequisiteCourse_DocumentId__805478e181'),
    ...whole,
  },
  {
    what: 'rows below a root prevent its deletion',
    statement: constraint('FK_StaffPhone_Staff'),
    from: 'ON DELETE CASCADE',
    to: 'ON DELETE NO ACTION',
  },
  {
    what: 'a row is deleted with its target',
    statement: constraint('FK_School_District_RefKey'),
    from: 'ON DELETE NO ACTION',
    to: 'ON DELETE CASCADE',
  },
  {
    what: 'a reference becomes NULL when its target is deleted',
    statement: constraint('FK_School_District_RefKey'),
    from: 'ON DELETE NO ACTION',
    to: 'ON DELETE SET NULL',
  },
  {
    what: 'the foreign key of a reference is missing',
    statement: constraint('FK_SchoolEnrolment_Student_RefKey'),
    ...lost,
  },
  { what: 'the foreign key of a descriptor is missing', statement: constraint('FK_Session_TermDescriptor'), ...lost },
  {
    what: 'the foreign key of a row below a root is missing',
    statement: constraint('FK_SessionBreak_Session'),
    ...lost,
  },
  {
    what: 'a foreign key lacks a column',
    statement: constraint('FK_SchoolEnrolment_Student_RefKey'),
    from: /\("Student_DocumentId", "Student_StudentUniqueId"\)([\s\S]+)\("DocumentId", "StudentUniqueId"\)/,
    to: '("Student_DocumentId")$1("DocumentId")',
  },
];

const ofStamps: readonly PlantedMistake[] = [
  {
    what: 'the first versions make no events',
    statement: statements.routine('dms', 'TF_Document_Journal'),
    from: /\) AS c;/,
    to: ') AS c WHERE c."ContentVersion" > 3;',
  },
  {
    what: 'the first versions of new documents make no events',
    statement: statements.routine('dms', 'TF_Document_Journal'),
    from: 'FROM new_rows AS n;',
    to: 'FROM new_rows AS n WHERE n."ContentVersion" > 3;',
  },
  {
    what: 'only the first document of a statement is stamped, below a root',
    statement: routine('StaffPhone_Stamp'),
    from: 'd."DocumentId" = ANY (documents)',
    to: 'd."DocumentId" = documents[1]',
  },
  {
    what: 'only the first document of a statement is stamped, on a root',
    statement: routine('School_Stamp'),
    from: 'd."DocumentId" = ANY (documents)',
    to: 'd."DocumentId" = documents[1]',
  },
  {
    what: 'a stamp does not set the time of the last change, below a root',
    statement: routine('StaffPhone_Stamp'),
    from: /,\n +"ContentLastModifiedAt" = pg_catalog\.now\(\)/g,
    to: '',
  },
  {
    what: 'a stamp does not set the time of the last change, on a root',
    statement: routine('Location_Stamp'),
    from: /,\n +"ContentLastModifiedAt" = pg_catalog\.now\(\)/g,
    to: '',
  },
  {
    what: 'a stamp does not set the time of the last change of the identity',
    statement: routine('Location_Stamp'),
    from: /,\n +"IdentityLastModifiedAt" = pg_catalog\.now\(\)/,
    to: '',
  },
  {
    what: 'a stamp sets the time of the content instead of the time of the identity',
    statement: routine('Location_Stamp'),
    from: '"IdentityLastModifiedAt" = pg_catalog.now()',
    to: '"ContentLastModifiedAt" = pg_catalog.now()',
  },
  {
    what: 'a new identity does not stamp',
    statement: routine('Location_Stamp'),
    from: 'cardinality(changed) > 0',
    to: 'cardinality(changed) > 1',
  },
  {
    what: 'a column of the identity does not stamp the identity',
    statement: routine('Location_Stamp'),
    from: /,\n +[no]\."ClassroomCode"/g,
    to: '',
  },
  {
    what: 'a column outside of the identity stamps the identity',
    statement: routine('SchoolEnrolment_Stamp'),
    from: /([no])\."EntryDate"/g,
    to: '$1."ExitDate"',
  },
  {
    what: 'a deleted row below a root does not stamp',
    statement: routine('StaffPhone_Stamp'),
    from: /SELECT DISTINCT o\."Staff_DocumentId" FROM old_rows AS o\n/,
    to: 'SELECT NULL::bigint WHERE false\n',
  },
  {
    what: 'the trigger for deleted rows below a root is missing',
    statement: missingTrigger('TR_SchoolAddress_Stamp_Delete'),
    ...whole,
  },
  {
    what: 'an inserted row below a root does not stamp',
    statement: routine('StaffPhone_Stamp'),
    from: /SELECT DISTINCT n\."Staff_DocumentId" FROM new_rows AS n\n/,
    to: 'SELECT NULL::bigint WHERE false\n',
  },
  {
    what: 'a moved row does not stamp its former document',
    statement: routine('SessionBreak_Stamp'),
    from: / +UNION\n +SELECT o\."Session_DocumentId" FROM old_rows AS o\n/,
    to: '',
  },
  {
    what: 'a deleted root row does not stamp',
    statement: routine('Location_Stamp'),
    from: 'OLD."DocumentId"',
    to: '-OLD."DocumentId"',
  },
  {
    what: 'a stamp sets the version of the identity instead of the version of the content',
    statement: routine('StaffPhone_Stamp'),
    from: /"ContentVersion" = pg_catalog\.nextval/g,
    to: '"IdentityVersion" = pg_catalog.nextval',
  },
  {
    what: 'the document of another row is stamped',
    statement: routine('StaffPhone_Stamp'),
    from: 'WHERE "DocumentId" = documents[1]',
    to: 'WHERE "DocumentId" = documents[1] + 1',
  },
  {
    what: 'an event is written without a new version',
    statement: statements.routine('dms', 'TF_Document_Journal'),
    from: /,\n +[no]\."ResourceKeyId"(?=\n +FROM)|,\n +c\."ResourceKeyId"/g,
    to: '',
  },
];

const ofIdentities: readonly PlantedMistake[] = [
  {
    what: 'the referential id of the old identity stays',
    statement: routine('District_ReferentialIdentity'),
    from: 'cardinality(documents) = 0',
    to: "TG_OP = 'UPDATE'",
  },
  {
    what: 'the referential id uses another path',
    statement: routine('Student_ReferentialIdentity'),
    from: '$.studentUniqueId=',
    to: '$.studentuniqueid=',
  },
  {
    what: 'the referential id uses another column',
    statement: routine('CourseOffering_ReferentialIdentity'),
    from: '|| t."Session_SessionName"',
    to: '|| t."LocalCourseCode"',
  },
  {
    what: 'the referential id uses the URI of a descriptor without lower-casing it',
    statement: routine('CourseOffering_ReferentialIdentity'),
    from: 'lower(d."Uri")',
    to: 'd."Uri"',
  },
  {
    what: 'the referential id of the superclass uses the name of the subclass',
    statement: routine('District_ReferentialIdentity'),
    from: 'CampusEducationOrganization$',
    to: 'CampusDistrict$',
  },
  {
    what: 'the old referential id of the superclass is not deleted',
    statement: routine('District_ReferentialIdentity'),
    from: 'IN (15, 16)',
    to: 'IN (15)',
  },
  {
    what: 'the abstract identity keeps its first value',
    statement: routine('District_AbstractIdentity'),
    from: '= EXCLUDED."EducationOrganizationId"',
    to: '= "campus"."EducationOrganizationIdentity"."EducationOrganizationId"',
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
    what: 'a unique constraint lacks a column',
    statement: table('CourseOffering'),
    from: 'UNIQUE ("LocalCourseCode", "School_DocumentId", "Session_DocumentId")',
    to: 'UNIQUE ("LocalCourseCode", "School_DocumentId")',
  },
  {
    what: 'a unique constraint has an extra column',
    statement: table('District'),
    from: 'UNIQUE ("DistrictId")',
    to: 'UNIQUE ("DistrictId", "DistrictName")',
  },
  {
    what: 'a unique constraint below a root has an extra column',
    statement: table('StaffPhone'),
    from: /(UNIQUE \("Staff_DocumentId", "PhoneNumber")\)/,
    to: '$1, "TextCapable")',
  },
  {
    what: 'a unique constraint below a root lacks a column',
    statement: table('StaffPhone'),
    from: 'UNIQUE ("Staff_DocumentId", "PhoneNumber")',
    to: 'UNIQUE ("PhoneNumber")',
  },
  {
    what: 'a unique constraint has another column',
    statement: table('Location'),
    from: 'UNIQUE ("ClassroomCode", "School_DocumentId")',
    to: 'UNIQUE ("MaximumSeats", "School_DocumentId")',
  },
  {
    what: 'the check that a reference is complete is missing',
    statement: table('District'),
    from: /CHECK \(\("ParentDistrict.*\)\)/,
    to: 'CHECK (true)',
  },
  {
    what: 'a check accepts half a reference',
    statement: table('District'),
    from: 'OR ("ParentDistrict_DocumentId" IS NOT NULL AND "ParentDistrict_DistrictId" IS NOT NULL)',
    to: 'OR ("ParentDistrict_DocumentId" IS NOT NULL)',
  },
  {
    what: 'a check requires an optional reference',
    statement: table('District'),
    from: /CHECK \(\("ParentDistrict_DocumentId" IS NULL .*? OR /,
    to: 'CHECK (',
  },
  {
    what: 'a presence flag may be false',
    statement: table('SchoolEnrolment'),
    from: '"ClassOfYear_Present" = true)',
    to: '"ClassOfYear_Present" IS NOT NULL)',
  },
  {
    what: 'a required column lacks NOT NULL',
    statement: table('District'),
    from: '"DistrictName" varchar(90) NOT NULL',
    to: '"DistrictName" varchar(90) NULL',
  },
  {
    what: 'a required column below a root lacks NOT NULL',
    statement: table('StaffPhone'),
    from: '"PhoneNumber" varchar(24) NOT NULL',
    to: '"PhoneNumber" varchar(24) NULL',
  },
  {
    what: 'an optional column has NOT NULL',
    statement: table('District'),
    from: '"FoundedOn" date NULL',
    to: '"FoundedOn" date NOT NULL',
  },
  {
    what: 'an alias depends on another presence flag',
    statement: table('SchoolEnrolment'),
    from: 'CASE WHEN "ClassOfYear_Present" IS NULL',
    to: 'CASE WHEN "GraduationPlanCompletionYear_Present" IS NULL',
  },
  {
    what: 'an alias depends on another reference',
    statement: table('SchoolEnrolment'),
    from: '"Calendar_SchoolId" integer GENERATED ALWAYS AS (CASE WHEN "Calendar_DocumentId"',
    to: '"Calendar_SchoolId" integer GENERATED ALWAYS AS (CASE WHEN "School_DocumentId"',
  },
  {
    what: 'an alias depends on no presence column',
    statement: table('SchoolEnrolment'),
    from: /("Calendar_SchoolYear" integer GENERATED ALWAYS AS \()CASE .* END(\) STORED)/,
    to: '$1"SchoolYear_Unified"$2',
  },
  {
    what: 'an alias shows another column',
    statement: table('SchoolEnrolment'),
    from: '"Calendar_DocumentId" IS NULL THEN NULL ELSE "SchoolYear_Unified"',
    to: '"Calendar_DocumentId" IS NULL THEN NULL ELSE "SchoolId_Unified"',
  },
  {
    what: 'a string is too short by one',
    statement: table('District'),
    from: '"DistrictName" varchar(90)',
    to: '"DistrictName" varchar(89)',
  },
  {
    what: 'a decimal lacks a decimal place',
    statement: table('Course'),
    from: '"Credits" numeric(6,2)',
    to: '"Credits" numeric(6,1)',
  },
];

const journal = statements.routine('dms', 'TF_Document_Journal');
const aDayAgo = "pg_catalog.now() - interval '1 day'";

/** Mistakes in one branch: they show only after several documents, or in a time, a length or a letter. */
const ofBranches: readonly PlantedMistake[] = [
  {
    what: 'the hierarchy forgets only the first of several deleted organizations',
    statement: routine('School_AuthHierarchy_Delete'),
    from: 'FROM old_rows AS o\n',
    to: 'FROM old_rows AS o\n        LIMIT 1\n',
  },
  ...['Location', 'Session'].map((name) => ({
    what: `only the first of several new identities is stamped, in ${name}`,
    statement: routine(`${name}_Stamp`),
    from: '= ANY (changed)',
    to: '= changed[1]',
  })),
  {
    what: 'several documents get one version',
    statement: routine('SchoolAddress_Stamp'),
    from: /(> 1 THEN\n +UPDATE "dms"\."Document"\n +SET "ContentVersion" = )(pg_catalog\.nextval\('[^']+'\))/,
    to: '$1(SELECT $2)',
  },
  {
    what: 'the stamp of one document leaves its time alone',
    statement: routine('SchoolAddress_Stamp'),
    from: /(= 1 THEN\n +UPDATE "dms"\."Document"\n +SET "ContentVersion" = pg_catalog\.nextval\('[^']+'\)),\n +"ContentLastModifiedAt" = pg_catalog\.now\(\)/,
    to: '$1',
  },
  {
    what: 'the stamp of one document repeats the last version',
    statement: routine('SchoolAddress_Stamp'),
    from: 'pg_catalog.nextval(',
    to: 'currval(',
  },
  {
    what: 'a stamp has another time',
    statement: routine('SchoolAddress_Stamp'),
    from: 'pg_catalog.now()',
    to: aDayAgo,
  },
  { what: 'an event has another time', statement: journal, from: 'pg_catalog.now()', to: aDayAgo },
  {
    what: 'a moved nested row does not stamp its former document',
    statement: routine('AssessmentBandLabel_Stamp'),
    from: /\n +UNION\n[^\n]+FROM old_rows AS o/,
    to: '',
  },
  {
    what: 'a new value of a reference leaves the referential id as it was',
    statement: routine('CourseOffering_ReferentialIdentity'),
    from: /[no]\."Session_SchoolYear",\n +/g,
    to: '',
  },
  {
    what: 'the referential id lower-cases the letters of ASCII alone',
    statement: routine('Session_ReferentialIdentity'),
    from: 'lower(d."Uri")',
    to: 'lower(d."Uri" COLLATE "C")',
  },
  {
    what: 'a column is shorter than its values',
    statement: statements.table('dms', 'Descriptor'),
    from: '"CodeValue" varchar(50)',
    to: '"CodeValue" varchar(49)',
  },
  {
    what: 'a copied column is shorter than its target',
    statement: table('CourseOffering'),
    from: '"Session_SessionName" varchar(60)',
    to: '"Session_SessionName" varchar(59)',
  },
  { what: 'the key of descriptors is missing', statement: constraint('UX_Descriptor_Uri_Discriminator'), ...lost },
  {
    what: 'the key of descriptors lacks a column',
    statement: constraint('UX_Descriptor_Uri_Discriminator'),
    from: '("Uri", "Discriminator")',
    to: '("Uri")',
  },
];

/** Mistakes in the script of the schemas `campus` and `athletics`. */
export const plantedMistakesV1: readonly PlantedMistake[] = [
  ...ofBranches,
  ...ofHierarchy,
  ...ofKeys,
  ...ofStamps,
  ...ofIdentities,
  ...ofTables,
];
