import { lost, type PlantedMistake, statements, whole } from './planted-mistake.ts';

const { constraint, missingTrigger, trigger } = statements;
const routine = (name: string) => statements.routine('edfi', `TF_TR_${name}`);
const core = (name: string) => statements.routine('dms', name);
const table = (name: string) => statements.table('edfi', name);
const view = (name: string) => statements.view('auth', name);

const cascades = [
  'FK_CourseOffering_Session_RefKey',
  'FK_Section_CourseOffering_RefKey',
  'FK_StudentSectionAttendanceEvent_Section_RefKey',
  'FK_Survey_Session_RefKey',
];

const ofHierarchy: readonly PlantedMistake[] = [
  {
    what: 'the hierarchy swaps ancestor and descendant',
    statement: routine('School_AuthHierarchy_Insert'),
    from: 'SELECT a.id, organization\n',
    to: 'SELECT organization, a.id\n',
  },
  {
    what: 'the hierarchy ignores a new parent',
    statement: routine('School_AuthHierarchy_Update'),
    from: /\n +AND OLD\."LocalEducationAgency_LocalEducationAgencyId" IS NOT DISTINCT FROM .*(?= THEN)/,
    to: '',
  },
  {
    what: 'the hierarchy keeps the old ancestors',
    statement: routine('School_AuthHierarchy_Update'),
    from: 'NOT IN (SELECT a.id FROM ancestors AS a)',
    to: 'IN (SELECT 0::bigint)',
  },
  {
    what: 'the hierarchy keeps a deleted organization',
    statement: routine('LocalEducationAgency_AuthHierarchy_Delete'),
    from: 'changed := ARRAY[',
    to: 'RETURN NULL; changed := ARRAY[',
  },
  {
    what: 'the hierarchy is written without its lock',
    statement: routine('School_AuthHierarchy_Update'),
    from: / +LOCK TABLE .*\n/,
    to: '',
  },
];

/** Copies a stamp only if its version is greater than the first ones of the sequence. */
const afterFirst = (line: string) => ({ from: line, to: `IF version > 3 THEN ${line} END IF;` });
const copied = 'NEW."ContentVersion" := version;';
const ofUpdate = {
  from: /NEW\."ContentVersion" := version;(?=[^;]*;\n {4}RETURN NEW;)/,
  to: `IF version > 3 THEN ${copied} END IF;`,
};

const ofStamps: readonly PlantedMistake[] = [
  {
    what: 'the first versions of a document are not copied to a new root row',
    statement: routine('School_Stamp'),
    ...afterFirst(copied),
  },
  {
    what: 'the first versions are not copied to a changed root row',
    statement: routine('School_Stamp'),
    ...ofUpdate,
  },
  {
    what: 'the first versions are not copied to a new descriptor',
    statement: core('TF_TR_Descriptor_Stamp_Document'),
    ...afterFirst(copied),
  },
  {
    what: 'the first versions are not copied to a changed descriptor',
    statement: core('TF_TR_Descriptor_Stamp_Document'),
    ...ofUpdate,
  },
  {
    what: 'the first versions are not copied from a root row to the document of a row below it',
    statement: routine('SchoolAddress_Stamp'),
    from: 'WHERE d."DocumentId" = first;',
    to: 'WHERE d."DocumentId" = first AND version > 3;',
  },
  {
    what: 'the first versions of several documents are not copied to their root rows',
    statement: routine('SchoolAddress_Stamp'),
    from: /WHERE t\."DocumentId" = ANY \(documents\);/,
    to: 'WHERE t."DocumentId" = ANY (documents) AND (SELECT d."ContentVersion" > 3 FROM "dms"."Document" AS d WHERE d."DocumentId" = t."DocumentId");',
  },
  {
    what: 'only the first document of a statement is stamped, below a root',
    statement: routine('SchoolAddress_Stamp'),
    from: 'WHERE d."DocumentId" = ANY (documents)',
    to: 'WHERE d."DocumentId" = first',
  },
  {
    what: 'documents are locked in any order',
    statement: routine('SchoolAddress_Stamp'),
    from: /\n +ORDER BY \w+\."DocumentId"(?=\n +FOR NO KEY UPDATE)/,
    to: '',
  },
  {
    what: 'a row below a root does not stamp the root row',
    statement: routine('SchoolAddress_Stamp'),
    from: /WHERE t\."DocumentId" = ANY \(documents\);/,
    to: 'WHERE false;',
  },
  {
    what: 'a row below a root stamps the root row alone',
    statement: routine('SchoolAddress_Stamp'),
    from: 'WHERE d."DocumentId" = first;',
    to: 'WHERE false;',
  },
  {
    what: 'after a stamp, the document and its root row differ in version, below a root',
    statement: routine('SchoolAddress_Stamp'),
    from: '(\n            SELECT d."ContentVersion", d."ContentLastModifiedAt"',
    to: '(\n            SELECT d."ContentVersion" + 1, d."ContentLastModifiedAt"',
  },
  {
    what: 'a new root row has the current time instead of the time of its document',
    statement: routine('School_Stamp'),
    from: 'NEW."ContentLastModifiedAt" := modified;',
    to: 'NEW."ContentLastModifiedAt" := pg_catalog.now() + interval \'1 second\';',
  },
  {
    what: 'a new root row lacks the version of its document',
    statement: routine('School_Stamp'),
    from: / +NEW\."ContentVersion" := version;\n/,
    to: '',
  },
  {
    what: 'a stamp of a root row does not reach the document',
    statement: routine('School_Stamp'),
    from: /SET "ContentVersion" = version,\n +"ContentLastModifiedAt" = pg_catalog\.now\(\)\n/,
    to: 'SET "ContentLastModifiedAt" = pg_catalog.now()\n',
  },
  {
    what: 'a stamp does not reach the mirror of a root row',
    statement: routine('Session_Stamp'),
    from: / +NEW\."ContentVersion" := version;\n(?= +NEW\."ContentLastModifiedAt" := pg_catalog\.now)/,
    to: '',
  },
  {
    what: 'a stamp does not set the time of the last change, below a root',
    statement: routine('SchoolAddress_Stamp'),
    from: /,\n +"ContentLastModifiedAt" = pg_catalog\.now\(\)/,
    to: '',
  },
  {
    what: 'a stamp does not set the time of the last change, on a root',
    statement: routine('Session_Stamp'),
    from: / +NEW\."ContentLastModifiedAt" := pg_catalog\.now\(\);\n/,
    to: '',
  },
  {
    what: 'a stamp does not set the time of the last change of the identity',
    statement: routine('Session_Stamp'),
    from: /,\n +"IdentityLastModifiedAt" = pg_catalog\.now\(\)/,
    to: '',
  },
  {
    what: 'a deleted row below a root does not stamp',
    statement: routine('SchoolAddress_Stamp'),
    from: /SELECT pg_catalog\.min\(r\."School_DocumentId"\), pg_catalog\.max\(r\."School_DocumentId"\)\n.*\n +FROM oldtab/,
    to: 'SELECT NULL, NULL INTO first, last FROM oldtab',
  },
  {
    what: 'a changed column below a root does not stamp',
    statement: routine('SchoolAddress_Stamp'),
    from: /,\n +[no]\."Latitude"/g,
    to: '',
  },
  {
    what: 'a changed column of a root does not stamp',
    statement: routine('School_Stamp'),
    from: /\n +AND OLD\."ShortNameOfInstitution" IS NOT DISTINCT FROM NEW\."ShortNameOfInstitution"/,
    to: '',
  },
  {
    what: 'an update of a column of a root does not run its trigger',
    statement: trigger('TR_School_Stamp'),
    from: ', "ShortNameOfInstitution"',
    to: '',
  },
  {
    what: 'a changed reference of a root does not stamp',
    statement: routine('School_Stamp'),
    from: /\n +AND OLD\."LocalEducationAgency_\w+" IS NOT DISTINCT FROM NEW\."LocalEducationAgency_\w+"/g,
    to: '',
  },
  {
    what: 'a root stamps without a change',
    statement: routine('School_Stamp'),
    from: 'IF OLD."DocumentId" IS NOT DISTINCT FROM NEW."DocumentId"\n',
    to: 'IF false\n',
  },
  {
    what: 'the trigger of root rows is missing',
    statement: missingTrigger('TR_Student_Stamp'),
    ...whole,
  },
  {
    what: 'a changed column of a descriptor does not stamp',
    statement: core('TF_TR_Descriptor_Stamp_Document'),
    from: /\n +AND OLD\."EffectiveEndDate" IS NOT DISTINCT FROM NEW\."EffectiveEndDate"/,
    to: '',
  },
  {
    what: 'a descriptor of another resource is accepted',
    statement: core('TF_TR_Descriptor_Stamp_Document'),
    from: 'resource_key <> NEW."ResourceKeyId"',
    to: 'resource_key < NEW."ResourceKeyId"',
  },
];

const ofTrackedChanges: readonly PlantedMistake[] = [
  {
    what: 'a tombstone has an older version than its document',
    statement: routine('Staff_Stamp'),
    from: /document_uuid,\n +version\n/,
    to: 'document_uuid,\n                version - 1\n',
  },
  {
    what: 'a tombstone has the values of another column',
    statement: routine('CourseOffering_Stamp'),
    from: 'OLD."Session_SessionName",\n                document_uuid',
    to: 'OLD."LocalCourseCode",\n                document_uuid',
  },
  {
    what: 'the tombstone of a descriptor is missing',
    statement: core('TF_TR_Descriptor_Stamp_Document'),
    from: /IF FOUND THEN\n +INSERT INTO/,
    to: 'IF false THEN\n            INSERT INTO',
  },
  {
    what: 'the tombstone of a descriptor has the code value instead of the namespace',
    statement: core('TF_TR_Descriptor_Stamp_Document'),
    from: /OLD\."Namespace",\n +OLD\."CodeValue"/,
    to: 'OLD."CodeValue",\n                OLD."Namespace"',
  },
  {
    what: 'a key change swaps old and new values',
    statement: routine('CourseOffering_Stamp'),
    from: /OLD\."LocalCourseCode",\n +NEW\."LocalCourseCode"/,
    to: 'NEW."LocalCourseCode",\n                OLD."LocalCourseCode"',
  },
  {
    what: 'a key change has the version before the change',
    statement: routine('CourseOffering_Stamp'),
    from: /document_uuid,\n +version\n +\);\n +END IF;\n +END IF;\n +IF NEW/,
    to: 'document_uuid,\n                OLD."ContentVersion"\n            );\n        END IF;\n    END IF;\n    IF NEW',
  },
  {
    what: 'a cascaded identity causes no key change',
    statement: routine('CourseOffering_Stamp'),
    from: /\n +AND OLD\."Session_SessionName" IS NOT DISTINCT FROM NEW\."Session_SessionName"(?=(?:\n +AND .*)* THEN\n +UPDATE)/,
    to: '',
  },
];

const ofQueue: readonly PlantedMistake[] = [
  {
    what: 'the queue requests smaller versions too',
    statement: core('TF_Document_EnqueueProjectionUpdate'),
    from: 'work."RequiredContentVersion" < EXCLUDED."RequiredContentVersion"',
    to: 'work."RequiredContentVersion" <> EXCLUDED."RequiredContentVersion"',
  },
  {
    what: 'the queue sleeps in a state in which it must work',
    statement: core('TF_Document_EnqueueProjectionInsert'),
    from: "IF state = 'Disabled' THEN",
    to: "IF state IN ('Disabled', 'Rebuilding') THEN",
  },
  {
    what: 'the queue works while it is disabled',
    statement: core('TF_Document_EnqueueProjectionUpdate'),
    from: "IF state = 'Disabled' THEN",
    to: "IF state = 'Resetting' THEN",
  },
  {
    what: 'the queue forgets when a document was queued first',
    statement: core('TF_Document_EnqueueProjectionUpdate'),
    from: '"LastEnqueuedAt" = EXCLUDED."LastEnqueuedAt"',
    to: '"FirstEnqueuedAt" = EXCLUDED."LastEnqueuedAt"',
  },
  {
    what: 'the queue gets a request for an unchanged version',
    statement: core('TF_Document_EnqueueProjectionUpdate'),
    from: /,\n +o\."ContentVersion"\n/,
    to: ',\n            -o."ContentVersion"\n',
  },
  {
    what: 'a cached document with another UUID is accepted',
    statement: core('TF_DocumentCache_ValidateDocumentUuid'),
    from: '<> NEW."DocumentUuid"',
    to: 'IS NULL AND NULL = NEW."DocumentUuid"',
  },
];

const ofViews: readonly PlantedMistake[] = [
  {
    what: 'a view has the ancestor instead of the descendant',
    statement: view('EducationOrganizationIdToStudentDocumentId'),
    from: 'edOrg."TargetEducationOrganizationId" = ssa',
    to: 'edOrg."SourceEducationOrganizationId" = ssa',
  },
  {
    what: 'a view lacks an arm',
    statement: view('EducationOrganizationIdToStaffDocumentId'),
    from: /UNION ALL\n[\s\S]+$/,
    to: '',
  },
  {
    what: 'a view returns a row once instead of twice',
    statement: view('EducationOrganizationIdToStaffDocumentId'),
    from: 'UNION ALL',
    to: 'UNION',
  },
  {
    what: 'a view of deletions joins another column',
    statement: view('EducationOrganizationIdToContactDocumentIdIncludingDeletes'),
    from: 'ssa_tc."OldStudent_DocumentId" = sca."Student_DocumentId"',
    to: 'ssa_tc."OldStudent_DocumentId" = sca."Contact_DocumentId"',
  },
  {
    what: 'a view of deletions lacks the deleted rows',
    statement: view('EducationOrganizationIdToStudentDocumentIdIncludingDeletes'),
    from: /UNION\n[\s\S]+$/,
    to: '',
  },
  // a UNION removes repeated rows of all arms before it
  ...[
    'ContactDocumentIdIncludingDeletes',
    'StaffDocumentIdIncludingDeletes',
    'StudentDocumentIdDeletedResponsibility',
    'StudentDocumentIdIncludingDeletes',
  ].map((name) => ({
    what: `the view ${name} returns a row of a live and of a deleted document twice`,
    statement: view(`EducationOrganizationIdTo${name}`),
    from: /UNION(?![\s\S]*UNION)/,
    to: 'UNION ALL',
  })),
];

const ofTables: readonly PlantedMistake[] = [
  ...cascades.map((name) => ({
    what: `${name} does not cascade`,
    statement: constraint(name),
    from: 'ON UPDATE CASCADE',
    to: 'ON UPDATE NO ACTION',
  })),
  {
    what: 'the foreign key of a reference is missing',
    statement: constraint('FK_Section_CourseOffering_RefKey'),
    ...lost,
  },
  {
    what: 'positions must be unique across documents',
    statement: table('SchoolAddress'),
    from: 'UNIQUE ("School_DocumentId", "Ordinal")',
    to: 'UNIQUE ("Ordinal")',
  },
  {
    what: 'a semantic identity lacks a column',
    statement: table('SchoolAddress'),
    from: '"City", "StreetNumberName")',
    to: '"City")',
  },
  {
    what: 'a semantic identity has an extra column',
    statement: table('SchoolAddress'),
    from: '"City", "StreetNumberName")',
    to: '"City", "StreetNumberName", "Latitude")',
  },
  {
    what: 'two rows may have the same position',
    statement: table('SchoolAddressPeriod'),
    from: 'UNIQUE ("ParentCollectionItemId", "Ordinal")',
    to: 'UNIQUE ("ParentCollectionItemId", "Ordinal", "EndDate")',
  },
  {
    what: 'the check that a reference is complete is missing',
    statement: table('Survey'),
    from: /CHECK \(\("Session_DocumentId.*\)\)/,
    to: 'CHECK (true)',
  },
  {
    what: 'a check ignores a column of a reference',
    statement: table('Survey'),
    from: ' AND "Session_SchoolYear" IS NULL',
    to: '',
  },
  {
    what: 'a required column lacks NOT NULL',
    statement: table('Session'),
    from: '"EndDate" date NOT NULL',
    to: '"EndDate" date NULL',
  },
  {
    what: 'an alias depends on another reference',
    statement: table('StudentSchoolAssociation'),
    from: '"Calendar_SchoolId" integer GENERATED ALWAYS AS (CASE WHEN "Calendar_DocumentId"',
    to: '"Calendar_SchoolId" integer GENERATED ALWAYS AS (CASE WHEN "Student_DocumentId"',
  },
];

/** Mistakes in one branch: they show only after several documents, or in a time, a single column or a letter. */
const ofBranches: readonly PlantedMistake[] = [
  {
    what: 'several documents get one version',
    statement: routine('SchoolAddress_Stamp'),
    from: /(UPDATE "dms"\."Document" AS d\n +SET "ContentVersion" = )(pg_catalog\.nextval\('[^']+'\))/,
    to: '$1(SELECT $2)',
  },
  {
    what: 'the stamp of one document leaves its time alone, below a root',
    statement: routine('SchoolAddress_Stamp'),
    from: /(SET "ContentVersion" = version),\n +"ContentLastModifiedAt" = pg_catalog\.now\(\)/,
    to: '$1',
  },
  {
    what: 'a stamp has another time',
    statement: routine('SchoolAddress_Stamp'),
    from: /now\(\)/g,
    to: "pg_catalog.now() - interval '1 day'",
  },
  {
    what: 'a key change repeats an old value as the new one',
    statement: routine('CourseOffering_Stamp'),
    from: 'NEW."Session_SchoolYear",',
    to: 'OLD."Session_SchoolYear",',
  },
  ...['Stamp', 'ReferentialIdentity'].map((name) => ({
    what: `a new value of a reference changes nothing, in ${name}`,
    statement: routine(`CourseOffering_${name}`),
    from: /\n +AND OLD\."Session_SchoolYear" IS NOT DISTINCT FROM NEW\."Session_SchoolYear"/,
    to: '',
  })),
  {
    what: 'the referential id lower-cases the letters of ASCII alone',
    statement: routine('StudentSectionAttendanceEvent_ReferentialIdentity'),
    from: 'lower(d."Uri")',
    to: 'lower(d."Uri" COLLATE "C")',
  },
  {
    what: 'a moved nested row does not stamp its former document',
    statement: routine('SchoolAddressPeriod_Stamp'),
    from: /\n +UNION\n[\s\S]+?\) AS c(?=\n +\);)/,
    to: '',
  },
  { what: 'the key of descriptors is missing', statement: constraint('UX_Descriptor_Uri_Discriminator'), ...lost },
  {
    what: 'the key of descriptors lacks a column',
    statement: constraint('UX_Descriptor_Uri_Discriminator'),
    from: '("Uri", "Discriminator")',
    to: '("Uri")',
  },
];

/** Mistakes in the script of the schemas `district` and `transport`. */
export const plantedMistakesV2: readonly PlantedMistake[] = [
  ...ofBranches,
  ...ofHierarchy,
  ...ofStamps,
  ...ofTrackedChanges,
  ...ofQueue,
  ...ofViews,
  ...ofTables,
];
