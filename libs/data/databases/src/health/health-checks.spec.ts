import { createScratchDatabase, openSession, type PostgresDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answering } from '../../test/answering.ts';
import { healthFindings } from './health-checks.ts';
import { readOnlyRole, readOnlySession } from './read-only.ts';

describe('surroundings of a PostgreSQL database', () => {
  let database: PostgresDatabase;
  beforeAll(async () => {
    database = await createScratchDatabase();
    const session = await openSession(database.url);
    await session.exec('CREATE EXTENSION pgcrypto SCHEMA public; CREATE SCHEMA dms').finally(() => session.close());
  });
  afterAll(() => database.drop());

  async function found(): Promise<string[]> {
    const rows = await openSession(database.url);
    const connection = answering('pgsql', (text, values) => rows.query(text, values));
    const findings = await healthFindings(connection, 'scratch').finally(() => rows.close());
    return findings.map(({ code, class: kind }) => `${code} ${kind}`);
  }

  it.each([
    [
      'ALTER DATABASE current SET session_replication_role = replica',
      'ALTER DATABASE current RESET session_replication_role',
      'DB_TRIGGERS_OFF W',
    ],
    [
      "CREATE FUNCTION public.watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER watch ON ddl_command_end EXECUTE FUNCTION public.watch()",
      'DROP FUNCTION public.watch CASCADE',
      'DB_EVENT_TRIGGER W',
    ],
    [
      'CREATE SCHEMA arch; CREATE TABLE dms.kept (id int); CREATE TABLE arch.old () INHERITS (dms.kept)',
      'ALTER TABLE "arch"."old" NO INHERIT dms.kept; DROP SCHEMA arch CASCADE; DROP TABLE dms.kept',
      'DB_TABLE_INHERITED D',
    ],
    ["CREATE SEQUENCE dms.few MAXVALUE 2; SELECT setval('dms.few', 2)", 'DROP SEQUENCE dms.few', 'DB_SEQUENCE D'],
    [
      "CREATE OR REPLACE FUNCTION public.digest(bytea, text) RETURNS bytea IMMUTABLE STRICT LANGUAGE sql AS 'SELECT $1'",
      'DROP EXTENSION pgcrypto CASCADE; CREATE EXTENSION pgcrypto SCHEMA public',
      'DB_FUNCTION_REPLACED D',
    ],
    [
      'ALTER FUNCTION public.digest(bytea, text) RENAME TO other',
      'ALTER FUNCTION public.other(bytea, text) RENAME TO digest',
      'DB_FUNCTION_REPLACED D',
    ],
  ])('are reported: %s', async (change, back, expected) => {
    const run = async (sql: string) => {
      const session = await openSession(database.url);
      await session.exec(sql.replace('DATABASE current', `DATABASE "${database.name}"`)).finally(() => session.close());
    };
    expect(await found()).toEqual([]);
    await run(change);
    expect(await found()).toEqual([expected]);
    await run(back);
    expect(await found()).toEqual([]);
  });
});

describe('settings of all roles in all databases', () => {
  it('are reported with the statements that reset them', async () => {
    const database = await createScratchDatabase();
    const session = await openSession(database.url);
    try {
      const connection = answering('pgsql', (text, values) => session.query(text, values));
      // other sessions must not see the settings
      await session.exec(
        'BEGIN; ALTER ROLE ALL SET session_replication_role = replica; ALTER ROLE ALL SET default_transaction_read_only = on; SET default_transaction_read_only = on',
      );
      const found = [
        ...(await healthFindings(connection, 'scratch')),
        ...(await readOnlySession(connection, {})),
        ...(await readOnlyRole(connection, { role: 'postgres', asked: ['write'] })),
      ];
      expect(found.map(({ code, message }) => [code, message.replace(/^.* Run: /, '')])).toEqual([
        ['DB_TRIGGERS_OFF', 'ALTER ROLE ALL RESET session_replication_role'],
        ...Array.from({ length: 2 }, () => [
          'DB_READ_ONLY',
          'SET default_transaction_read_only = off; ALTER ROLE ALL RESET default_transaction_read_only',
        ]),
      ]);
    } finally {
      await session.exec('ROLLBACK');
      await session.close();
      await database.drop();
    }
  });
});

describe('surroundings of a SQL Server database', () => {
  it('that keep triggers from working are errors, and each message has the statement that corrects it', async () => {
    const rows = [
      { code: 'DB_NESTED_TRIGGERS', object: '', detail: '' },
      { code: 'DB_COMPATIBILITY_LEVEL', object: 'odd]name', detail: '140' },
      { code: 'DB_RECURSIVE_TRIGGERS', object: 'd', detail: '' },
      { code: 'PROVISION_RCSI_OFF', object: 'd', detail: '' },
    ];
    const connection = answering('mssql', async () => rows.map((row) => ({ ...row, statement: '' })));
    expect(
      (await healthFindings(connection, 'scratch')).map((found) => [
        found.class,
        found.message.replace(/.*[Rr]un: /, ''),
      ]),
    ).toEqual([
      ['D', "EXEC sys.sp_configure N'nested triggers', 1; RECONFIGURE"],
      ['D', 'ALTER DATABASE [odd]]name] SET COMPATIBILITY_LEVEL = 150'],
      ['W', 'ALTER DATABASE [d] SET RECURSIVE_TRIGGERS OFF'],
      ['W', 'ALTER DATABASE [d] SET READ_COMMITTED_SNAPSHOT ON'],
    ]);
  });
});
