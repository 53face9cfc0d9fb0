import { type PlantedMistake, statements } from './planted-mistake.ts';

/*
 * Mistakes that show only in a small change: of one value, of one branch, of one time, of one limit. They pass every
 * check that changes a value to a very different one.
 */

/** A mistake, and the checks that find it, often only one. */
export interface NearMistake extends PlantedMistake {
  readonly seenBy: readonly string[];
}

const core = (name: string) => statements.routine('dms', name);
const edfi = (name: string) => statements.routine('edfi', `TF_TR_${name}`);
const campus = (name: string) => statements.routine('campus', `TF_TR_${name}`);

const cacheOf = (kinds: string): NearMistake => ({
  what: `the cache takes ${kinds}`,
  seenBy: ['C10'],
  statement: statements.constraint('CK_DocumentCache_JsonObject'),
  from: `= 'object'`,
  to: `IN ('object', '${kinds}')`,
});

const narrow = (sequence: string): NearMistake => ({
  what: `the ${sequence} ends at 31 bits`,
  seenBy: ['C17'],
  statement: statements.sequence('dms', sequence),
  from: ' START WITH 1',
  to: ' AS integer START WITH 1',
});

/** A comparison of old and new rows that uses only a part of a column on both sides. */
const comparedInPart = (column: string, part: (value: string) => string) => ({
  from: new RegExp(`\\b([no])\\."${column}"(?=,?\\n)`, 'g'),
  to: `${part(`$1."${column}"`)} AS "${column}"`,
});

export const nearMistakesV1: readonly NearMistake[] = [
  {
    what: 'a version that differs in its sign makes no event',
    seenBy: ['C3'],
    statement: core('TF_Document_Journal'),
    from: /(?<=SELECT\n +)([no])\."ContentVersion"(?=,\n +\1\."DocumentId",\n +\1\."ResourceKeyId"\n)/g,
    to: 'abs($1."ContentVersion") AS "ContentVersion"',
  },
  {
    what: 'an organization without another above it is below the organization 0',
    seenBy: ['R13'],
    statement: statements.routine('athletics', 'TF_TR_AthleticLeague_AuthHierarchy_Update'),
    ...comparedInPart('SanctioningDistrict_DistrictId', (value) => `coalesce(${value}, 0)`),
  },
  cacheOf('string'),
  narrow('ChangeVersionSequence'),
  {
    what: 'the events of a statement have one resource',
    seenBy: ['C2'],
    statement: core('TF_Document_Journal'),
    from: 'n."ResourceKeyId",\n            pg_catalog.now()',
    to: '(SELECT min(x."ResourceKeyId") FROM new_rows AS x),\n            pg_catalog.now()',
  },
  {
    what: 'an event has the time of the creation of its document',
    seenBy: ['C3'],
    statement: core('TF_Document_Journal'),
    from: /c\."ResourceKeyId",\n( +)pg_catalog\.now\(\)/,
    to: 'c."ResourceKeyId",\n$1(SELECT d."CreatedAt" FROM "dms"."Document" AS d WHERE d."DocumentId" = c."DocumentId")',
  },
  {
    what: 'a referential id ignores the case of letters',
    seenBy: ['R17', 'R4', 'R7'],
    statement: campus('Student_ReferentialIdentity'),
    from: /=' \|\| t\."StudentUniqueId"/,
    to: `=' || lower(t."StudentUniqueId")`,
  },
  {
    what: 'an abstract identity has the first 31 bits of an id',
    seenBy: ['R17', 'R5', 'R7'],
    statement: campus('School_AbstractIdentity'),
    from: 't."SchoolId",',
    to: '(t."SchoolId" & 2147483647),',
  },
];

export const nearMistakesV2: readonly NearMistake[] = [
  {
    what: 'a version that differs in its sign is not queued',
    seenBy: ['C3'],
    statement: core('TF_Document_EnqueueProjectionUpdate'),
    ...comparedInPart('ContentVersion', (value) => `abs(${value})`),
  },
  {
    what: 'an organization moves between others whose ids differ in their sign',
    seenBy: ['R13'],
    statement: edfi('School_AuthHierarchy_Update'),
    from: /(OLD|NEW)(\."LocalEducationAgency_LocalEducationAgencyId")(?=[^;]*? THEN)/g,
    to: 'abs($1$2)',
  },
  {
    what: 'an organization without another above it is below the organization 0',
    seenBy: ['R13'],
    statement: edfi('School_AuthHierarchy_Update'),
    from: /(OLD|NEW)(\."LocalEducationAgency_LocalEducationAgencyId")(?=[^;]*? THEN)/g,
    to: 'coalesce($1$2, 0)',
  },
  {
    what: 'a row that moves to another row of its document does not stamp',
    seenBy: ['R17'],
    statement: statements.routine('transport', 'TF_TR_SchoolExtensionBusStopDeparture_Stamp'),
    from: /[no]\."ParentCollectionItemId",\n +/g,
    to: '',
  },
  {
    what: 'a row with another key does not stamp',
    seenBy: ['R17'],
    statement: edfi('SchoolAddressPeriod_Stamp'),
    from: /[no]\."CollectionItemId",\n +/g,
    to: '',
  },
  cacheOf('string'),
  narrow('ChangeVersionSequence'),
  narrow('CollectionItemIdSequence'),
  {
    what: 'a server does not recognize the error of a cached document with another UUID',
    seenBy: ['C13'],
    statement: core('TF_DocumentCache_ValidateDocumentUuid'),
    from: '.DocumentUuid diverges from',
    to: '.DocumentUuid differs from',
  },
  {
    what: 'a server does not recognize the error of a missing state',
    seenBy: ['C1'],
    statement: core('TF_Document_EnqueueProjectionInsert'),
    from: 'singleton row is missing or unreadable',
    to: 'row is missing',
  },
  {
    what: 'a server does not recognize the error of an unknown state',
    seenBy: ['C1'],
    statement: core('TF_Document_EnqueueProjectionUpdate'),
    from: 'ProjectionLifecycleState has unsupported value',
    to: 'ProjectionLifecycleState has the value',
  },
  {
    what: 'a server does not recognize the error of a descriptor of another resource',
    seenBy: ['C15'],
    statement: core('TF_TR_Descriptor_Stamp_Document'),
    from: 'diverges from the owning',
    to: 'differs from the owning',
  },
  {
    what: 'a queued document gets a new first time',
    seenBy: ['C3'],
    statement: core('TF_Document_EnqueueProjectionUpdate'),
    from: '"LastEnqueuedAt" = EXCLUDED."LastEnqueuedAt"',
    to: '"FirstEnqueuedAt" = EXCLUDED."FirstEnqueuedAt",\n        "LastEnqueuedAt" = EXCLUDED."LastEnqueuedAt"',
  },
  {
    what: 'the queue has the time of the transaction',
    seenBy: ['C2'],
    statement: core('TF_Document_EnqueueProjectionInsert'),
    from: /pg_catalog\.statement_timestamp\(\)/g,
    to: 'pg_catalog.now()',
  },
  {
    what: 'the queue is written with the rights of the caller',
    seenBy: ['S17'],
    statement: core('TF_Document_EnqueueProjectionInsert'),
    from: 'SECURITY DEFINER\n',
    to: '',
  },
  {
    what: 'an update may give a descriptor another resource',
    seenBy: ['C15'],
    statement: core('TF_TR_Descriptor_Stamp_Document'),
    from: /\n {8}IF resource_key <> NEW/,
    to: '\n        IF false AND resource_key <> NEW',
  },
  {
    what: 'a descriptor without a description is one with an empty description',
    seenBy: ['C15'],
    statement: core('TF_TR_Descriptor_Stamp_Document'),
    from: 'OLD."Description" IS NOT DISTINCT FROM NEW."Description"',
    to: `coalesce(OLD."Description", '') IS NOT DISTINCT FROM coalesce(NEW."Description", '')`,
  },
  {
    what: 'a change of letter case does not stamp',
    seenBy: ['R17'],
    statement: edfi('School_Stamp'),
    from: 'OLD."NameOfInstitution" IS NOT DISTINCT FROM NEW."NameOfInstitution"',
    to: 'lower(OLD."NameOfInstitution") IS NOT DISTINCT FROM lower(NEW."NameOfInstitution")',
  },
  {
    what: 'an absent text is an empty one',
    seenBy: ['R17'],
    statement: edfi('School_Stamp'),
    from: 'OLD."ShortNameOfInstitution" IS NOT DISTINCT FROM NEW."ShortNameOfInstitution"',
    to: `coalesce(OLD."ShortNameOfInstitution", '') IS NOT DISTINCT FROM coalesce(NEW."ShortNameOfInstitution", '')`,
  },
  {
    what: 'a change of a date within its month does not stamp',
    seenBy: ['R17'],
    statement: edfi('StudentSchoolAssociation_Stamp'),
    from: 'OLD."EntryDate" IS NOT DISTINCT FROM NEW."EntryDate"',
    to: `date_trunc('month', OLD."EntryDate") IS NOT DISTINCT FROM date_trunc('month', NEW."EntryDate")`,
  },
  {
    what: 'a referential id has the year of the week',
    seenBy: ['R17'],
    statement: edfi('StudentSchoolAssociation_ReferentialIdentity'),
    from: "'YYYY-MM-DD'",
    to: "'IYYY-MM-DD'",
  },
  {
    what: 'a referential id composes letters with marks',
    seenBy: ['R17', 'R4', 'R7'],
    statement: edfi('Student_ReferentialIdentity'),
    from: /=' \|\| t\."StudentUniqueId"/,
    to: `=' || normalize(t."StudentUniqueId")`,
  },
  {
    what: 'a recorded key has no blanks at its ends',
    seenBy: ['R14'],
    statement: edfi('Student_Stamp'),
    from: /NEW\."StudentUniqueId",\n/,
    to: 'btrim(NEW."StudentUniqueId"),\n',
  },
  {
    what: 'an abstract identity has the first 31 bits of an id',
    seenBy: ['R17', 'R5', 'R7'],
    statement: edfi('School_AbstractIdentity'),
    from: 't."SchoolId",',
    to: '(t."SchoolId" & 2147483647),',
  },
];
