import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createScratchDatabase,
  type DatabaseFailure,
  databaseEngines,
  openSession,
  type TestDatabase,
} from './postgres.ts';

describe.each(databaseEngines())('a test database on $name', ({ open }) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await open();
  });

  afterAll(() => database.close());

  it('is empty, and pgcrypto can be installed', async () => {
    expect(await database.queryRows("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1")).toEqual([
      ['information_schema'],
      ['public'],
    ]);
    await database.exec('CREATE EXTENSION pgcrypto');
    expect(await database.queryRows("SELECT encode(digest('', 'sha1'), 'hex')")).toEqual([
      ['da39a3ee5e6b4b0d3255bfef95601890afd80709'],
    ]);
  });

  it('runs several statements at once and takes parameters', async () => {
    await database.exec(
      "CREATE TABLE t (a int, b text); INSERT INTO t VALUES (1, 'x'); INSERT INTO t VALUES (2, NULL)",
    );
    expect(await database.query('SELECT * FROM t WHERE a > $1 ORDER BY a', [0])).toEqual([
      { a: 1, b: 'x' },
      { a: 2, b: null },
    ]);
    expect(await database.queryRows('SELECT b, a FROM t WHERE b = $1', ['x'])).toEqual([['x', 1]]);
  });

  it('returns each type in the same form', async () => {
    const [row] = await database.queryRows(
      `SELECT 1::int2, 2::int4, 9007199254740991::int8, 9007199254740993::int8, true, 1.50::numeric(9,3), 'a'::varchar, 'b'::name,
        ARRAY['x', 'y'], ARRAY['n']::name[], '{"a": [1]}'::jsonb, DATE '2029-02-28', TIME '08:30:00.5',
        TIMESTAMPTZ '2029-02-28 00:00:00+00' AT TIME ZONE 'UTC', '\\xab'::bytea, '00000000-0000-4000-8000-000000000001'::uuid, NULL`,
    );
    expect(row).toEqual([
      1,
      2,
      9007199254740991,
      9007199254740993n,
      true,
      '1.500',
      'a',
      'b',
      ['x', 'y'],
      ['n'],
      { a: [1] },
      '2029-02-28',
      '08:30:00.5',
      '2029-02-28 00:00:00',
      '\\xab',
      '00000000-0000-4000-8000-000000000001',
      null,
    ]);
  });

  it('reports SQLSTATE, constraint and message of a failure', async () => {
    await database.exec('CREATE TABLE u (a int CONSTRAINT positive CHECK (a > 0))');
    const failure = (await database.exec('INSERT INTO u VALUES (0)').catch((error) => error)) as DatabaseFailure;
    expect({ code: failure.code, constraint: failure.constraint }).toEqual({ code: '23514', constraint: 'positive' });
    expect(failure.message).toContain('positive');
    await expect(database.queryRows('SELECT 1/0')).rejects.toMatchObject({ code: '22012' });
  });

  it('answers calls that do not wait for each other in their order', async () => {
    await database.exec('CREATE TABLE w (a int)');
    const insert = (value: number) =>
      database.query('INSERT INTO w VALUES ($1) RETURNING (SELECT count(*) FROM w)', [value]);
    expect(
      await Promise.all([insert(1), insert(2), database.queryRows('SELECT 1/0').catch(() => 'failed'), insert(3)]),
    ).toEqual([[{ count: 0 }], [{ count: 1 }], 'failed', [{ count: 2 }]]);
  });

  it('is one session: a transaction spans calls', async () => {
    await database.exec('CREATE TABLE v (a int)');
    await database.exec('BEGIN');
    await database.exec('INSERT INTO v VALUES (1)');
    await database.exec('ROLLBACK');
    expect(await database.queryRows('SELECT * FROM v')).toEqual([]);
  });
});

describe('a scratch database', () => {
  it('is open to several sessions, and is gone with those that are left', async () => {
    const { name, url, drop } = await createScratchDatabase();
    const one = await openSession(url);
    const other = await openSession(url);
    await one.exec('CREATE TABLE t (a int)');
    await one.exec('BEGIN; LOCK TABLE t');
    await expect(other.exec("BEGIN; SET LOCAL lock_timeout = '50ms'; LOCK TABLE t")).rejects.toMatchObject({
      code: '55P03',
    });
    await one.close();
    await other.close();
    await drop();
    const { url: next, drop: dropNext } = await createScratchDatabase();
    const session = await openSession(next);
    expect(await session.queryRows('SELECT 1 FROM pg_database WHERE datname = $1', [name])).toEqual([]);
    await session.close();
    await dropNext();
  });
});
