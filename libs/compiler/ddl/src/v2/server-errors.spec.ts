import { databaseEngines, type TestDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emitters } from '../../test/emitted.ts';
import { failureOf, rolledBack } from '../../test/sql-session.ts';

/* The beginnings of errors that the server of the service distinguishes by their text (design 16 §11.3). */

const insert = `INSERT INTO dms."Document" ("DocumentUuid", "ResourceKeyId") VALUES ('11111111-1111-4111-8111-111111111111', 1)`;

/** A description, the statements that fail, and the beginning of the error. */
const errors: readonly (readonly [what: string, statements: string, begins: string])[] = [
  [
    'a cached document with another UUID',
    `${insert}; INSERT INTO dms."DocumentCache" ("DocumentId", "DocumentUuid", "ProjectName", "ResourceName", "ResourceVersion", "ContentVersion", "StreamEtag", "LastModifiedAt", "DocumentJson")
     SELECT "DocumentId", '22222222-2222-4222-8222-222222222222', 'p', 'r', '1', "ContentVersion", 'e', now(), '{}' FROM dms."Document"`,
    'dms.DocumentCache.DocumentUuid diverges from the owning dms.Document row',
  ],
  [
    'the row of the state is missing',
    `DELETE FROM dms."DocumentCacheState"; ${insert}`,
    'dms.DocumentCacheState singleton row is missing or unreadable for projection enqueue.',
  ],
  [
    'the state is none of the four',
    `ALTER TABLE dms."DocumentCacheState" DROP CONSTRAINT "CK_DocumentCacheState_Lifecycle"; UPDATE dms."DocumentCacheState" SET "ProjectionLifecycleState" = 'Asleep'; ${insert}`,
    'dms.DocumentCacheState.ProjectionLifecycleState has unsupported value',
  ],
];

describe.each(databaseEngines())('errors that a server reads, on $name', ({ openProvisioned }) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openProvisioned((await emitters.v2.campusAndAthletics()).pgsql.script);
  });
  afterAll(() => database.close());

  it.each(errors)('%s', async (_, statements, begins) => {
    const { message } = await rolledBack(database, () => failureOf(database, statements));
    expect(message.slice(0, begins.length)).toBe(begins);
  });
});

it.each(errors)('%s, on SQL Server', async (_what, _statements, begins) => {
  const { script } = (await emitters.v2.campusAndAthletics()).mssql;
  // the batches of the script are literals with further literals inside, so quotes are doubled once more
  expect(script).toMatch(new RegExp(`THROW 50000, N?'+${begins.replaceAll('.', '\\.')}`));
});
