import { setTimeout as delay } from 'node:timers/promises';
import { DmsError } from '@dms/diagnostics';
import { givenScript, trusted } from '@dms/sql';
import {
  createScratchDatabase,
  hasSharedData,
  openSession,
  type PostgresDatabase,
  serverUrl,
  sharedFile,
  shareOf,
  type TestDatabase,
} from '@dms/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dump, empty } from '../../test/benches.ts';
import { failureOf, targetOf } from '../../test/engines.ts';
import { type EmittedInput, emitted, setOfFiles, small } from '../../test/schema-sets.ts';
import type { ServerTarget } from '../addressing/target.ts';
import type { Connection } from '../drivers/connection.ts';
import { openDatabase } from '../drivers/open-database.ts';
import { driverCodeOf, isFailure } from '../failures/failure.ts';
import { readDatabaseState } from './database-state.ts';
import { type ProvisionOptions, provision } from './provision.ts';
import { provisioningLock } from './provisioning-dialects.ts';

/* Cases that only a server has: several sessions, roles, lost connections (design 09 §2). */

let database: PostgresDatabase;
let connection: Connection;
let administrator: TestDatabase;

beforeAll(async () => {
  database = await createScratchDatabase();
  connection = await openDatabase(targetOf(database.url));
  administrator = await openSession(await serverUrl());
});

afterAll(async () => {
  await connection.close();
  await administrator.close();
  await database.drop();
});

/** The target of a URL; the database itself, or another one, or another user. */
function serverTarget(
  change: { readonly database?: string; readonly user?: string; readonly password?: string } = {},
): ServerTarget {
  const url = new URL(database.url);
  if (change.database !== undefined) url.pathname = `/${change.database}`;
  if (change.user !== undefined) url.username = change.user;
  if (change.password !== undefined) url.password = change.password;
  return targetOf(url.href) as ServerTarget;
}

const run = (options: ProvisionOptions = {}, target = serverTarget()) =>
  provision(target, small, { retryDelays: [], ...options });

const state = () => readDatabaseState(connection, small.info, small.catalog.schemas);

async function refused(action: () => Promise<unknown>): Promise<DmsError> {
  const error = await failureOf(action);
  if (error instanceof DmsError) return error;
  throw error;
}

describe('two provisioners of one database', () => {
  beforeEach(() => empty(connection));

  it('both succeed: one applies the script to the empty database, the other finds it complete', async () => {
    const waiting: string[] = [];
    const runs = Array.from({ length: 3 }, () => run({ onWaiting: (holder) => waiting.push(holder) }));
    const outcomes = (await Promise.all(runs)).map(({ outcome }) => outcome).sort();
    expect(outcomes).toEqual(['appliedAgain', 'appliedAgain', 'provisioned']);
    expect(await state()).toEqual({ kind: 'same' });
    for (const holder of waiting) expect(holder).toMatch(/^process \d+, dms$/);
  });

  it('would not both succeed without the lock', async () => {
    const first = await openDatabase(serverTarget());
    const second = await openDatabase(serverTarget());
    await first.begin();
    await first.execute(givenScript(small.script));
    await second.begin();
    const failure = failureOf(() => second.execute(givenScript(small.script)));
    const waiting =
      "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while ((await connection.query<{ n: number }>(trusted(waiting)))[0]?.n === 0) await delay(20);
    await first.commit();
    const error = await failure;
    await second.rollback();
    await Promise.all([first.close(), second.close()]);
    if (!isFailure(error, 'DB_SQL')) throw error;
    expect(error.diagnostics[0].details).toMatchObject({ driverCode: '23505', object: 'pg_namespace_nspname_index' });
  });

  it('the second one gives up when the first does nothing, and names it', async () => {
    await connection.begin();
    await connection.execute(givenScript(`SELECT pg_advisory_xact_lock(${provisioningLock})`));
    const [{ pid } = { pid: 0 }] = await connection.query<{ pid: number }>(trusted('SELECT pg_backend_pid() AS pid'));
    const waiting: string[] = [];
    const error = await refused(() => run({ interval: 100, onWaiting: (holder) => waiting.push(holder) }));
    await connection.rollback();
    expect([error.code, error.diagnostics[0].details.holder]).toEqual(['PROVISION_LOCKED', `process ${pid}, dms`]);
    expect(waiting).toEqual([`process ${pid}, dms`]);
    expect(await state()).toEqual({ kind: 'empty' });
  });

  it('the second one waits as long as the first works', async () => {
    await connection.begin();
    await connection.execute(givenScript(`SELECT pg_advisory_xact_lock(${provisioningLock})`));
    const looks: string[] = [];
    const second = run({ interval: 50, onWaiting: (holder) => looks.push(holder) });
    // long enough for many looks
    await connection.execute(givenScript('SELECT pg_sleep(1.5)'));
    await connection.rollback();
    expect((await second).outcome).toBe('provisioned');
    expect(looks).toHaveLength(1);
  });

  it('the second one can be cancelled while it waits', async () => {
    await connection.begin();
    await connection.execute(givenScript(`SELECT pg_advisory_xact_lock(${provisioningLock})`));
    const error = await refused(() => run({ signal: AbortSignal.timeout(300) }));
    await connection.rollback();
    expect(error.code).toBe('DB_CANCELLED');
    expect(await state()).toEqual({ kind: 'empty' });
  });

  it('waits for other locks no longer than the limit', async () => {
    await run();
    await connection.begin();
    await connection.execute(givenScript('LOCK TABLE edfi."Person" IN ACCESS EXCLUSIVE MODE'));
    const error = await refused(() => run({ limits: { lock: 200 } }));
    await connection.rollback();
    expect([error.code, driverCodeOf(error)]).toEqual(['DB_LOCK_TIMEOUT', '55P03']);
  });
});

describe('a lost connection', () => {
  beforeEach(() => empty(connection));

  /** Runs the script of a session that the server ends in the middle of it. */
  it('during the script leaves nothing', async () => {
    const before = await dump(connection);
    const script = small.script.replace(
      '-- Phase 7: Indexes',
      `-- Phase 7: Indexes\n\nSELECT pg_terminate_backend(pg_backend_pid());\n`,
    );
    expect(script).not.toBe(small.script);
    const error = await refused(() => provision(serverTarget(), { ...small, script }, { retryDelays: [] }));
    expect(error.code).toBe('DB_CONNECTION_LOST');
    expect(await dump(connection)).toEqual(before);
    expect((await run()).outcome).toBe('provisioned');
  });

  const lostAt = (commit: (opened: Connection) => Promise<void>): ProvisionOptions => {
    let opened = 0;
    return {
      open: async (target, options) => {
        opened += 1;
        const session = await openDatabase(target, options);
        return opened > 1 ? session : { ...session, commit: () => commit(session) };
      },
    };
  };

  const end = async (session: Connection) => {
    await session.execute(givenScript('SELECT pg_terminate_backend(pg_backend_pid())'));
  };

  it('during the commit is a success when the database is complete, with a warning', async () => {
    const { outcome, warnings } = await run(
      lostAt(async (session) => {
        await session.commit();
        await end(session);
      }),
    );
    expect([outcome, warnings.map(({ code }) => code)]).toEqual(['provisioned', ['PROVISION_COMMIT_CONFIRMED']]);
    expect(await state()).toEqual({ kind: 'same' });
  });

  it('before the commit arrives is reported with the state that was found', async () => {
    const error = await refused(() => run(lostAt(end)));
    expect([error.code, error.diagnostics[0].details.state]).toEqual(['PROVISION_COMMIT_UNKNOWN', 'empty']);
  });
});

describe('creating the database', () => {
  const created = `dms_created_${process.pid}`;
  afterEach(async () => {
    await administrator.exec(`DROP DATABASE IF EXISTS "${created}"`);
  });

  it('happens only on request', async () => {
    const error = await refused(() => run({}, serverTarget({ database: created })));
    expect(error.code).toBe('DB_NO_DATABASE');
    expect(error.message).toContain('--create-database');
  });

  it('copies nothing from template1, and uses an existing database as it is', async () => {
    const target = serverTarget({ database: created });
    expect(await run({ createDatabase: true }, target)).toMatchObject({ outcome: 'provisioned', database: created });
    expect(
      await administrator.queryRows('SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = $1', [
        created,
      ]),
    ).toEqual([['UTF8']]);
    expect((await run({ createDatabase: true }, target)).outcome).toBe('appliedAgain');
  });

  it('by two at once succeeds for both', async () => {
    const target = serverTarget({ database: created });
    const outcomes = await Promise.all([run({ createDatabase: true }, target), run({ createDatabase: true }, target)]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['appliedAgain', 'provisioned']);
  });

  it('is mentioned if a later step fails', async () => {
    const target = serverTarget({ database: created });
    const error = await refused(() =>
      provision(target, { ...small, script: 'SELECT 1/0;' }, { createDatabase: true, retryDelays: [] }),
    );
    expect([error.code, error.diagnostics[0].details.created]).toEqual(['DB_SQL', true]);
    expect(error.message).toContain('was created by this run and stays, empty');
  });

  it('refuses a name that PostgreSQL would cut', async () => {
    const error = await refused(() => run({ createDatabase: true }, serverTarget({ database: 'ä'.repeat(32) })));
    expect([error.code, error.diagnostics[0].details.key]).toEqual(['DB_OPTION_VALUE', 'database']);
  });
});

describe('a login', () => {
  const password = 'xK7-pq2';
  const logins = ['dms', 'dms_other', 'dms_reader'];

  beforeAll(async () => {
    for (const login of logins) await administrator.exec(`CREATE ROLE ${login} LOGIN PASSWORD '${password}'`);
  });

  afterAll(async () => {
    await empty(connection);
    await connection.execute(
      givenScript(`DROP OWNED BY ${logins.join(', ')} CASCADE; CREATE SCHEMA IF NOT EXISTS public`),
    );
    await administrator.exec(`ALTER DATABASE "${database.name}" OWNER TO postgres`);
    for (const login of logins) await administrator.exec(`DROP ROLE ${login}`);
  });

  it('named as a schema gets the same objects: the extension is not among them', async () => {
    await empty(connection);
    await administrator.exec(`ALTER DATABASE "${database.name}" OWNER TO dms`);
    await connection.execute(givenScript('ALTER SCHEMA public OWNER TO dms'));
    await run({}, serverTarget({ user: 'dms', password }));
    expect(
      await connection.query(
        trusted(
          "SELECT n.nspname::text AS schema FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pgcrypto'",
        ),
      ),
    ).toEqual([{ schema: 'public' }]);
    await connection.execute(givenScript('GRANT USAGE ON SCHEMA dms, public TO dms_other'));
    const other = await openDatabase(serverTarget({ user: 'dms_other', password }));
    const [row] = await other.query(
      trusted("SELECT dms.uuidv5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')::text AS id"),
    );
    await other.close();
    expect(row).toEqual({ id: '2ed6657d-e927-568b-95e1-2665a8aea6a2' });
  });

  it('without the right to create is refused before the script', async () => {
    await empty(connection);
    const error = await refused(() => run({}, serverTarget({ user: 'dms_reader', password })));
    expect([error.code, error.diagnostics[0].details.privilege]).toEqual(['DB_PERMISSION', 'CREATE on the database']);
    expect(error.message).not.toContain(password);
  });
});

it('on a read-only server is reported before anything happens', async () => {
  await empty(connection);
  await administrator.exec(`ALTER DATABASE "${database.name}" SET default_transaction_read_only = on`);
  const error = await refused(() => run());
  await administrator.exec(`ALTER DATABASE "${database.name}" RESET default_transaction_read_only`);
  expect(error.code).toBe('DB_READ_ONLY');
  expect(error.message).toContain(
    `Run: SET default_transaction_read_only = off; ALTER DATABASE ${database.name} RESET default_transaction_read_only`,
  );
});

describe.runIf(hasSharedData)('the published core 5.2 (needs the shared conformance data)', () => {
  let core: EmittedInput;
  beforeAll(async () => {
    core = emitted(await setOfFiles(sharedFile('inputs', 'ds-5.2-core.json')), 'pgsql');
    await empty(connection);
  });

  const provisionCore = (input: EmittedInput, options: ProvisionOptions = {}) =>
    provision(serverTarget(), input, { retryDelays: [], ...options });
  const coreState = () => readDatabaseState(connection, core.info, core.catalog.schemas);

  it.each(shareOf([0.1, 0.4, 0.7, 1], 2))(
    'leaves nothing when a statement after %s of the script fails',
    async (part) => {
      const statements = core.script.split('\n\n');
      const border = Math.floor(statements.length * part);
      const script = [...statements.slice(0, border), 'SELECT 1/0;', ...statements.slice(border)].join('\n\n');
      const before = await dump(connection);
      const error = await refused(() => provisionCore({ ...core, script }));
      expect([error.code, driverCodeOf(error)]).toEqual(['DB_SQL', '22012']);
      expect(await dump(connection)).toEqual(before);
    },
  );

  it('leaves nothing when it is cancelled, and is complete otherwise, however often its state is checked', async () => {
    const error = await refused(() => provisionCore(core, { signal: AbortSignal.timeout(400) }));
    expect(error.code).toBe('DB_CANCELLED');
    expect(await coreState()).toEqual({ kind: 'empty' });
    const { outcome, verified } = await provisionCore(core, { interval: 100 });
    expect([outcome, verified?.diff]).toEqual(['provisioned', { differences: [], renames: [] }]);
  });
});
