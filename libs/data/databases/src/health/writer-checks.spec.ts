import { givenScript, trusted } from '@dms/sql';
import { createScratchDatabase, openSession, type PostgresDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { targetOf } from '../../test/engines.ts';
import { emitted, small, smallSet } from '../../test/schema-sets.ts';
import type { ServerTarget } from '../addressing/target.ts';
import type { Connection } from '../drivers/connection.ts';
import { openDatabase } from '../drivers/open-database.ts';
import { provision } from '../provisioning/provision.ts';
import { healthFindings } from './health-checks.ts';
import type { RightPurpose } from './needed-rights.ts';
import { roleRights } from './role-rights.ts';

/* Obstacles for roles that write documents (design 09c §1.2). */

const input = emitted(smallSet('5.0.0', 'v2'), 'pgsql');
const { schemas } = input.catalog;

describe('what stands in the way of writers', () => {
  const role = `dms_writer_${process.pid}`;
  let database: PostgresDatabase;
  const run = async (sql: string) => {
    const session = await openSession(database.url);
    // a statement of its own, because a statement begins its transaction with the previous setting
    await session.exec('SET default_transaction_read_only = off');
    await session.exec(sql).finally(() => session.close());
  };

  beforeAll(async () => {
    database = await createScratchDatabase();
    await run(`CREATE ROLE ${role} LOGIN`);
    await provision(targetOf(database.url) as ServerTarget, input);
  });
  afterAll(async () => {
    await run(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    await database.drop();
  });

  /** The findings of a new session: settings of a role or database apply only to sessions that begin afterwards. */
  async function found(asked: readonly RightPurpose[], named?: string) {
    const connection: Connection = await openDatabase(targetOf(database.url));
    try {
      const rights = await roleRights(connection, input.catalog, { role: named });
      const { schemas, roles } = input.catalog;
      return await healthFindings(connection, 'doctor', { schemas, roles, rights, asked, role: named });
    } finally {
      await connection.close();
    }
  }
  const codesOf = (findings: Awaited<ReturnType<typeof found>>) =>
    findings.map(({ code, class: kind }) => `${code} ${kind}`);
  const brief = async (asked: readonly RightPurpose[], named?: string) => codesOf(await found(asked, named));
  const statementOf = ({ message }: { readonly message: string }) => message.replace(/^.* Run: /, '');

  it('is nothing in a database that was just provisioned, for its owner and for a role', async () => {
    for (const named of [undefined, role]) expect(await brief(['write'], named)).toEqual([]);
    expect(await brief([])).toEqual([]);
  });

  it.each([
    ['the database', 'ALTER DATABASE "{database}" SET default_transaction_read_only = on'],
    ['the role', `ALTER ROLE ${role} SET default_transaction_read_only = on`],
    [
      'the role in this database',
      `ALTER ROLE ${role} IN DATABASE "{database}" SET default_transaction_read_only = true`,
    ],
  ])('%s only reads: an error where writing was asked for, with the statement that ends it', async (_, change) => {
    await run(change.replace('{database}', database.name));
    expect(await brief(['write'], role)).toEqual(['DB_READ_ONLY D']);
    // a role that may insert into no table is a reader
    expect(await brief([], role)).toEqual([]);
    expect(await brief(['read'], role)).toEqual([]);
    await run(`GRANT USAGE ON SCHEMA dms TO ${role}; GRANT INSERT ON dms."Document" TO ${role}`);
    expect(await brief([], role)).toEqual(['DB_READ_ONLY W']);
    await run(`REVOKE INSERT ON dms."Document" FROM ${role}`);
    const [first] = await found(['write'], role);
    await run(`${statementOf(first ?? { message: '' })}`);
    expect(await brief(['write'], role)).toEqual([]);
  });

  it('the setting of the role counts before that of the database, and that of another database does not', async () => {
    await run(
      `ALTER DATABASE "${database.name}" SET default_transaction_read_only = on; ALTER ROLE ${role} SET default_transaction_read_only = off; ALTER ROLE ${role} IN DATABASE postgres SET default_transaction_read_only = on`,
    );
    expect(await brief(['write'], role)).toEqual([]);
    expect(await brief(['write'])).toEqual(['DB_READ_ONLY D']);
    await run(
      `ALTER DATABASE "${database.name}" RESET default_transaction_read_only; ALTER ROLE ${role} RESET ALL; ALTER ROLE ${role} IN DATABASE postgres RESET ALL`,
    );
  });

  it('a member of the role of the queue with other options than the script gives', async () => {
    const connection = await openDatabase(targetOf(database.url));
    const execute = (text: string) => connection.execute(givenScript(text));
    const { schemas, roles } = input.catalog;
    const rights = await roleRights(connection, input.catalog);
    const findings = (asked: readonly RightPurpose[]) =>
      healthFindings(connection, 'doctor', { schemas, roles, rights, asked });
    const codes = async () => codesOf(await findings(['write']));
    try {
      const [version] = await connection.query<{ n: number }>(
        trusted(`SELECT current_setting('server_version_num')::int4 AS n`),
      );
      if ((version?.n ?? 0) < 160_000) return;
      for (const [options, expected] of [
        ['SET TRUE, INHERIT FALSE', []],
        ['SET TRUE, INHERIT TRUE', ['DB_OWNER_MEMBER W']],
        ['SET TRUE, INHERIT FALSE, ADMIN TRUE', ['DB_OWNER_MEMBER W']],
        ['SET FALSE, INHERIT FALSE', ['DB_OWNER_MEMBER W']],
      ] as const) {
        // the role belongs to the whole server, so no other database may see its members
        await connection.begin();
        await execute(`GRANT edfi_dms_enqueue_owner TO ${role} WITH ${options}`);
        expect([options, await codes()]).toEqual([options, expected]);
        const [first] = await findings([]);
        await execute(first ? statementOf(first) : `REVOKE edfi_dms_enqueue_owner FROM ${role}`);
        expect(await codes()).toEqual([]);
        await connection.rollback();
      }
    } finally {
      await connection.close();
    }
  });

  it('the role of the queue is nothing to a database without one', async () => {
    const connection = await openDatabase(targetOf(database.url));
    try {
      const rights = await roleRights(connection, small.catalog);
      const { roles } = small.catalog;
      expect(await healthFindings(connection, 'doctor', { schemas, roles, rights, asked: ['write'] })).toEqual([]);
    } finally {
      await connection.close();
    }
  });

  it.each([
    ['the table of a resource', 'edfi."Person"', 'edfi."Person"'],
    ['a table of the core', 'dms."Document"', 'dms."Document"'],
  ])('a subscription that writes into %s, while it is enabled', async (_, table, named) => {
    await run(
      `CREATE SUBSCRIPTION copied CONNECTION 'dbname=nobody' PUBLICATION none WITH (connect = false, slot_name = NONE);
       SET allow_system_table_mods = on;
       INSERT INTO pg_subscription_rel (srsubid, srrelid, srsubstate) SELECT s.oid, '${table}'::regclass, 'r' FROM pg_subscription s`,
    );
    expect(await brief(['write'])).toEqual([]);
    await run(`SET allow_system_table_mods = on; UPDATE pg_subscription SET subenabled = true`);
    const [first, ...others] = await found(['write']);
    expect(others).toEqual([]);
    expect(first).toMatchObject({ code: 'DB_SUBSCRIPTION', class: 'W', message: expect.stringContaining(named) });
    await run(statementOf(first ?? { message: '' }));
    expect(await brief(['write'])).toEqual([]);
    await run('DROP SUBSCRIPTION copied');
  });

  it.each([
    [
      'the collation of its column',
      'CREATE TABLE edfi."Extra" ("A" varchar(40) COLLATE public.loose UNIQUE)',
      'DROP TABLE edfi."Extra"',
    ],
    [
      'a collation of its own',
      'CREATE TABLE edfi."Extra" ("A" varchar(40)); CREATE UNIQUE INDEX extra ON edfi."Extra" ("A" COLLATE public.loose)',
      'DROP TABLE edfi."Extra"',
    ],
  ])('a unique key with %s, if that is not deterministic', async (_, change, back) => {
    await run(
      `CREATE COLLATION public.loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false); CREATE TABLE edfi."Free" ("A" text COLLATE public.loose)`,
    );
    expect(await brief(['write'])).toEqual([]);
    await run(change);
    const [first, ...others] = await found([]);
    expect([first?.code, first?.class, others]).toEqual(['DB_KEY_COLLATION', 'D', []]);
    expect(first?.message).toContain('edfi."Extra"."A"');
    await run(statementOf(first ?? { message: '' }));
    expect(await brief([])).toEqual([]);
    await run(`${back}; DROP TABLE edfi."Free"; DROP COLLATION public.loose`);
  });
});
