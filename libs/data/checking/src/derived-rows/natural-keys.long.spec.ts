import { givenScript } from '@dms/sql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nestedConnection } from '../../test/nested-connection.ts';
import { type DamagedDatabase, openHistory } from '../../test/search-for-wronged-rows.ts';
import { checkData, repairData } from './check-data.ts';

/* Rows of a database that stores no referential ids: what witnesses their repair (design 09c §4). */

const first = '(SELECT min("DocumentId") FROM dms."Descriptor")';
const last = '(SELECT max("DocumentId") FROM dms."Descriptor")';
const otherKey = `(SELECT min(k."ResourceKeyId") FROM dms."ResourceKey" AS k WHERE k."ResourceName" LIKE '%Descriptor' AND k."ResourceKeyId" <> (SELECT "ResourceKeyId" FROM dms."Document" WHERE "DocumentId" = ${first}))`;
const otherName = `(SELECT "ResourceName" FROM dms."ResourceKey" WHERE "ResourceKeyId" = ${otherKey})`;
const abstract = 'edfi."EducationOrganizationIdentity"';
const index = `'dms."UX_Descriptor_UriLowered_ResourceKeyId"'::regclass`;
const ready = (isReady: boolean) => `UPDATE pg_index SET indisready = ${isReady} WHERE indexrelid = ${index}`;

/** A damage, the findings about it, and what a repair leaves of them. */
type PlantedDamage = readonly [what: string, sql: string, found: readonly string[], left: readonly string[]];

const both = (kind: string) => [`${kind} dms.Descriptor 1`];

const damages: readonly PlantedDamage[] = [
  [
    'the key of a descriptor, which its document and its name contradict',
    `UPDATE dms."Descriptor" SET "ResourceKeyId" = ${otherKey} WHERE "DocumentId" = ${first}`,
    both('descriptorResource'),
    [],
  ],
  [
    'the name of a descriptor, which both keys contradict',
    `UPDATE dms."Descriptor" SET "Discriminator" = ${otherName} WHERE "DocumentId" = ${first}`,
    both('discriminator'),
    [],
  ],
  [
    'the key and the name, which contradict the document alone',
    `UPDATE dms."Descriptor" SET "ResourceKeyId" = ${otherKey}, "Discriminator" = ${otherName} WHERE "DocumentId" = ${first}`,
    [...both('discriminator'), ...both('descriptorResource')],
    [...both('discriminator'), ...both('descriptorResource')],
  ],
  [
    'the Uri of a descriptor whose cached document is as new',
    `UPDATE dms."Descriptor" SET "Uri" = 'uri://zz' WHERE "DocumentId" = ${last}`,
    both('descriptorUri'),
    [],
  ],
  [
    'the Uri of a descriptor whose cached document is older',
    `UPDATE dms."Descriptor" SET "Uri" = 'uri://zz' WHERE "DocumentId" = ${last}; UPDATE dms."DocumentCache" SET "ContentVersion" = "ContentVersion" - 1 WHERE "DocumentId" = ${last}`,
    both('descriptorUri'),
    both('descriptorUri'),
  ],
  [
    'the letter case of a Uri',
    `UPDATE dms."Descriptor" SET "Uri" = upper("Uri") WHERE "DocumentId" = ${last}`,
    both('descriptorUri'),
    [],
  ],
  [
    'the resource key of an abstract identity',
    `UPDATE ${abstract} SET "ResourceKeyId" = ${otherKey} WHERE "DocumentId" = (SELECT min("DocumentId") FROM ${abstract})`,
    ['abstractIdentity edfi.EducationOrganizationIdentity 1'],
    [],
  ],
  [
    'a school and an agency with one identity, which only a missing key allows',
    `ALTER TABLE ${abstract} DROP CONSTRAINT "UX_EducationOrganizationIdentity_NK" CASCADE;
     SET LOCAL session_replication_role = origin;
     INSERT INTO dms."Document" ("DocumentUuid", "ResourceKeyId") SELECT gen_random_uuid(), "ResourceKeyId" FROM dms."ResourceKey" WHERE "ResourceName" = 'School';
     INSERT INTO edfi."School" SELECT (jsonb_populate_record(t, jsonb_build_object('DocumentId', (SELECT max("DocumentId") FROM dms."Document"), 'SchoolId', (SELECT max("LocalEducationAgencyId") FROM edfi."LocalEducationAgency")))).* FROM edfi."School" AS t LIMIT 1`,
    ['abstractIdentity edfi.EducationOrganizationIdentity 2'],
    ['abstractIdentity edfi.EducationOrganizationIdentity 2'],
  ],
  [
    'a descriptor that the index does not have',
    `${ready(false)}; UPDATE dms."Descriptor" SET "CodeValue" = 'Lost', "Uri" = "Namespace" || '#Lost' WHERE "DocumentId" = ${last}; UPDATE dms."DocumentCache" SET "ContentVersion" = 1 WHERE "DocumentId" = ${last}; ${ready(true)}`,
    ['descriptorFold dms.UX_Descriptor_UriLowered_ResourceKeyId 1'],
    [],
  ],
  [
    'two descriptors that fold to one Uri',
    `${ready(false)}; UPDATE dms."Descriptor" SET ("Namespace", "CodeValue", "Uri", "ResourceKeyId", "Discriminator") = (SELECT "Namespace", upper("CodeValue"), "Namespace" || '#' || upper("CodeValue"), "ResourceKeyId", "Discriminator" FROM dms."Descriptor" WHERE "DocumentId" = ${first}) WHERE "DocumentId" = ${last}; UPDATE dms."Document" SET "ResourceKeyId" = (SELECT "ResourceKeyId" FROM dms."Document" WHERE "DocumentId" = ${first}) WHERE "DocumentId" = ${last}; DELETE FROM dms."DocumentCache" WHERE "DocumentId" = ${last}; ${ready(true)}`,
    [
      'descriptorFold dms.UX_Descriptor_UriLowered_ResourceKeyId 1',
      'descriptorFold dms.UX_Descriptor_UriLowered_ResourceKeyId 1',
    ],
    [
      'descriptorFold dms.UX_Descriptor_UriLowered_ResourceKeyId 1',
      'descriptorFold dms.UX_Descriptor_UriLowered_ResourceKeyId 1',
    ],
  ],
];

describe('rows of a database that finds documents by natural keys', () => {
  let history: DamagedDatabase;
  beforeAll(async () => {
    history = await openHistory('v2-natural');
  });
  afterAll(() => history.database.close());

  it('are right after documents were written, changed, renamed and deleted', async () => {
    expect(await checkData(history.database.connection, history.input)).toEqual([]);
  });

  it.each(damages)('are found and repaired where witnesses decide: %s', async (_, sql, found, left) => {
    const { input, database } = history;
    const { connection } = database;
    await connection.begin();
    try {
      await connection.execute(
        givenScript(
          `SET LOCAL session_replication_role = replica; ${sql}; SET LOCAL session_replication_role = origin`,
        ),
      );
      const nested = nestedConnection(connection);
      const told = (some: Awaited<ReturnType<typeof checkData>>) =>
        some.map(({ kind, object, count }) => `${kind} ${object} ${count}`);
      expect(told(await checkData(nested, input))).toEqual(found);
      expect(told(await repairData(nested, input))).toEqual(left);
      expect(told(await checkData(nested, input))).toEqual(left);
    } finally {
      await connection.rollback();
    }
  });
});
