import { randomBytes } from 'node:crypto';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { dialectOf, givenScript, trusted } from '@dms/sql';
import {
  createScratchDatabase,
  openSession,
  type PostgresDatabase,
  serverFacts,
  type TestDatabase,
} from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, targetOf } from '../../test/engines.ts';
import { copiedRowOf, driverCodeOf, isFailure } from '../failures/failure.ts';
import { checkWritable } from '../health/server-checks.ts';
import type { Connection } from './connection.ts';
import { openDatabase } from './open-database.ts';
import { query } from './statement.ts';

const { sql } = dialectOf.pgsql;

let database: PostgresDatabase;
let administrator: TestDatabase;
const { asksForPassword } = await serverFacts();
const password = `P@s/s:${randomBytes(9).toString('base64')}`;
const role = `dms_role_${process.pid}`;

beforeAll(async () => {
  database = await createScratchDatabase();
  administrator = await openSession(database.url);
  await administrator.exec(`CREATE ROLE "${role}" LOGIN PASSWORD '${password}'`);
});

afterAll(async () => {
  await administrator.exec(`DROP ROLE "${role}"`);
  await administrator.close();
  await database.drop();
});

/** The URL of the tests' database with other parts. */
function urlWith(
  parts: Partial<Record<'username' | 'password' | 'pathname' | 'hostname' | 'port' | 'search', string>>,
): string {
  const url = new URL(database.url);
  url.username = role;
  url.password = encodeURIComponent(password);
  Object.assign(url, parts);
  return url.href;
}

const open = (url: string) => openDatabase(targetOf(url), { retryDelays: [] });

/** Opens a connection and returns its failure, after checking that no part of it shows the password. */
async function refusal(url: string, secret = password): Promise<unknown> {
  const error = await failureOf(async () => (await open(url)).close());
  const shown = `${inspect(error, { depth: 9, showHidden: true })}${JSON.stringify(error)}`;
  // a URL without a password may appear: the message names the database by it
  const texts = new URL(url).password === '' ? [] : [url];
  for (const form of [secret, encodeURIComponent(secret), ...texts]) expect(shown).not.toContain(form);
  return error;
}

describe('opening a server', () => {
  it('works with a password of characters that have a meaning in URLs', async () => {
    const connection = await open(urlWith({}));
    expect(await connection.query(trusted('SELECT current_user::text AS name'))).toEqual([{ name: role }]);
    expect(connection.label).toBe(`postgres://${role}@127.0.0.1:${new URL(database.url).port}/${database.name}`);
    await connection.close();
  });

  it('sets up its session', async () => {
    const connection = await open(database.url);
    const settings = [
      'TimeZone',
      'DateStyle',
      'client_min_messages',
      'standard_conforming_strings',
      'application_name',
    ];
    const rows = await connection.query<{ value: string }>(
      trusted(
        'SELECT current_setting(name) AS value FROM unnest($1::text[]) WITH ORDINALITY AS s(name, place) ORDER BY place',
      ),
      [settings],
    );
    expect(rows.map(({ value }) => value)).toEqual(['UTC', 'ISO, YMD', 'warning', 'on', 'dms']);
    await connection.close();
  });

  it.each([
    ['a port where nothing listens', { port: '1' }, 'DB_UNREACHABLE', 'ECONNREFUSED'],
    ['a host that does not exist', { hostname: 'nosuch.invalid' }, 'DB_UNREACHABLE', /^(?:ENOTFOUND|EAI_AGAIN)$/],
    ['a database that does not exist', { pathname: '/nosuch' }, 'DB_NO_DATABASE', '3D000'],
    ['a role that does not exist', { username: 'nosuch' }, 'DB_AUTH_FAILED', /^28(?:P01|000)$/],
    ['TLS where the server has none', { search: '?sslmode=require' }, 'DB_UNREACHABLE', null],
  ] as const)('%s', async (_name, parts, code, driverCode) => {
    const error = await refusal(urlWith(parts));
    if (!isFailure(error)) throw error;
    expect(error.code).toBe(code);
    if (driverCode === null) expect(driverCodeOf(error)).toBeNull();
    else expect(driverCodeOf(error)).toMatch(driverCode);
    expect(error.message).toMatch(/\. [A-Z][^.]*\.$/);
  });

  it('says how to reach a server without TLS', async () => {
    expect((await refusal(urlWith({ search: '?sslmode=require' }))) as Error).toMatchObject({
      message: expect.stringContaining('The server has no TLS: choose sslmode=disable'),
    });
  });

  it.skipIf(!asksForPassword)('no password (needs a server that asks for passwords)', async () => {
    const error = await refusal(urlWith({ password: '' }));
    expect([isFailure(error, 'DB_AUTH_FAILED'), driverCodeOf(error)]).toEqual([true, null]);
    expect((error as Error).message).toMatch(/\. [A-Z][^.]*\.$/);
  });

  it.skipIf(!asksForPassword)('a wrong password (needs a server that asks for passwords)', async () => {
    const error = await refusal(urlWith({ password: 'N%C3%B6t%2Fit1' }), 'Nöt/it1');
    expect([isFailure(error, 'DB_AUTH_FAILED'), driverCodeOf(error)]).toEqual([true, '28P01']);
  });

  it.skipIf(!asksForPassword)(
    'takes no password from the environment (needs a server that asks for passwords)',
    async () => {
      process.env.PGPASSWORD = password;
      try {
        expect(isFailure(await refusal(urlWith({ password: '' })), 'DB_AUTH_FAILED')).toBe(true);
      } finally {
        delete process.env.PGPASSWORD;
      }
    },
  );

  it('with too many sessions is reported as busy after retries', async () => {
    await administrator.exec(`ALTER ROLE "${role}" CONNECTION LIMIT 0`);
    try {
      const error = await refusal(urlWith({}));
      expect([isFailure(error, 'DB_BUSY'), driverCodeOf(error)]).toEqual([true, '53300']);
      expect((error as Error).message).toMatch(/too many connections.* Try again later\.$/);
      const started = performance.now();
      await failureOf(() => openDatabase(targetOf(urlWith({})), { retryDelays: [20, 30] }));
      expect(performance.now() - started).toBeGreaterThanOrEqual(45);
    } finally {
      await administrator.exec(`ALTER ROLE "${role}" CONNECTION LIMIT -1`);
    }
  });

  it('tries again when the server cannot be reached, and not when it refuses', async () => {
    const started = performance.now();
    await failureOf(() => openDatabase(targetOf(urlWith({ port: '1' })), { retryDelays: [20, 30] }));
    expect(performance.now() - started).toBeGreaterThanOrEqual(45);
    let attempts = 0;
    const server = createServer((socket) => {
      attempts += 1;
      const real = connect(Number(new URL(database.url).port), '127.0.0.1');
      for (const each of [socket, real]) each.on('error', () => undefined);
      socket.pipe(real).pipe(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const port = String((server.address() as AddressInfo).port);
    await failureOf(() => openDatabase(targetOf(urlWith({ port, pathname: '/nosuch' })), { retryDelays: [1, 1] }));
    server.close();
    expect(attempts).toBe(1);
  });

  describe('that never answers', () => {
    let silent: Server;
    let asked = 0;
    beforeAll(
      () =>
        new Promise<void>((resolve) => {
          silent = createServer(() => {
            asked += 1;
          }).listen(0, '127.0.0.1', resolve);
        }),
    );
    afterAll(() => silent.close());

    const port = () => {
      const address = silent.address();
      return address !== null && typeof address === 'object' ? String(address.port) : '';
    };

    it('is not asked again after the time to connect, and a message says how to wait longer', async () => {
      const target = { ...targetOf(urlWith({ port: port() })), connectTimeout: 50 };
      asked = 0;
      const error = await failureOf(() => openDatabase(target));
      // a busy server has not yet seen the attempt that was given up
      expect(asked).toBeLessThanOrEqual(1);
      expect(isFailure(error, 'DB_UNREACHABLE')).toBe(true);
      expect((error as Error).message).toContain('give it longer with connect_timeout');
    });

    it('ends when the task is cancelled', async () => {
      const target = targetOf(urlWith({ port: port() }));
      const error = await failureOf(() => openDatabase(target, { signal: AbortSignal.timeout(50) }));
      expect(isFailure(error, 'DB_CANCELLED')).toBe(true);
    });
  });
});

describe('a session', () => {
  let connection: Connection;
  beforeAll(async () => {
    connection = await open(urlWith({}));
  });
  afterAll(() => connection.close());

  it('is cancelled by its task, and stays usable', async () => {
    const error = await failureOf(() =>
      connection.execute(givenScript('SELECT pg_sleep(20)'), { signal: AbortSignal.timeout(50) }),
    );
    expect([isFailure(error, 'DB_CANCELLED'), driverCodeOf(error)]).toEqual([true, '57014']);
    expect(await connection.query(trusted('SELECT 1 AS a'))).toEqual([{ a: 1 }]);
  });

  it('that ends before its cancellation arrives leaves the next statement alone', async () => {
    const cancelling = new AbortController();
    const first = connection.query(trusted('SELECT 1 AS a'), [], { signal: cancelling.signal });
    cancelling.abort();
    expect(await first).toEqual([{ a: 1 }]);
    expect(await connection.query(trusted('SELECT pg_sleep(0.05) IS NOT NULL AS b'))).toEqual([{ b: true }]);
  });

  it('reports a limit of the server as a limit', async () => {
    const error = await failureOf(() =>
      connection.execute(givenScript("SET statement_timeout = '50ms'; SELECT pg_sleep(20)")),
    );
    expect([isFailure(error, 'DB_TIMEOUT'), driverCodeOf(error)]).toEqual([true, '57014']);
    expect((error as Error).message).toContain('raise statement_timeout');
  });

  it('without the privilege to create is reported before any attempt', async () => {
    const error = await failureOf(() => checkWritable(connection));
    expect(isFailure(error, 'DB_PERMISSION')).toBe(true);
    const tried = await failureOf(() => connection.execute(givenScript('CREATE SCHEMA s')));
    expect([isFailure(tried, 'DB_PERMISSION'), driverCodeOf(tried)]).toEqual([true, '42501']);
  });

  it('on a read-only server is reported as such', async () => {
    const error = await failureOf(() =>
      connection
        .execute(givenScript('SET default_transaction_read_only = on;'))
        .then(() => connection.execute(givenScript('CREATE TEMP TABLE t (a int); CREATE SCHEMA s'))),
    );
    expect([isFailure(error, 'DB_SQL'), driverCodeOf(error)]).toEqual([true, '25006']);
    expect((error as Error).message).toContain('takes no writes');
  });

  it('that the server ends is lost, while something runs and afterwards', async () => {
    const lost = await open(urlWith({}));
    const [{ pid } = { pid: 0 }] = await lost.query<{ pid: number }>(trusted('SELECT pg_backend_pid() AS pid'));
    const running = failureOf(() => lost.execute(givenScript('SELECT pg_sleep(20)')));
    await administrator.query('SELECT pg_sleep(0.05), pg_terminate_backend($1)', [pid]);
    expect(isFailure(await running, 'DB_CONNECTION_LOST')).toBe(true);
    expect(isFailure(await failureOf(() => lost.query(trusted('SELECT 1'))), 'DB_CONNECTION_LOST')).toBe(true);
    await lost.rollback();
    await lost.close();
  });

  /** Resolves once the server has ended a session. */
  async function untilEnded(pid: number): Promise<void> {
    const isThere = async () =>
      (await administrator.query('SELECT FROM pg_stat_activity WHERE pid = $1', [pid])).length > 0;
    while (await isThere()) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  it.each<[string, boolean, (session: Connection) => Promise<unknown>]>([
    ['a query', false, (session) => session.query(trusted('SELECT 1'))],
    ['statements together', false, (session) => session.queryAll([query(sql`SELECT 1`)])],
    ['a copy', true, (session) => session.copyIn?.(sql`COPY t FROM STDIN`, '1\n') ?? Promise.resolve()],
  ])('that the server ends while it waits in a transaction names the setting: %s', async (_name, forCopies, next) => {
    const waiting = await openDatabase(targetOf(urlWith({})), { forCopies });
    const [{ pid } = { pid: 0 }] = await waiting.query<{ pid: number }>(trusted('SELECT pg_backend_pid() AS pid'));
    await waiting.execute(
      givenScript("CREATE TEMP TABLE t (a int); SET idle_in_transaction_session_timeout = '50ms'; BEGIN"),
    );
    await untilEnded(pid);
    const error = await failureOf(() => next(waiting));
    expect([isFailure(error, 'DB_CONNECTION_LOST'), driverCodeOf(error)]).toEqual([true, '25P03']);
    expect((error as Error).message).toContain('raise idle_in_transaction_session_timeout');
    await waiting.close();
  });
});

describe('a session that is checked while it does not answer', () => {
  /** Milliseconds between two checks. */
  const interval = 10;
  const watched = (url: string) => openDatabase(targetOf(url), { retryDelays: [], interval });
  /** A session that has locked a table, for the caller to end. */
  async function holding(table: string): Promise<TestDatabase> {
    const holder = await openSession(database.url);
    await holder.exec(`CREATE TABLE ${table} (a int); GRANT ALL ON ${table} TO PUBLIC`);
    await holder.exec(`BEGIN; LOCK TABLE ${table}`);
    return holder;
  }

  it('waits for a working session without a limit', async () => {
    const connection = await watched(urlWith({}));
    expect(await connection.query(trusted('SELECT 1 AS a FROM pg_sleep(0.05)'))).toEqual([{ a: 1 }]);
    await connection.close();
  });

  it('waits for a working session, directly or through another, however many checks that takes', async () => {
    const holder = await holding('held');
    const first = await watched(database.url);
    const second = await watched(database.url);
    await first.execute(givenScript('CREATE TABLE held_by_first (a int)'));
    await first.begin();
    await first.execute(givenScript('LOCK TABLE held_by_first'));
    const waiting = [
      first.execute(givenScript('LOCK TABLE held')),
      second.query(trusted('SELECT * FROM held_by_first')),
    ];
    await holder.exec('SELECT pg_sleep(0.05); COMMIT');
    await waiting[0];
    await first.commit();
    expect(await waiting[1]).toEqual([]);
    for (const session of [holder, first, second]) await session.close();
  });

  it('gives up waiting for an idle session, and stays usable', async () => {
    const holder = await holding('idle');
    const connection = await watched(urlWith({}));
    const error = await failureOf(() => connection.query(trusted('SELECT * FROM idle')));
    expect(isFailure(error, 'DB_TIMEOUT')).toBe(true);
    expect((error as Error).message).toContain('no sign of work');
    expect(await connection.query(trusted('SELECT 1 AS a'))).toEqual([{ a: 1 }]);
    await holder.close();
    await connection.close();
  });

  it('gives up on a server that no longer answers any session', async () => {
    const { port } = new URL(database.url);
    const sockets = new Set<Socket>();
    let isSilent = false;
    const proxy = createServer((socket) => {
      sockets.add(socket);
      if (isSilent) return;
      const server = connect(Number(port), '127.0.0.1');
      sockets.add(server);
      socket.pipe(server).pipe(socket);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port: own } = proxy.address() as AddressInfo;
    // as long as a server that answers may take on a busy machine
    const target = { ...targetOf(urlWith({ port: String(own) })), connectTimeout: 250 };
    const connection = await openDatabase(target, { retryDelays: [], interval });
    const running = failureOf(() => connection.query(trusted('SELECT pg_sleep(20)')));
    isSilent = true;
    for (const socket of sockets) socket.unpipe();
    expect(isFailure(await running, 'DB_TIMEOUT')).toBe(true);
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });
});

it('a database with another encoding is refused for writing', async () => {
  const latin = await createScratchDatabase({ encoding: 'LATIN1' });
  const connection = await open(latin.url);
  const error = await failureOf(() => checkWritable(connection));
  expect(isFailure(error, 'DB_ENCODING')).toBe(true);
  await connection.close();
  await latin.drop();
});

describe('a session for copies', () => {
  let connection: Connection;
  beforeAll(async () => {
    connection = await openDatabase(targetOf(database.url), { forCopies: true });
    await connection.execute(givenScript('CREATE TEMPORARY TABLE copied (id integer PRIMARY KEY, name text)'));
  });
  afterAll(() => connection.close());

  it('copies rows that are given as text', async () => {
    const rows = Array.from({ length: 50_000 }, (_, index) => `${index}\tname ${index}\n`).join('');
    await connection.copyIn?.(sql`COPY copied (id, name) FROM STDIN`, rows);
    expect(await connection.query(trusted('SELECT count(*)::int AS n, max(name) AS name FROM copied'))).toEqual([
      { n: 50_000, name: 'name 9999' },
    ]);
  });

  it('reports a refusal of the server, and continues', async () => {
    const error = await failureOf(async () =>
      connection.copyIn?.(sql`COPY copied (id, name) FROM STDIN`, '50001\tnew\n1\ttwice\n'),
    );
    expect(driverCodeOf(error)).toBe('23505');
    expect(copiedRowOf(error)).toBe(2);
    expect(await connection.query(trusted('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
  });

  it('reports a refusal while many rows are still on their way, and a session that is ended then', async () => {
    const other = await openDatabase(targetOf(database.url), { retryDelays: [], forCopies: true });
    await other.execute(givenScript('CREATE TEMPORARY TABLE copied (id int, name text)'));
    const many = Array.from({ length: 400_000 }, (_, index) => `${index + 100_000}\tname of a row ${index}\n`).join('');
    const copy = () =>
      failureOf(async () => other.copyIn?.(sql`COPY copied (id, name) FROM STDIN`, `x\tno number\n${many}`));
    expect(driverCodeOf(await copy())).toBe('22P02');
    expect(await other.query(trusted('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
    const [{ pid } = { pid: 0 }] = await other.query<{ pid: number }>(trusted('SELECT pg_backend_pid() AS pid'));
    const [error] = await Promise.all([
      failureOf(async () => other.copyIn?.(sql`COPY copied (id, name) FROM STDIN`, many)),
      administrator.query('SELECT pg_sleep(0.05), pg_terminate_backend($1)', [pid]),
    ]);
    expect(isFailure(error, 'DB_CONNECTION_LOST')).toBe(true);
    await other.close();
  });

  it('runs statements that are sent together, and ends with the first failure', async () => {
    const statement = (text: string) => query(trusted(text));
    expect(await connection.queryAll([statement('SELECT 1 AS a'), statement('SELECT 2 AS b')])).toEqual([
      [{ a: 1 }],
      [{ b: 2 }],
    ]);
    const error = await failureOf(async () => connection.queryAll([statement('SELECT 1 / 0'), statement('SELECT 1')]));
    expect(driverCodeOf(error)).toBe('22012');
  });

  it('is the only one that copies', async () => {
    const plain = await open(database.url);
    expect(plain.copyIn).toBeUndefined();
    await plain.close();
  });
});
