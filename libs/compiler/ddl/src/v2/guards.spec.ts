import { databaseEngines, type TestDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emitters } from '../../test/emitted.ts';
import { attempts, minimal as firstGeneration, personProject } from '../../test/provisioned.ts';
import { failureOf, inSavepoint, singleValue } from '../../test/sql-session.ts';

/* The databases that a script of the second generation refuses before it changes anything (design 16 §5.1). */

const person = emitters.v2.documents(personProject('ed-fi'));
const { script } = person.pgsql;
const other = emitters.v2.documents(personProject('rival', '6.0.0')).pgsql.script;

const recreate = 'Drop and recreate the database.';
const otherLayout = `is of another layout of schema dms. ${recreate}`;

/** A change to a database, and the message with which the script then refuses it. */
const refusals: readonly (readonly [title: string, change: string, message: string])[] = [
  ['no table of the data store', 'DROP TABLE dms."DataStoreIdentity"', `dms.DataStoreIdentity is missing. ${recreate}`],
  [
    'no row of the data store',
    'DELETE FROM dms."DataStoreIdentity"',
    `The row of dms.DataStoreIdentity is missing. ${recreate}`,
  ],
  [
    'a data store that is zero',
    `UPDATE dms."DataStoreIdentity" SET "SourceIdentity" = '00000000-0000-0000-0000-000000000000'`,
    `dms.DataStoreIdentity.SourceIdentity is zero. ${recreate}`,
  ],
  [
    'no table of the cache state',
    'DROP TABLE dms."DocumentCacheState"',
    `dms.DocumentCacheState is missing. ${recreate}`,
  ],
  [
    'no row of the cache state',
    'DELETE FROM dms."DocumentCacheState"',
    `The row of dms.DocumentCacheState is missing. ${recreate}`,
  ],
  [
    'a state that is not one of the four',
    `ALTER TABLE dms."DocumentCacheState" DROP CONSTRAINT "CK_DocumentCacheState_Lifecycle";
     UPDATE dms."DocumentCacheState" SET "ProjectionLifecycleState" = 'disabled'`,
    `dms.DocumentCacheState.ProjectionLifecycleState is 'disabled'. ${recreate}`,
  ],
  [
    'a state that is NULL',
    `ALTER TABLE dms."DocumentCacheState" ALTER "ProjectionLifecycleState" DROP NOT NULL;
     UPDATE dms."DocumentCacheState" SET "ProjectionLifecycleState" = NULL`,
    `dms.DocumentCacheState.ProjectionLifecycleState is NULL. ${recreate}`,
  ],
  [
    'a recovery flag that is NULL',
    `ALTER TABLE dms."DocumentCacheState" ALTER "CacheAheadRecoveryRequired" DROP NOT NULL;
     UPDATE dms."DocumentCacheState" SET "CacheAheadRecoveryRequired" = NULL`,
    `dms.DocumentCacheState.CacheAheadRecoveryRequired is NULL. ${recreate}`,
  ],
  [
    'the column Etag',
    'ALTER TABLE dms."DocumentCache" ADD "Etag" text',
    `The column dms.DocumentCache.Etag ${otherLayout}`,
  ],
  [
    'a unique constraint of the cache',
    'ALTER TABLE dms."DocumentCache" ADD CONSTRAINT "UX_DocumentCache_DocumentUuid" UNIQUE ("DocumentUuid")',
    `The constraint UX_DocumentCache_DocumentUuid ${otherLayout}`,
  ],
  [
    'an index of the cache',
    'CREATE INDEX "IX_DocumentCache_ProjectName_ResourceName_LastModifiedAt" ON dms."DocumentCache" ("ProjectName")',
    `The index IX_DocumentCache_ProjectName_ResourceName_LastModifiedAt ${otherLayout}`,
  ],
];

describe.each(databaseEngines())('guards on $name', ({ openProvisioned }) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await openProvisioned(script);
  });

  afterAll(() => database.close());

  const { provisioned, onEmpty, afterChange } = attempts(() => database);

  it.each(refusals)('a complete database with %s is refused, and stays as it is', async (_title, change, message) => {
    expect(await afterChange(change, script)).toMatchObject({ code: 'P0001', message });
  });

  it('a database of another schema set is refused as such, whatever else is wrong with it', async () => {
    const expected = /^EffectiveSchemaHash mismatch: database has '[0-9a-f]{64}' but expected '[0-9a-f]{64}'$/;
    for (const change of ['SELECT 1', ...refusals.map(([, text]) => text)]) {
      const failure = await afterChange(change, other);
      expect([failure.code, failure.message], change).toEqual(['P0001', expect.stringMatching(expected)]);
    }
  });

  it('a database of the other generation is refused as one of another schema set, in both directions', async () => {
    expect((await afterChange('SELECT 1', firstGeneration.pgsql.script)).message).toMatch(
      /^EffectiveSchemaHash mismatch/,
    );
    await onEmpty(async () => {
      await database.exec(firstGeneration.pgsql.script);
      expect((await failureOf(database, script)).message).toMatch(/^EffectiveSchemaHash mismatch/);
    });
  });

  it('missing objects of an incomplete database are created again', () =>
    provisioned(async () => {
      await database.exec('DELETE FROM dms."EffectiveSchema"');
      for (const [title, change] of refusals.slice(0, 2))
        await inSavepoint(database, async () => {
          await database.exec(change);
          await database.exec(script);
          expect(await singleValue(database, 'SELECT count(*) FROM dms."DataStoreIdentity"'), title).toBe(1);
        });
      // remains of another layout make the script refuse a new database too
      await database.exec('ALTER TABLE dms."DocumentCache" ADD "Etag" text');
      expect((await failureOf(database, script)).message).toContain(otherLayout);
    }));

  it('a session that continues after a refusal can change nothing', async () => {
    await expect(database.exec(other)).rejects.toMatchObject({ code: 'P0001' });
    // a client that sends statements one by one has run the block that disarms the session
    const [disarming = ''] = other.split(/^END \$(?:\w*)\$;$/m);
    const tag = /DO (\$\w*\$)/.exec(disarming)?.[1] ?? '';
    await database.exec(`${disarming}END ${tag};`);
    expect(await singleValue(database, 'SHOW default_transaction_read_only')).toBe('on');
    await expect(database.exec('CREATE SCHEMA rival')).rejects.toMatchObject({ code: '25006' });
    await database.exec('SET default_transaction_read_only = off');
    await database.exec(script);
    expect(await singleValue(database, 'SHOW default_transaction_read_only')).toBe('off');
  });

  it('a second run changes neither the data store nor the state of the cache', () =>
    provisioned(async () => {
      await database.exec(`UPDATE dms."DocumentCacheState" SET "ProjectionLifecycleState" = 'Tracking'`);
      const rows = 'SELECT s::text, i::text FROM dms."DocumentCacheState" AS s, dms."DataStoreIdentity" AS i';
      const before = await database.queryRows(rows);
      await database.exec(script);
      expect(await database.queryRows(rows)).toEqual(before);
      expect(before).toHaveLength(1);
    }));
});

describe('guards of a SQL Server script', () => {
  const [preflight = ''] = person.mssql.script.split('-- Phase 1: Schemas');

  it.each(
    refusals
      .filter(([title]) => title !== 'a state that is NULL')
      .map(([title, , message]) => [title, message] as const),
  )('%s has the message that PostgreSQL has', (_title, message) => {
    // the text gets the state when the script runs
    for (const part of message.split("'disabled'")) expect(preflight).toContain(part.replaceAll("'", "''"));
  });

  it('read tables that may be missing through dynamic SQL only, disarm the session, and come in the order of the chapter', () => {
    const direct = preflight.replaceAll(/EXEC sys\.sp_executesql[\s\S]*?;\n/g, '');
    expect(preflight.match(/sp_executesql/g)).toHaveLength(2);
    expect(direct).not.toMatch(/FROM \[dms\]\.\[(DataStoreIdentity|DocumentCacheState)\]/);
    expect(direct).toMatch(/RAISERROR\(N'%s', 16, 1, @refusal\);\s+SET NOEXEC ON;/);
    const places = ['EffectiveSchemaHash mismatch', ...refusals.map(([, , message]) => message.split("'")[0]!)]
      .filter((text) => !text.includes('State is NULL'))
      .map((text) => preflight.indexOf(text));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });
});
