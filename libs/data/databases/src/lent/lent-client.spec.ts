import { trusted } from '@dms/sql';
import { createScratchDatabase, openSession, type PostgresDatabase, type TestDatabase } from '@dms/testing';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { failureOf } from '../../test/engines.ts';
import type { Connection } from '../drivers/connection.ts';
import { isFailure } from '../failures/failure.ts';
import { onLentClient } from './lent-client.ts';

/* Clients that a program owns (design 09 §1.5.1). */

let database: PostgresDatabase;
let administrator: TestDatabase;

beforeAll(async () => {
  database = await createScratchDatabase();
  administrator = await openSession(database.url);
});

afterAll(async () => {
  await administrator.close();
  await database.drop();
});

const ownProcess = async (connection: Pick<Connection, 'query'>) =>
  (await connection.query<{ pid: number }>(trusted('SELECT pg_backend_pid() AS pid')))[0]?.pid ?? 0;

/** Ends a session of the server. */
const terminate = (pid: number) => administrator.query('SELECT pg_terminate_backend($1, 5000)', [pid]);

/** Ends the session, so that the client hears of it only when it reads from its socket again. */
const loseSession = async (connection: Pick<Connection, 'query'>) =>
  void (await terminate(await ownProcess(connection)));

describe('a connection that is lost while the program lends it', () => {
  const clients: pg.Client[] = [];
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.end();
  });
  const connected = async (options: object = {}) => {
    const client = new pg.Client({ connectionString: database.url, ...options });
    await client.connect();
    clients.push(client);
    return client;
  };

  /** What work does with its session, and when the server ends it. */
  const moments: readonly (readonly [name: string, work: (connection: Connection) => Promise<unknown>])[] = [
    [
      'before the first statement',
      async (connection) => {
        await loseSession(connection);
        await connection.query(trusted('SELECT 1'));
      },
    ],
    [
      'between two statements of a transaction, after the client has heard of it',
      async (connection) => {
        await connection.begin();
        await loseSession(connection);
        await new Promise((resolve) => setTimeout(resolve, 50));
        await connection.query(trusted('SELECT 1'));
      },
    ],
    [
      'while a statement runs',
      async (connection) => {
        await connection.begin();
        const pid = await ownProcess(connection);
        await Promise.all([connection.query(trusted('SELECT pg_sleep(10)')), terminate(pid)]);
      },
    ],
    [
      'before the commit',
      async (connection) => {
        await connection.begin();
        await loseSession(connection);
        await connection.commit();
      },
    ],
    [
      'before the rollback, which drops the failure itself',
      async (connection) => {
        await connection.begin('reading');
        await loseSession(connection);
        await connection.rollback();
        await connection.query(trusted('SELECT 1'));
      },
    ],
  ];

  it.each(moments)('%s: a client fails the work, and nothing is left listening', async (_moment, work) => {
    const client = await connected();
    const before = [client.listenerCount('error'), client.listenerCount('end')];
    const failure = await failureOf(() => onLentClient(client, work));
    expect(isFailure(failure, 'DB_CONNECTION_LOST')).toBe(true);
    expect((failure as Error).message).toContain('57P01');
    expect([client.listenerCount('error'), client.listenerCount('end')]).toEqual(before);
    // the client is lost for good
    expect(isFailure(await failureOf(() => onLentClient(client, work)), 'DB_CONNECTION_LOST')).toBe(true);
    expect([client.listenerCount('error'), client.listenerCount('end')]).toEqual(before);
  });

  it.each(moments)('%s: a pool gets its client back as broken, and gives another one', async (_moment, work) => {
    const pool = new pg.Pool({ connectionString: database.url, max: 1 });
    const given: unknown[] = [];
    const listeners: number[][] = [];
    pool.on('release', (error, client) => {
      given.push(error);
      listeners.push([client.listenerCount('error'), client.listenerCount('end')]);
    });
    const heard: Error[] = [];
    pool.on('error', (error) => heard.push(error));
    const failure = await failureOf(() => onLentClient(pool, work));
    expect(isFailure(failure, 'DB_CONNECTION_LOST')).toBe(true);
    expect([pool.totalCount, given]).toEqual([0, [expect.any(Error)]]);
    expect(await onLentClient(pool, (connection) => connection.query(trusted('SELECT 1 AS a')))).toEqual([{ a: 1 }]);
    expect([given.length, given[1], pool.idleCount, heard]).toEqual([2, undefined, 1, []]);
    const client = await pool.connect();
    expect([client.listenerCount('error'), client.listenerCount('end')]).toEqual([0, 0]);
    client.release();
    await pool.end();
  });

  it('after the last statement: the result stands, and the pool gets the client back as broken', async () => {
    const pool = new pg.Pool({ connectionString: database.url, max: 1 });
    const found = await onLentClient(pool, async (connection) => {
      const pid = await ownProcess(connection);
      await terminate(pid);
      await new Promise((resolve) => setTimeout(resolve, 50));
      return pid;
    });
    expect([found > 0, pool.totalCount]).toEqual([true, 0]);
    await pool.end();
  });

  it('in a transaction of the program: the work fails', async () => {
    const client = await connected();
    await client.query('BEGIN');
    const failure = await failureOf(() =>
      onLentClient(client, async (connection) => {
        await loseSession(connection);
        await connection.query(trusted('SELECT 1'));
      }),
    );
    expect([isFailure(failure, 'DB_CONNECTION_LOST'), client.listenerCount('error')]).toEqual([true, 0]);
  });

  it('an ended client, and a pool that cannot connect', async () => {
    const client = await connected();
    await client.end();
    const query = (connection: Connection) => connection.query(trusted('SELECT 1'));
    expect(isFailure(await failureOf(() => onLentClient(client, query)), 'DB_CONNECTION_LOST')).toBe(true);
    expect([client.listenerCount('error'), client.listenerCount('end')]).toEqual([0, 0]);
    const url = new URL(database.url);
    url.port = '1';
    const pool = new pg.Pool({ connectionString: url.href });
    expect(isFailure(await failureOf(() => onLentClient(pool, query)), 'DB_UNREACHABLE')).toBe(true);
    await pool.end();
  });

  it('a statement that the client gives up: its pool drops it, and a client is used no more', async () => {
    const work = async (connection: Connection) => {
      await connection.begin();
      await connection.query(trusted('SELECT pg_sleep(1)'));
    };
    const pool = new pg.Pool({ connectionString: database.url, max: 1, query_timeout: 200 });
    const failure = await failureOf(() => onLentClient(pool, work));
    expect([isFailure(failure, 'DB_TIMEOUT'), pool.totalCount]).toEqual([true, 0]);
    expect((failure as Error).message).toContain('query_timeout');
    await pool.end();
    const client = await connected({ query_timeout: 200 });
    expect(isFailure(await failureOf(() => onLentClient(client, work)), 'DB_TIMEOUT')).toBe(true);
    const next = await failureOf(() => onLentClient(client, (connection) => connection.query(trusted('SELECT 1'))));
    expect([isFailure(next, 'DB_CONNECTION_LOST'), client.listenerCount('error')]).toEqual([true, 0]);
  });
});

describe('values', () => {
  const text = `SELECT true AS b, 7::int2 AS s, 8::int4 AS i, 9::int8 AS l, 9007199254740993 AS xl, 10::oid AS o,
  1.5::float8 AS f, 1.50::numeric AS n, 'a'::text AS t, '{"a":[1]}'::jsonb AS j, '[2]'::json AS k,
  ARRAY[true,false] AS bs, ARRAY[1,NULL]::int2[] AS ss, ARRAY[1,2] AS "is", ARRAY[3,9007199254740993] AS ls,
  ARRAY['a,"b"\\{}', NULL, 'NULL', ''] AS ts, ARRAY[ARRAY[1,2],ARRAY[3,4]] AS m, '[0:1]={5,6}'::int[] AS d, '{}'::int[] AS e,
  'b8bd21f0-b0d1-4b2a-9d0c-93a33d1a6d3f'::uuid AS u, '\\x01ff'::bytea AS y, '2027-01-02'::date AS dt,
  '2027-01-02 03:04:05.678901'::timestamp AS ts0, '2027-01-02 03:04:05+00'::timestamptz AS tz, '03:04'::time AS tm, $1::int AS p`;
  const expected = {
    b: true,
    s: 7,
    i: 8,
    l: 9,
    xl: 9007199254740993n,
    o: 10,
    f: 1.5,
    n: '1.50',
    t: 'a',
    j: { a: [1] },
    k: [2],
    bs: [true, false],
    ss: [1, null],
    is: [1, 2],
    ls: [3, 9007199254740993n],
    ts: ['a,"b"\\{}', null, 'NULL', ''],
    m: [
      [1, 2],
      [3, 4],
    ],
    d: [5, 6],
    e: [],
    u: 'b8bd21f0-b0d1-4b2a-9d0c-93a33d1a6d3f',
    y: '\\x01ff',
    dt: '2027-01-02',
    ts0: '2027-01-02 03:04:05.678901',
    tz: '2027-01-02 03:04:05+00',
    tm: '03:04:00',
    p: 11,
  };
  const everyOid = [
    16, 17, 20, 21, 23, 25, 26, 114, 700, 701, 1000, 1005, 1007, 1009, 1015, 1016, 1043, 1082, 1083, 1114, 1184, 1700,
    2950, 2951, 3802,
  ];

  it.each([
    ['as the package has them', {}, false],
    ['whatever parsers the process has', {}, true],
    ['with the option binary', { binary: true }, false],
    ['with both', { binary: true }, true],
    ['with parsers of the client', { types: { getTypeParser: () => () => 'other' } }, false],
  ])('arrive in one form: %s', async (_name, options, isReplaced) => {
    const kept = everyOid.map((oid) => [oid, pg.types.getTypeParser(oid)] as const);
    const client = new pg.Client({ connectionString: database.url, ...options });
    await client.connect();
    try {
      if (isReplaced)
        for (const oid of everyOid)
          pg.types.setTypeParser(oid, () => {
            throw new Error('the parser of the program');
          });
      const answer = await onLentClient(client, (connection) => connection.query(trusted(text), [11]));
      expect(answer).toEqual([expected]);
      expect((client as { binary?: boolean }).binary ?? false).toBe('binary' in options);
    } finally {
      for (const [oid, parser] of kept) pg.types.setTypeParser(oid, parser);
      await client.end();
    }
  });
});
