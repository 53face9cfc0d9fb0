import { type Connection, openDatabase, provision, type ServerTarget } from '@dms/databases';
import { DmsError } from '@dms/diagnostics';
import { givenScript, trusted } from '@dms/sql';
import { errorOf, type PostgresDatabase } from '@dms/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { applyUpgrade, upgradeDatabase } from '../../src/index.ts';
import { contentsOf, documentRows } from '../bench.ts';
import { schoolPair, withMotto } from '../school-pairs.ts';
import { serverDatabase } from '../sessions.ts';
import { expectUpgraded, filled } from '../upgraded.ts';

/* Cases that need a server: several sessions that change one database at once (design 12 §9, case 16). */

const [before, after] = schoolPair(withMotto);

let database: PostgresDatabase;
let target: ServerTarget;
let connection: Connection;
let other: Connection;

beforeAll(async () => {
  ({ database, target } = await serverDatabase());
  [connection, other] = [await openDatabase(target), await openDatabase(target)];
});

afterAll(async () => {
  await connection.close();
  await other.close();
  await database.drop();
});

beforeEach(() => filled(connection, before, contentsOf(before.model)));

it('an upgrade on a server keeps what it must', () => expectUpgraded(connection, before, after));

it('of two upgrades at once one is made, and the other finds it done', async () => {
  const documents = await documentRows(connection);
  const results = await Promise.all([applyUpgrade(connection, before, after), applyUpgrade(other, before, after)]);
  expect(results.map(({ outcome }) => outcome).sort()).toEqual(['alreadyUpgraded', 'upgraded']);
  expect(await documentRows(connection)).toEqual(documents);
});

it('a provisioner beside an upgrade finds the old set, or waits and is refused', async () => {
  const { script, catalog, info } = before;
  const documents = await documentRows(connection);
  const [upgraded, provisioned] = await Promise.allSettled([
    applyUpgrade(connection, before, after),
    provision(target, { script, scriptSha256: null, catalog, info }),
  ]);
  expect(upgraded).toMatchObject({ status: 'fulfilled', value: { outcome: 'upgraded' } });
  if (provisioned.status === 'rejected') {
    expect(provisioned.reason).toBeInstanceOf(DmsError);
    expect(provisioned.reason.code).toBe('PROVISION_FINGERPRINT_MISMATCH');
  }
  expect(await applyUpgrade(other, before, after)).toMatchObject({ outcome: 'alreadyUpgraded' });
  expect(await documentRows(connection)).toEqual(documents);
});

/** Runs `action` while another session has read a table that the upgrade changes, and has not ended its transaction. */
async function whileRead<Result>(action: (reader: number) => Promise<Result>): Promise<Result> {
  await other.begin();
  try {
    const [row] = await other.query<{ id: number }>(
      trusted('SELECT pg_backend_pid() AS id, count(*) FROM core."School"'),
    );
    return await action(row?.id ?? 0);
  } finally {
    await other.rollback();
  }
}

describe('a lock that another session holds', () => {
  it('ends the upgrade, which names the session, and changes nothing', async () => {
    const found = await whileRead(async (reader) => {
      const error = await errorOf(() => upgradeDatabase(target, before, after, { limits: { lock: 1000 } }));
      return { error, reader };
    });
    const [problem] = found.error.diagnostics;
    expect(problem.code).toBe('UPGRADE_LOCKED');
    expect(problem.message).toContain('taking the locks of the upgrade waited 1000 ms for a lock');
    expect(problem.message).toContain(`session ${found.reader} (`);
    expect(problem.message).toContain('idle in transaction');
    expect(await upgradeDatabase(target, before, after)).toMatchObject({ outcome: 'upgraded' });
  });
});

describe('a statement that takes too long', () => {
  it('ends the upgrade, which names it, and changes nothing', async () => {
    await connection.execute(
      givenScript(`CREATE SCHEMA mine;
      CREATE FUNCTION mine.pause() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(5); END $$;
      CREATE EVENT TRIGGER pause ON ddl_command_start WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION mine.pause()`),
    );
    try {
      const error = await errorOf(() => upgradeDatabase(target, before, after, { statementTimeout: 1000 }));
      const [problem] = error.diagnostics;
      expect(problem.code).toBe('UPGRADE_TIMEOUT');
      expect(problem.message).toMatch(/statement \d+ of \d+ \(step \d+, [^)]*core\.School\) took longer than 1000 ms/);
    } finally {
      await connection.execute(givenScript('DROP EVENT TRIGGER pause; DROP SCHEMA mine CASCADE'));
    }
    expect(await upgradeDatabase(target, before, after)).toMatchObject({ outcome: 'upgraded' });
  });
});

describe('a connection that breaks while committing', () => {
  /** Upgrades with a first session that runs `commit` in place of its commit, and then loses its connection. */
  const losing = (commit: (session: Connection) => Promise<void>) => {
    let opened = 0;
    return upgradeDatabase(target, before, after, {
      open: async (...options) => {
        opened += 1;
        const session = await openDatabase(...options);
        const broken = async () => {
          await commit(session);
          await session.execute(givenScript('SELECT pg_terminate_backend(pg_backend_pid())'));
        };
        return opened > 1 ? session : { ...session, commit: broken };
      },
    });
  };

  it('is a success with a warning when the database is upgraded', async () => {
    const { outcome, diagnostics } = await losing((session) => session.commit());
    expect([outcome, diagnostics.map(({ code }) => code)]).toEqual(['upgraded', ['UPGRADE_COMMIT_CONFIRMED']]);
  });

  it('is a failure that says so when the database is what it was', async () => {
    const [problem] = (await errorOf(() => losing(async () => undefined))).diagnostics;
    expect([problem.code, problem.details.state]).toEqual(['UPGRADE_COMMIT_UNKNOWN', 'before']);
    expect(problem.message).toContain('nothing was changed');
    expect(await upgradeDatabase(target, before, after)).toMatchObject({ outcome: 'upgraded' });
  });

  it('is a failure that says so when the database cannot be asked', async () => {
    const ended = { reopen: () => Promise.reject(new Error('no')) };
    const session = await openDatabase(target);
    const broken = async () => session.execute(givenScript('SELECT pg_terminate_backend(pg_backend_pid())'));
    const error = await errorOf(() => applyUpgrade({ ...session, commit: broken }, before, after, ended));
    expect([error.code, error.diagnostics[0].details.state]).toEqual(['UPGRADE_COMMIT_UNKNOWN', 'unknown']);
    await session.close();
  });
});
