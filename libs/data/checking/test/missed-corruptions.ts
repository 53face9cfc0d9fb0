import type { MappingVersion } from '@dms/api-schema';
import type { DataFindingKind } from '../src/derived-rows/data-finding.ts';

/*
 * Damages of several columns or whole rows, in databases of the two projects of this repository: a name, the SQL, and
 * the kind of finding.
 */

type MissedCorruption = readonly [name: string, sql: string, kind: DataFindingKind];

const ofBoth: readonly MissedCorruption[] = [
  [
    'an identity that was last changed before time began',
    `UPDATE dms."Document" SET "IdentityLastModifiedAt" = '-infinity' WHERE "DocumentId" = (SELECT max("DocumentId") FROM dms."Document")`,
    'stamp',
  ],
  [
    'a cached document with the contents of another',
    `UPDATE dms."DocumentCache" AS c SET "DocumentJson" = o."DocumentJson" FROM dms."DocumentCache" AS o WHERE c."DocumentId" = (SELECT min("DocumentId") FROM dms."DocumentCache") AND o."DocumentId" = (SELECT max("DocumentId") FROM dms."DocumentCache")`,
    'cache',
  ],
  [
    'a document with the nil UUID',
    `UPDATE dms."Document" SET "DocumentUuid" = '00000000-0000-0000-0000-000000000000' WHERE "DocumentId" = (SELECT max("DocumentId") FROM dms."Document")`,
    'unwritableValue',
  ],
];

const enrolment = 'ctid = (SELECT min(ctid) FROM campus."SchoolEnrolment")';

const ofV2: readonly MissedCorruption[] = [
  ...ofBoth,
  [
    'a recorded deletion of a document that lives',
    `INSERT INTO tracked_changes_edfi."Student" ("OldStudentUniqueId", "OldStudent_DocumentId", "Id", "ChangeVersion") SELECT r."StudentUniqueId", r."DocumentId", d."DocumentUuid", d."ContentVersion" FROM edfi."Student" AS r INNER JOIN dms."Document" AS d ON d."DocumentId" = r."DocumentId" LIMIT 1`,
    'trackedChange',
  ],
  [
    'a recorded deletion with the nil UUID',
    `UPDATE tracked_changes_edfi."Session" SET "Id" = '00000000-0000-0000-0000-000000000000' WHERE "NewSessionName" IS NULL`,
    'unwritableValue',
  ],
  [
    'a recorded key change of a document that nobody knows',
    `UPDATE tracked_changes_edfi."Session" SET "Id" = gen_random_uuid() WHERE "NewSessionName" IS NOT NULL`,
    'trackedChange',
  ],
  [
    'a recorded key change of a document whose deletion is recorded before it',
    `UPDATE tracked_changes_edfi."Session" AS t SET "Id" = o."Id", "ChangeVersion" = nextval('dms."ChangeVersionSequence"') FROM tracked_changes_edfi."Session" AS o WHERE t."NewSessionName" IS NOT NULL AND o."NewSessionName" IS NULL`,
    'trackedChange',
  ],
  [
    'a recorded key change with half of its new values',
    `UPDATE tracked_changes_edfi."Session" SET "NewSessionName" = NULL WHERE "NewSessionName" IS NOT NULL`,
    'trackedChange',
  ],
  [
    'a recorded key change with a new value that the document does not have',
    `UPDATE tracked_changes_edfi."Session" SET "NewSessionName" = 'zz' WHERE "NewSessionName" IS NOT NULL`,
    'trackedChange',
  ],
  [
    'a deletion that is recorded twice in a row',
    `INSERT INTO tracked_changes_edfi."Session" SELECT (jsonb_populate_record(t, jsonb_build_object('ChangeVersion', t."ChangeVersion" + 1))).* FROM tracked_changes_edfi."Session" AS t WHERE "NewSessionName" IS NULL ORDER BY "ChangeVersion" DESC LIMIT 1`,
    'trackedChange',
  ],
  [
    'a deletion that is recorded twice with the time of the first record',
    `INSERT INTO tracked_changes_edfi."Session" SELECT (jsonb_populate_record(t, jsonb_build_object('ChangeVersion', 1))).* FROM tracked_changes_edfi."Session" AS t WHERE "NewSessionName" IS NULL LIMIT 1`,
    'trackedChange',
  ],
  [
    'a recorded deletion of a person with the id of another document',
    `INSERT INTO tracked_changes_edfi."Student" ("OldStudentUniqueId", "OldStudent_DocumentId", "Id", "ChangeVersion") SELECT 'zz', r."DocumentId", gen_random_uuid(), nextval('dms."ChangeVersionSequence"') FROM edfi."Student" AS r LIMIT 1`,
    'trackedChange',
  ],
  [
    'a recorded change of a person that has two ids',
    `INSERT INTO tracked_changes_edfi."Student" ("OldStudentUniqueId", "OldStudent_DocumentId", "NewStudentUniqueId", "NewStudent_DocumentId", "Id", "ChangeVersion") SELECT 'zz', 9000000001, r."StudentUniqueId", r."DocumentId", d."DocumentUuid", d."ContentVersion" FROM edfi."Student" AS r INNER JOIN dms."Document" AS d ON d."DocumentId" = r."DocumentId" LIMIT 1`,
    'trackedChange',
  ],
  ...(['Student', 'School'] as const).map(
    (other): MissedCorruption => [
      `a recorded deletion with the key of a person and the id of ${other === 'School' ? 'a school' : 'another person'}`,
      `INSERT INTO tracked_changes_edfi."StudentSchoolAssociation" ("OldEntryDate", "OldSchoolId_Unified", "OldStudent_StudentUniqueId", "OldStudent_DocumentId", "Id", "ChangeVersion") SELECT r."EntryDate", r."SchoolId_Unified", r."Student_StudentUniqueId", o."DocumentId", gen_random_uuid(), nextval('dms."ChangeVersionSequence"') FROM edfi."StudentSchoolAssociation" AS r, edfi."${other}" AS o WHERE o."DocumentId" <> r."Student_DocumentId" LIMIT 1`,
      'trackedChange',
    ],
  ),
  [
    'a recorded change that gives a person the key of another one',
    `INSERT INTO tracked_changes_edfi."StudentSchoolAssociation" ("OldEntryDate", "NewEntryDate", "OldSchoolId_Unified", "NewSchoolId_Unified", "OldStudent_StudentUniqueId", "NewStudent_StudentUniqueId", "OldStudent_DocumentId", "NewStudent_DocumentId", "Id", "ChangeVersion") SELECT r."EntryDate", r."EntryDate", r."SchoolId_Unified", r."SchoolId_Unified", 'zz', 'zz', r."Student_DocumentId", r."Student_DocumentId", gen_random_uuid(), nextval('dms."ChangeVersionSequence"') FROM edfi."StudentSchoolAssociation" AS r LIMIT 1`,
    'trackedChange',
  ],
  [
    'a recorded descriptor of an unknown kind',
    `INSERT INTO tracked_changes_edfi."Descriptor" ("OldNamespace", "OldCodeValue", "Discriminator", "Id", "ChangeVersion") VALUES ('uri://zz', 'zz', 'NobodyDescriptor', gen_random_uuid(), 1)`,
    'trackedChange',
  ],
];

export const missedCorruptions: Readonly<Record<MappingVersion, readonly MissedCorruption[]>> = {
  v1: [
    ...ofBoth,
    [
      'an earlier row of the journal that is missing',
      `DELETE FROM dms."DocumentChangeEvent" AS e USING dms."Document" AS d WHERE d."DocumentId" = e."DocumentId" AND e."CreatedAt" = d."CreatedAt" AND e."ChangeVersion" <> d."ContentVersion" AND d."DocumentId" = (SELECT min(o."DocumentId") FROM dms."Document" AS o WHERE o."CreatedAt" <> o."ContentLastModifiedAt")`,
      'journal',
    ],
    [
      'a unified value without a reference or flag',
      `UPDATE campus."SchoolEnrolment" SET "ClassOfYear_Unified" = 2031, "ClassOfYear_Present" = NULL, "GraduationPlanCompletionYear_Present" = NULL WHERE ${enrolment}`,
      'unifiedValue',
    ],
    [
      'a flag without its value',
      `UPDATE campus."SchoolEnrolment" SET "ClassOfYear_Unified" = NULL, "ClassOfYear_Present" = true WHERE ${enrolment}`,
      'unifiedValue',
    ],
  ],
  v2: ofV2,
  'v2-natural': ofV2,
};
