import { setTimeout as wait } from 'node:timers/promises';
import { DmsError } from '@dms/diagnostics';
import { givenScript, textOf } from '@dms/sql';
import { createScratchDatabase, openSession, type PostgresDatabase, serverUrl, type TestDatabase } from '@dms/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, targetOf } from '../../test/engines.ts';
import { type EmittedInput, emitted, smallSet } from '../../test/schema-sets.ts';
import type { ServerTarget } from '../addressing/target.ts';
import type { Connection } from '../drivers/connection.ts';
import { openDatabase } from '../drivers/open-database.ts';
import { createOwnerRoles } from './owner-role.ts';
import { provision } from './provision.ts';

/*
 * The role of the second generation belongs to the cluster, so provisioners of several databases wait for each other
 * (design 16 §2.6).
 */

// a separate name, because other tests of the run use the role of the product
const role = `dms_owner_role_spec_${process.pid}`;
const wanted = { roles: [{ name: role, attributes: [], memberOf: [] }] };

let first: PostgresDatabase;
let second: PostgresDatabase;
let administrator: TestDatabase;
const opened: Connection[] = [];

const open = async (database = first, interval?: number) => {
  const connection = await openDatabase(targetOf(database.url), { interval });
  opened.push(connection);
  return connection;
};
const watcher = () => openDatabase(targetOf(first.url));

/** Opens another session once a session of the first database waits for a lock. */
async function lateWatcher() {
  for (;;) {
    const waiting = await administrator.queryRows(
      `SELECT 1 FROM pg_stat_activity WHERE datname = '${first.name}' AND wait_event_type = 'Lock'`,
    );
    if (waiting.length > 0) return watcher();
    await wait(20);
  }
}

beforeAll(async () => {
  [first, second] = [await createScratchDatabase(), await createScratchDatabase()];
  administrator = await openSession(await serverUrl());
});
afterEach(async () => {
  for (const connection of opened.splice(0)) await connection.close();
  await administrator.exec(`DROP ROLE IF EXISTS ${role}`);
});
afterAll(async () => {
  for (const database of [first, second]) await database.drop();
  await administrator.exec(`DROP ROLE IF EXISTS ${role}`);
  await administrator.close();
});

const membersOf = async () =>
  administrator.queryRows(
    `SELECT count(*)::int FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid WHERE r.rolname = '${role}'`,
  );
const roles = async () => administrator.queryRows(`SELECT rolcanlogin FROM pg_roles WHERE rolname = '${role}'`);

describe('the role of a script', () => {
  it('is created and granted once by sessions that come at the same time', async () => {
    const sessions = await Promise.all([open(), open(second), open(), open(second)]);
    await Promise.all(sessions.map((session) => createOwnerRoles(session, wanted, { open: watcher })));
    expect([await roles(), await membersOf()]).toEqual([[[false]], [[1]]]);
  });

  it('is waited for while the session that creates it works, and the session is named', async () => {
    const other = await open(second);
    const own = await open();
    await other.begin();
    await other.execute(givenScript(`CREATE ROLE ${role} NOLOGIN NOINHERIT`));
    const told: string[] = [];
    let work = Promise.resolve();
    const onWaiting = (text: string) => {
      told.push(text);
      work = other.commit();
    };
    await createOwnerRoles(own, wanted, { open: lateWatcher, onWaiting, delay: 0 });
    await work;
    expect(told).toEqual([
      expect.stringMatching(new RegExp(`^session \\d+ \\(dms, .*\\), which holds the role ${role}$`)),
    ]);
    expect(await membersOf()).toEqual([[1]]);
  });

  it('is created by this session where the other one takes it back', async () => {
    const other = await open(second);
    const own = await open();
    await other.begin();
    await other.execute(givenScript(`CREATE ROLE ${role} LOGIN`));
    await createOwnerRoles(own, wanted, { open: lateWatcher, onWaiting: () => void other.rollback(), delay: 0 });
    expect([await roles(), await membersOf()]).toEqual([[[false]], [[1]]]);
  });

  it('ends the run where the session that creates it is idle, and both are named', async () => {
    const other = await open(second);
    const own = await open(first, 50);
    await other.begin();
    await other.execute(givenScript(`CREATE ROLE ${role}`));
    const error = await failureOf(() => createOwnerRoles(own, wanted, { open: lateWatcher, delay: 0 }));
    await other.rollback();
    if (!(error instanceof DmsError)) throw error;
    expect(error.code).toBe('PROVISION_LOCKED');
    expect(error.message).toMatch(
      new RegExp(`another session \\(session \\d+ \\(dms, .*\\)\\) holds the role ${role} and is idle`),
    );
    expect(error.diagnostics[0].details).toMatchObject({ role, holder: expect.stringContaining('session') });
  });

  it('is left as it is where the script will refuse it', async () => {
    await administrator.exec(`CREATE ROLE ${role} LOGIN`);
    await createOwnerRoles(await open(), wanted, { open: watcher });
    expect([await roles(), await membersOf()]).toEqual([[[true]], [[0]]]);
  });
});

/** The set of the second generation with the role of the spec. */
function withOwnRole(input: EmittedInput): EmittedInput {
  const name = input.catalog.roles[0]!.name;
  const renamed = (text: string) => text.replaceAll(name, role);
  return { ...input, script: renamed(input.script), catalog: JSON.parse(renamed(JSON.stringify(input.catalog))) };
}

describe('provisioners of two databases', () => {
  it('do not wait for each other: the script of the first is not committed when the second is done', async () => {
    const input = withOwnRole(emitted(smallSet('5.0.0', 'v2'), 'pgsql'));
    const target = (database: PostgresDatabase) => targetOf(database.url) as ServerTarget;
    const provisioned = (database: PostgresDatabase) =>
      provision(target(database), input, { verify: false, limits: { lock: 2_000 }, retryDelays: [] });
    const outcomes: string[] = [];
    const { outcome } = await provision(target(first), input, {
      verify: false,
      open: async (opening, options) => {
        const connection = await openDatabase(opening, options);
        let isScriptRun = false;
        return {
          ...connection,
          execute: async (text, limits) => {
            await connection.execute(text, limits);
            isScriptRun ||= textOf(text) === input.script;
          },
          commit: async () => {
            if (isScriptRun) outcomes.push((await provisioned(second)).outcome);
            await connection.commit();
          },
        };
      },
    });
    expect([...outcomes, outcome]).toEqual(['provisioned', 'provisioned']);
    for (const database of [first, second]) {
      const connection = await open(database);
      await connection.execute(givenScript(`DROP OWNED BY ${role} CASCADE`));
    }
  });
});
