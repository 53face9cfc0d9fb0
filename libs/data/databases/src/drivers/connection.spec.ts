import { getEventListeners } from 'node:events';
import { dialectOf, givenScript, trusted, value } from '@dms/sql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engines, failureOf, type OpenedEngine } from '../../test/engines.ts';
import { driverCodeOf, isFailure } from '../failures/failure.ts';
import { checkWritable, serverVersion } from '../health/server-checks.ts';
import type { Connection } from './connection.ts';
import { query } from './statement.ts';

const { sql } = dialectOf.pgsql;

describe.each(engines())('a connection to $name', ({ open, name }) => {
  let opened: OpenedEngine;
  let connection: Connection;

  beforeAll(async () => {
    opened = await open();
    connection = opened.connection;
  });

  afterAll(() => opened.close());

  it('registers one listener for the end of statements that are sent together', async () => {
    const { signal } = new AbortController();
    const statements = Array.from({ length: 30 }, (_, n) => query(sql`SELECT ${value(n)}::int AS n`));
    const running = connection.queryAll(statements, { signal });
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    expect((await running).map(([row]) => row?.n)).toEqual(statements.map(({ parameters: [n] }) => n));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('returns rows as arrays if a statement asks for that, with or without parameters', async () => {
    const statement = query(sql`SELECT 1 AS a, 1 AS a, NULL AS b, 9007199254740993::int8 AS c`);
    const bound = query(sql`SELECT ${value(5)}::int AS n`);
    const answers = await connection.queryAll([
      { ...statement, asArrays: true },
      { ...bound, asArrays: true },
      bound,
      { ...query(sql`SELECT 1 AS a WHERE false`), asArrays: true },
    ]);
    expect(answers).toEqual([[[1, 1, null, 9007199254740993n]], [[5]], [{ n: 5 }], []]);
  });

  it('runs a named statement repeatedly, in and after transactions', async () => {
    const statement = (n: number) => ({ ...query(sql`SELECT ${value(n)}::int AS n`), name: 'dms-again' });
    await connection.begin();
    expect(await connection.queryAll([statement(1), statement(2)])).toEqual([[{ n: 1 }], [{ n: 2 }]]);
    await connection.rollback();
    for (let n = 3; n < 12; n += 1) expect(await connection.queryAll([statement(n)])).toEqual([[{ n }]]);
  });

  it('returns each type in the same form on every engine', async () => {
    const [row] = await connection.query(
      trusted(`SELECT 1::int2 AS a, 9007199254740991::int8 AS b, 9007199254740993::int8 AS c, true AS d, 1.50::numeric(9,3) AS e, 'x'::"char" AS f,
        ARRAY[1, 2]::int4[] AS g, '{"a": [1]}'::jsonb AS h, DATE '2029-02-28' AS i, TIMESTAMPTZ '2029-02-28 01:02:03+00' AS j,
        '\\xab'::bytea AS k, NULL AS l`),
    );
    expect(row).toEqual({
      a: 1,
      b: 9007199254740991,
      c: 9007199254740993n,
      d: true,
      e: '1.500',
      f: 'x',
      g: [1, 2],
      h: { a: [1] },
      i: '2029-02-28',
      j: '2029-02-28 01:02:03+00',
      k: '\\xab',
      l: null,
    });
  });

  it('accepts parameters, and several statements in one text', async () => {
    expect(await connection.query(trusted('SELECT $1::int4 + 1 AS a, $2::text AS b'), [1, 'x'])).toEqual([
      { a: 2, b: 'x' },
    ]);
    expect(
      await connection.queryEach([
        trusted('SELECT 1 AS a'),
        trusted("SELECT 'x' AS b WHERE false"),
        trusted('SELECT 2 AS c UNION ALL SELECT 3'),
      ]),
    ).toEqual([[{ a: 1 }], [], [{ c: 2 }, { c: 3 }]]);
    expect(await connection.queryEach([trusted('SELECT 4 AS d')])).toEqual([[{ d: 4 }]]);
  });

  it('rolls back and commits', async () => {
    await connection.begin();
    await connection.execute(givenScript('CREATE TABLE t (a int); INSERT INTO t VALUES (1)'));
    await connection.rollback();
    expect(await connection.query(trusted("SELECT to_regclass('t') AS t"))).toEqual([{ t: null }]);
    await connection.begin();
    await connection.execute(givenScript('CREATE TABLE t (a int)'));
    await connection.commit();
    expect(await connection.query(trusted("SELECT to_regclass('t')::text AS t"))).toEqual([{ t: 't' }]);
  });

  it('names the statement that fails, and continues', async () => {
    const script = 'SELECT 1;\n\nCREATE TABLE u (\n    a nonsense\n);\n';
    const error = await failureOf(() => connection.execute(givenScript(script)));
    expect(isFailure(error, 'DB_SQL')).toBe(true);
    expect(driverCodeOf(error)).toBe('42704');
    if (!isFailure(error)) throw error;
    const [{ where, details, message }] = error.diagnostics;
    expect(where).toEqual({ line: 4, column: 7 });
    expect(details).toEqual({
      label: connection.label,
      driverCode: '42704',
      serverText: 'type "nonsense" does not exist',
      statement: 'CREATE TABLE u (',
      routine: 'typenameType',
    });
    expect(message).toContain('type "nonsense" does not exist');
    expect(message.length).toBeLessThan(400);
    expect(await connection.query(trusted('SELECT 1 AS a'))).toEqual([{ a: 1 }]);
  });

  it('names the constraint that refuses a row', async () => {
    await connection.execute(givenScript('CREATE TABLE v (a int CONSTRAINT positive CHECK (a > 0))'));
    const error = await failureOf(() => connection.query(trusted('INSERT INTO v VALUES ($1)'), [0]));
    if (!isFailure(error, 'DB_SQL')) throw error;
    expect(error.diagnostics[0].details).toMatchObject({ driverCode: '23514', object: 'positive' });
  });

  it('names the key of a refused row, and no other value of it', async () => {
    await connection.execute(
      givenScript(`CREATE TABLE public.pupils (id int PRIMARY KEY, name text NOT NULL CHECK (name <> 'Rui'), born date);
       INSERT INTO public.pupils VALUES (604822, 'Ana', '2015-04-01');
       CREATE VIEW public.anas AS SELECT * FROM public.pupils WHERE name = 'Ana' WITH CHECK OPTION`),
    );
    const messageOf = async (sql: string) => {
      const error = await failureOf(() => connection.execute(givenScript(sql)));
      return isFailure(error, 'DB_SQL') ? error.message : '';
    };
    const taken = await messageOf("INSERT INTO public.pupils VALUES (604822, 'Eva', '2015-04-02')");
    expect(taken).toContain('"pupils_pkey" (23505). DETAIL: Key (id)=(604822) already exists.');
    const refused = [
      await messageOf("INSERT INTO public.pupils VALUES (1, NULL, '2015-04-02')"),
      await messageOf("INSERT INTO public.pupils VALUES (1, 'Rui', '2015-04-02')"),
      await messageOf("INSERT INTO public.anas VALUES (1, 'Eva', '2015-04-02')"),
    ];
    expect(refused.map((message) => /\((\d{5})\)\.(?! DETAIL)/.exec(message)?.[1])).toEqual([
      '23502',
      '23514',
      '44000',
    ]);
    for (const message of [taken, ...refused]) expect(message).not.toContain('2015-04-02');
    const raised = await messageOf(
      `DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '23514', DETAIL = 'because'; END $$`,
    );
    expect(raised).toContain('no (23514). DETAIL: because.');
    await connection.execute(givenScript('DROP TABLE public.pupils CASCADE'));
  });

  it('knows its server, and that objects may be created there', async () => {
    const { product, version } = await serverVersion(connection);
    expect(product).toBe('PostgreSQL');
    expect(version).toMatch(/^\d\d\.\d+$/);
    await checkWritable(connection);
  });

  it('does not start a statement that was cancelled before', async () => {
    const error = await failureOf(() =>
      connection.execute(givenScript('CREATE TABLE w (a int)'), { signal: AbortSignal.abort() }),
    );
    expect(isFailure(error, 'DB_CANCELLED')).toBe(true);
    expect(await connection.query(trusted("SELECT to_regclass('w') AS w"))).toEqual([{ w: null }]);
  });

  // last, because the embedded engine ends with this test
  it(`gives up a statement with its task; ${name === 'PGlite' ? 'the engine ends with it' : 'the session continues'}`, async () => {
    const started = performance.now();
    const error = await failureOf(() =>
      connection.execute(givenScript('SELECT pg_sleep(20)'), { signal: AbortSignal.timeout(50) }),
    );
    expect(isFailure(error, 'DB_CANCELLED')).toBe(true);
    expect(performance.now() - started).toBeLessThan(10_000);
    if (name === 'PGlite') {
      const after = await failureOf(() => connection.query(trusted('SELECT 1')));
      expect(isFailure(after, 'DB_CONNECTION_LOST')).toBe(true);
    } else expect(await connection.query(trusted('SELECT 1 AS a'))).toEqual([{ a: 1 }]);
  });
});
