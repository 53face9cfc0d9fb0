import { dialectOf, givenScript, trusted, value } from '@dms/sql';
import {
  createScratchDatabase,
  openSession,
  type PostgresDatabase,
  type TestDatabase,
  type TransactionPooler,
  transactionPooler,
} from '@dms/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failureOf, targetOf } from '../../test/engines.ts';
import { isFailure } from '../failures/failure.ts';
import { withPreparingLock } from '../provisioning/database-locks.ts';
import type { Connection } from './connection.ts';
import { openDatabase } from './open-database.ts';
import { command, query } from './statement.ts';

/* Sessions behind a pooler that gives them another session of the server for each transaction (design 09 §1.5). */

let database: PostgresDatabase;
let administrator: TestDatabase;
let pooler: TransactionPooler;
let connection: Connection;

beforeAll(async () => {
  database = await createScratchDatabase();
  administrator = await openSession(database.url);
  await administrator.exec('CREATE TABLE public.numbers (n int PRIMARY KEY)');
  await administrator.exec(`ALTER DATABASE "${database.name}" SET "TimeZone" = 'Asia/Kathmandu'`);
  await administrator.exec(`ALTER DATABASE "${database.name}" SET default_transaction_isolation = 'serializable'`);
  pooler = await transactionPooler(database.url);
});
afterAll(async () => {
  await pooler.close();
  await administrator.close();
  await database.drop();
});
beforeEach(async () => {
  connection = await openDatabase(targetOf(pooler.url), { forCopies: true });
});
afterEach(async () => {
  await connection.close();
  expect(await pooler.leftBehind()).toEqual([]);
  await administrator.exec('TRUNCATE public.numbers');
});

const { sql } = dialectOf.pgsql;

const settingsQuery = `SELECT current_setting('TimeZone') AS zone, current_setting('search_path') AS path,
  current_setting('transaction_isolation') AS level, current_setting('transaction_read_only') AS reading`;
const settings = { zone: 'UTC', path: 'public', level: 'read committed', reading: 'off' };
const insert = (n: number) => command(sql`INSERT INTO public.numbers VALUES (${value(n)})`);
const stored = async () => (await administrator.query('SELECT n FROM public.numbers ORDER BY n')).map(({ n }) => n);

describe('a session behind a pooler', () => {
  it('is recognised, and a direct one is not', async () => {
    const direct = await openDatabase(targetOf(database.url));
    await direct.close();
    expect([connection.pooler === undefined, direct.pooler]).toEqual([false, undefined]);
  });

  it('has its settings in each statement, alone or within a transaction', async () => {
    for (let count = 0; count < 4; count += 1)
      expect(await connection.query(trusted(settingsQuery))).toEqual([settings]);
    expect(await connection.queryEach([trusted(settingsQuery), trusted(settingsQuery)])).toEqual([
      [settings],
      [settings],
    ]);
    await connection.begin();
    expect(await connection.query(trusted(settingsQuery))).toEqual([settings]);
    await connection.commit();
    await connection.begin('reading');
    expect(await connection.query(trusted(settingsQuery))).toEqual([
      { ...settings, level: 'repeatable read', reading: 'on' },
    ]);
    await connection.rollback();
  });

  it('has more settings as long as somebody wants them', async () => {
    const end = connection.pooler?.addLocalSettings(trusted('SET LOCAL jit TO off'));
    const jit = async () =>
      (await connection.query(trusted("SELECT source FROM pg_settings WHERE name = 'jit'")))[0]?.source;
    const within = await jit();
    end?.();
    expect([within, await jit()]).toEqual(['session', 'default']);
  });

  it('knows the process that works on its transaction', async () => {
    await connection.begin();
    const [row] = await connection.query(trusted('SELECT pg_backend_pid() AS pid'));
    expect(connection.pooler?.process()).toBe(row?.pid);
    await connection.rollback();
    expect(connection.pooler?.process()).toBeNull();
  });

  it('takes the same named statement several times, in any session of the server', async () => {
    const named = { ...query(sql`SELECT ${value(7)}::int AS n`), name: 'dms-seven' };
    for (let count = 0; count < 4; count += 1)
      expect(await connection.queryAll([named, named])).toEqual([[{ n: 7 }], [{ n: 7 }]]);
  });

  it('undoes all that a failing call has sent', async () => {
    const error = await failureOf(() => connection.queryAll([insert(1), insert(1)]));
    expect(isFailure(error, 'DB_SQL')).toBe(true);
    expect(await stored()).toEqual([]);
    await connection.queryAll([insert(2), insert(3)]);
    expect(await stored()).toEqual([2, 3]);
  });

  it('keeps statements of a transaction apart from those that come before and after it', async () => {
    const alone = connection.queryAll([insert(1)]);
    await connection.begin();
    await connection.queryAll([insert(2)]);
    const ended = connection.rollback();
    const after = connection.queryAll([insert(3)]);
    await Promise.all([alone, ended, after]);
    expect(await stored()).toEqual([1, 3]);
  });

  it('copies rows', async () => {
    await connection.copyIn?.(sql`COPY public.numbers FROM STDIN`, '4\n5\n');
    expect(await stored()).toEqual([4, 5]);
  });

  it('creates databases, which no transaction may', async () => {
    const name = `${database.name}_more`;
    await connection.execute(givenScript(`CREATE DATABASE "${name}"`));
    await connection.execute(givenScript(`DROP DATABASE "${name}"`));
  });

  it('ends a statement that is cancelled', async () => {
    const cancellation = new AbortController();
    const sleeping = failureOf(() =>
      connection.query(trusted('SELECT pg_sleep(60)'), [], { signal: cancellation.signal }),
    );
    const isAsleep = "SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)' AND state = 'active'";
    while ((await administrator.query(isAsleep)).length === 0);
    cancellation.abort();
    expect(isFailure(await sleeping, 'DB_CANCELLED')).toBe(true);
    expect(await connection.query(trusted('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
  });

  it('is refused where a lock must outlive a transaction', async () => {
    const error = await failureOf(() => withPreparingLock(connection, async () => 'done'));
    expect(error).toMatchObject({
      code: 'DB_POOLER',
      message: expect.stringContaining('Connect to the server itself.'),
    });
  });
});
