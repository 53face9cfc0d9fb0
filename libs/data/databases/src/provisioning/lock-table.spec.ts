import { mappingVersions } from '@dms/api-schema';
import { DmsError } from '@dms/diagnostics';
import { givenScript, trusted } from '@dms/sql';
import { createScratchDatabase, type PostgresDatabase } from '@dms/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { empty } from '../../test/benches.ts';
import { targetOf } from '../../test/engines.ts';
import { emitted, smallSet } from '../../test/schema-sets.ts';
import type { ServerTarget } from '../addressing/target.ts';
import { type Connection, rolledBack } from '../drivers/connection.ts';
import { openDatabase } from '../drivers/open-database.ts';
import { isFailure } from '../failures/failure.ts';
import {
  inLockRoom,
  type LockTable,
  locksOfNamed,
  locksOfScript,
  lockTableFindings,
  readLockTable,
  upgradeLockFindings,
} from './lock-table.ts';
import { provision } from './provision.ts';

/* How many locks a transaction takes, and how many the server has room for (design 09c §2). */

let database: PostgresDatabase;
let connection: Connection;

beforeAll(async () => {
  database = await createScratchDatabase();
  connection = await openDatabase(targetOf(database.url));
});
afterAll(async () => {
  await connection.close();
  await database.drop();
});

/** Objects that the session holds locks on; many kinds of lock on an object take one place. */
const held = async () => {
  const [row] = await connection.query<{ n: number }>(
    trusted(`SELECT count(DISTINCT (locktype, database, relation, classid, objid))::int4 AS n FROM pg_locks
WHERE pid = pg_backend_pid() AND locktype IN ('relation', 'object', 'advisory')`),
  );
  return row?.n ?? 0;
};

const table = (change: Partial<LockTable> = {}): LockTable => ({
  perTransaction: 64,
  connections: 22,
  prepared: 0,
  certain: 1_408,
  usual: 3_456,
  most: 4_032,
  ...change,
});

describe('the locks of a script', () => {
  beforeEach(() => empty(connection));

  it.each(mappingVersions)('are counted before it runs, with a small reserve (%s)', async (version) => {
    const { script, catalog } = emitted(smallSet('5.0.0', version), 'pgsql');
    const found = await rolledBack(connection, async () => {
      await connection.execute(givenScript(script));
      return held();
    });
    const counted = locksOfScript(catalog);
    expect(counted).toBeGreaterThanOrEqual(found);
    expect(counted).toBeLessThanOrEqual(found * 1.2 + 40);
  });
});

describe('the locks of tables that exist', () => {
  it('are those on the tables, their indexes and their tables for long values', async () => {
    await connection.execute(
      givenScript('CREATE TABLE public.a (id int PRIMARY KEY, n int UNIQUE); CREATE TABLE public.b (t text)'),
    );
    const count = (...names: readonly string[]) =>
      locksOfNamed(
        connection,
        names.map((name) => ({ schema: 'public', name })),
      );
    const none = await count();
    expect([await count('a'), await count('b'), await count('a', 'b', 'absent')]).toEqual([
      none + 3,
      none + 3,
      none + 6,
    ]);
    await connection.execute(givenScript('DROP TABLE public.a, public.b'));
  });
});

describe('the lock table of a server', () => {
  it('is what its settings say', async () => {
    const [row] = await connection.query<{ per: number; connections: number }>(
      trusted(
        "SELECT current_setting('max_locks_per_transaction')::int4 AS per, current_setting('max_connections')::int4 AS connections",
      ),
    );
    const found = await readLockTable(connection);
    expect(found).toMatchObject({
      perTransaction: row!.per,
      connections: row!.connections,
      certain: row!.per * row!.connections,
    });
    expect(found!.usual).toBeGreaterThan(found!.certain);
    expect(found!.most).toBeGreaterThan(found!.usual);
  });

  it('is named by the hint of the server where it is full, which stays in the message with the option of a fleet', async () => {
    // imitates the message of the server, because a lock table that is really full would disturb other tests of the run
    const full = `DO $$ BEGIN RAISE EXCEPTION 'out of shared memory' USING ERRCODE = '53200', DETAIL = 'detail of it',
  HINT = 'You might need to increase "max_locks_per_transaction".'; END $$`;
    const error = await connection.execute(givenScript(full)).catch((failure: unknown) => failure);
    if (!isFailure(error, 'DB_SQL')) throw error;
    expect(error.message).toContain(
      'out of shared memory (53200). DETAIL: detail of it. HINT: You might need to increase "max_locks_per_transaction".',
    );
    expect(error.message).toContain('--concurrency-per-server');
  });
});

describe('a transaction is compared with the lock table', () => {
  const findings = (needed: number, of: LockTable | null = table()) =>
    lockTableFindings({ label: 'db' }, 'the script', needed, of);

  it('and passes where it surely fits, and where there is no such table', () => {
    expect([findings(1_408), findings(1_000_000, null)]).toEqual([[], []]);
  });

  it('and is warned of where it may not fit beside others', () => {
    const [found] = findings(2_600);
    expect(found?.code).toBe('DB_LOCK_TABLE_SMALL');
    expect(found?.message).toContain(
      'max_locks_per_transaction 64 × (max_connections 22 + max_prepared_transactions 0)',
    );
    expect(found?.message).toContain('Set max_locks_per_transaction to 119 or more');
    expect(found?.message).toContain('--concurrency-per-server');
  });

  it('and so is an upgrade of all tables, whose plan counts what it really takes', () => {
    const ofUpgrade = (needed: number, of: LockTable | null = table()) =>
      upgradeLockFindings({ label: 'db' }, needed, of);
    expect([ofUpgrade(1_408), ofUpgrade(1_000_000, null)]).toEqual([[], []]);
    // it never refuses, because the count is the most that an upgrade may take
    const [[small], [large]] = [ofUpgrade(1_409), ofUpgrade(1_000_000)];
    expect([small?.code, large?.code]).toEqual(['DB_LOCK_TABLE_SMALL', 'DB_LOCK_TABLE_SMALL']);
    // 1,409 locks for 22 connections are 64.05 each
    expect(small?.message).toContain('Set max_locks_per_transaction to 65 or more');
    expect(small?.message).toContain('upgrade plan with this connection counts the locks');
  });

  it('and is refused where it cannot fit', () => {
    const refused = () => findings(4_200);
    expect(refused).toThrow(DmsError);
    expect(refused).toThrow(
      /takes about 4200 locks .* holds at most 4032 .* Set max_locks_per_transaction to 191 or more/,
    );
  });

  it('before a database is provisioned: nothing is changed', async () => {
    await empty(connection);
    const target = targetOf(database.url) as ServerTarget;
    const tiny = { per_transaction: 1, connections: 1, prepared: 0, processes: 1 };
    const run = provision(target, emitted(smallSet('5.0.0', 'v1'), 'pgsql'), {
      retryDelays: [],
      open: async (opening, options) => {
        const own = await openDatabase(opening, options);
        const queryAll: Connection['queryAll'] = async (statements, limits) =>
          statements[0]?.pieces[0]?.includes('max_locks_per_transaction') ? [[tiny]] : own.queryAll(statements, limits);
        return { ...own, queryAll };
      },
    });
    await expect(run).rejects.toMatchObject({ code: 'DB_LOCK_TABLE' });
    expect(await connection.query(trusted("SELECT to_regnamespace('dms') AS found"))).toEqual([{ found: null }]);
  });
});

describe('databases of one server in one run', () => {
  const room = (needed: number, onWaiting?: (text: string) => void, signal?: AbortSignal) => ({
    target: { kind: 'server' as const, host: 'spec', port: 1 },
    table: table(),
    needed,
    onWaiting,
    signal,
  });

  it('begin when the lock table has room, and one is always allowed', async () => {
    const events: string[] = [];
    const ends: (() => void)[] = [];
    const work = (name: string) => () =>
      new Promise<void>((resolve) => {
        events.push(`${name} begins`);
        ends.push(() => {
          events.push(`${name} ends`);
          resolve();
        });
      });
    const first = inLockRoom(room(4_000), work('first'));
    const second = inLockRoom(
      room(1_000, (text) => events.push(text)),
      work('second'),
    );
    const third = inLockRoom(room(1_000), work('third'));
    expect(events).toEqual(['first begins', expect.stringContaining('lower --concurrency-per-server')]);
    ends[0]!();
    await first;
    await Promise.resolve();
    expect(events.slice(2)).toEqual(['first ends', 'second begins', 'third begins']);
    for (const end of ends.slice(1)) end();
    await Promise.all([second, third]);
  });

  it('do not wait when the run is cancelled', async () => {
    const cancelled = new AbortController();
    let end = () => {};
    const first = inLockRoom(room(4_000), () => new Promise<void>((resolve) => (end = resolve)));
    const second = inLockRoom(room(1_000, undefined, cancelled.signal), async () => 'noticed');
    cancelled.abort();
    expect(await second).toBe('noticed');
    end();
    await first;
  });
});
