import { givenScript, trusted } from '@dms/sql';
import { errorOf } from '@dms/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { parseTarget } from '../addressing/parse-target.ts';
import type { Connection } from '../drivers/connection.ts';
import { openDatabase } from '../drivers/open-database.ts';
import { openPgsqlServer } from '../drivers/pgsql-server.ts';
import { type PostgresServer, startPostgresServer } from '../engines/postgres-server.ts';
import { blockerWatch } from '../provisioning/blocking-sessions.ts';
import { lockedTransaction } from '../provisioning/database-locks.ts';
import { provisioningLock } from '../provisioning/provisioning-dialects.ts';
import { holdersAdvice, type NamedHolder } from './lock-holders.ts';

/* Locks of prepared transactions, which no session holds (design 09 §1.4). */

let server: PostgresServer;
let connection: Connection;

beforeAll(async () => {
  server = await startPostgresServer({ isInMemory: true, settings: { max_prepared_transactions: '3' } });
});
afterAll(() => server.stop());

/** An interval of watches that is short enough for a spec. */
const interval = 200;

function targetOf(url: string) {
  const { target } = parseTarget(url, 'pgsql');
  if (target.kind !== 'server' || target.dialect !== 'pgsql') throw new Error(target.kind);
  return target;
}
const open = () => openDatabase(targetOf(server.url));

/** A transaction of somebody whose program has ended before it could end the transaction. */
async function orphan(gid: string, ...texts: readonly string[]): Promise<void> {
  const other = await open();
  for (const text of ['BEGIN', ...texts, `PREPARE TRANSACTION '${gid.replaceAll("'", "''")}'`])
    await other.execute(givenScript(text));
  await other.close();
}

beforeEach(async () => {
  connection = await open();
  await connection.execute(givenScript('CREATE TABLE IF NOT EXISTS place (id int PRIMARY KEY, name text)'));
  await connection.execute(givenScript('INSERT INTO place VALUES (1) ON CONFLICT DO NOTHING'));
});
afterEach(async () => {
  await connection.rollback();
  const left = await connection.query<{ text: string }>(
    trusted(`SELECT format('ROLLBACK PREPARED %L', gid) AS text FROM pg_prepared_xacts`),
  );
  for (const { text } of left) await connection.execute(givenScript(text));
  await connection.close();
});

/** The holders that a watch sees while a statement waits for its lock. */
async function holdersOf(statement: string): Promise<readonly NamedHolder[]> {
  let seen: readonly NamedHolder[] = [];
  const watch = await blockerWatch(connection, { delay: 100, open });
  await connection.begin();
  await connection.execute(givenScript("SET LOCAL lock_timeout = '1s'"));
  const failure = await errorOf(() =>
    watch(
      () => connection.execute(givenScript(statement)),
      (error, holders) => {
        seen = holders;
        return error;
      },
    ),
  );
  expect(failure.code).toBe('DB_LOCK_TIMEOUT');
  return seen;
}

it.each([
  ['a table', 'LOCK TABLE place IN ROW EXCLUSIVE MODE', 'LOCK TABLE place'],
  ['a row', 'UPDATE place SET name = NULL WHERE id = 1', 'UPDATE place SET id = 2 WHERE id = 1'],
  ['a key', 'INSERT INTO place VALUES (7)', 'INSERT INTO place VALUES (7)'],
])('names the prepared transaction that holds %s', async (_, held, wanted) => {
  await orphan('far', 'SELECT 1');
  await orphan("it's lost", held);
  const holders = await holdersOf(wanted);
  expect(holders).toEqual([
    {
      text: expect.stringMatching(
        /^the prepared transaction 'it''s lost' of postgres in the database postgres, since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
      ),
      endings: ["COMMIT PREPARED 'it''s lost'", "ROLLBACK PREPARED 'it''s lost'"],
    },
  ]);
  expect(holdersAdvice(holders)).toBe(
    "End it with COMMIT PREPARED 'it''s lost' or ROLLBACK PREPARED 'it''s lost', in its database",
  );
});

it('names sessions beside it', async () => {
  await orphan('lost', 'LOCK TABLE place IN ROW EXCLUSIVE MODE');
  const writer = await open();
  await writer.begin();
  await writer.execute(givenScript('LOCK TABLE place IN ROW EXCLUSIVE MODE'));
  const holders = await holdersOf('LOCK TABLE place');
  await writer.close();
  expect(holders.map(({ text }) => text)).toEqual([
    expect.stringMatching(/^session \d+ /),
    expect.stringMatching(/^the prepared transaction 'lost'/),
  ]);
  expect(holdersAdvice(holders)).toMatch(/PREPARED 'lost', in its database, and end the sessions$/);
});

it('names prepared transactions in every failure to get a lock, and none where there are none', async () => {
  const refused = () =>
    errorOf(async () => {
      await connection.begin();
      try {
        await connection.execute(givenScript("SET LOCAL lock_timeout = '100ms'; LOCK TABLE place"));
      } finally {
        await connection.rollback();
      }
    });
  const writer = await open();
  await writer.begin();
  await writer.execute(givenScript('LOCK TABLE place'));
  const alone = await refused();
  expect([alone.code, alone.message.includes('prepared')]).toEqual(['DB_LOCK_TIMEOUT', false]);
  await writer.close();
  await orphan('lost', 'LOCK TABLE place');
  const error = await refused();
  expect(error.code).toBe('DB_LOCK_TIMEOUT');
  expect(error.message).toMatch(
    /Locks are also held by the prepared transaction 'lost' of postgres .* COMMIT PREPARED 'lost' or ROLLBACK PREPARED 'lost' ends it\./,
  );
});

it('names it where a statement without a limit waits for nobody who works', async () => {
  await orphan('lost', 'LOCK TABLE place');
  const watched = await openPgsqlServer(targetOf(server.url), { interval });
  const error = await errorOf(() => watched.execute(givenScript('SELECT FROM place')));
  await watched.close();
  expect(error.code).toBe('DB_TIMEOUT');
  expect(error.message).toContain("ROLLBACK PREPARED 'lost' ends it.");
});

it('names it as the holder of the lock of provisioning', async () => {
  await orphan('half a script', `SELECT pg_advisory_xact_lock(${provisioningLock})`);
  const watched = await openPgsqlServer(targetOf(server.url), { interval });
  const waiting: string[] = [];
  const error = await errorOf(() =>
    lockedTransaction(watched, async () => undefined, { onWaiting: (holder) => waiting.push(holder) }),
  );
  await watched.close();
  expect(error.code).toBe('PROVISION_LOCKED');
  expect(error.message).toContain("End it with COMMIT PREPARED 'half a script' or ROLLBACK PREPARED 'half a script'");
  expect(waiting).toEqual([expect.stringContaining("the prepared transaction 'half a script'")]);
});
