import { createScratchDatabase, openSession, type PostgresDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answering } from '../../test/answering.ts';
import { findingsOf } from './health-check.ts';
import { objectChecks } from './object-checks.ts';

describe('rights and owners in a PostgreSQL database', () => {
  // superusers never lack a right
  const owner = `dms_rights_${process.pid}`;
  const other = `dms_rights_other_${process.pid}`;
  let database: PostgresDatabase;
  const run = async (sql: string) => {
    const session = await openSession(database.url);
    await session.exec(sql).finally(() => session.close());
  };
  beforeAll(async () => {
    database = await createScratchDatabase();
    await run(`CREATE ROLE ${owner}; CREATE ROLE ${other}; GRANT CREATE ON DATABASE "${database.name}" TO ${owner}; SET ROLE ${owner};
CREATE SCHEMA dms; CREATE SCHEMA edfi; CREATE TABLE dms."EffectiveSchema" (a int);
CREATE TABLE edfi."School" ("DocumentId" bigint GENERATED ALWAYS AS IDENTITY, "Name" text); CREATE SEQUENCE dms.numbers; CREATE FUNCTION dms.stamp(a bigint, b text) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE VIEW edfi.names AS SELECT "Name" FROM edfi."School"`);
  });
  afterAll(async () => {
    await database.drop();
    const administrator = await createScratchDatabase();
    const session = await openSession(administrator.url);
    await session.exec(`DROP ROLE ${owner}; DROP ROLE ${other}`);
    await session.close();
    await administrator.drop();
  });

  async function found(): Promise<string[]> {
    const rows = await openSession(database.url);
    const connection = answering('pgsql', (text) => rows.query(text));
    const schemas = ['dms', 'edfi'];
    const findings = await findingsOf(connection, objectChecks, { schemas }).finally(() => rows.close());
    return findings.map(({ code, class: kind, message }) => `${code} ${kind} ${message.replace(/^.*Run: /, '')}`);
  }

  it.each([
    ['GRANT SELECT ON edfi."School" TO PUBLIC', 'DB_PUBLIC_RIGHTS W REVOKE ALL ON TABLE "edfi"."School" FROM PUBLIC'],
    [
      'GRANT UPDATE ("Name") ON edfi."School" TO PUBLIC',
      'DB_PUBLIC_RIGHTS W REVOKE ALL ON TABLE "edfi"."School" FROM PUBLIC',
    ],
    ['GRANT SELECT ON edfi.names TO PUBLIC', 'DB_PUBLIC_RIGHTS W REVOKE ALL ON TABLE "edfi"."names" FROM PUBLIC'],
    ['GRANT CREATE ON SCHEMA edfi TO PUBLIC', 'DB_PUBLIC_RIGHTS W REVOKE ALL ON SCHEMA "edfi" FROM PUBLIC'],
    [
      'GRANT UPDATE ON SEQUENCE dms.numbers TO PUBLIC',
      'DB_PUBLIC_RIGHTS W REVOKE ALL ON SEQUENCE "dms"."numbers" FROM PUBLIC',
    ],
    [
      `REVOKE INSERT ON edfi."School" FROM ${owner}`,
      `DB_RIGHTS_MISSING D GRANT ALL ON TABLE "edfi"."School" TO "${owner}"`,
    ],
    [`REVOKE USAGE ON SCHEMA edfi FROM ${owner}`, `DB_RIGHTS_MISSING D GRANT ALL ON SCHEMA "edfi" TO "${owner}"`],
    [
      `REVOKE ALL ON SEQUENCE dms.numbers FROM ${owner}`,
      `DB_RIGHTS_MISSING D GRANT ALL ON SEQUENCE "dms"."numbers" TO "${owner}"`,
    ],
    [`ALTER TABLE edfi."School" OWNER TO ${other}`, `DB_OWNERS W ALTER TABLE "edfi"."School" OWNER TO "${owner}"`],
    [`ALTER SCHEMA edfi OWNER TO ${other}`, `DB_OWNERS W ALTER SCHEMA "edfi" OWNER TO "${owner}"`],
    [
      `ALTER FUNCTION dms.stamp OWNER TO ${other}`,
      `DB_OWNERS W ALTER FUNCTION "dms"."stamp"(bigint, text) OWNER TO "${owner}"`,
    ],
    [`ALTER SEQUENCE dms.numbers OWNER TO ${other}`, `DB_OWNERS W ALTER SEQUENCE "dms"."numbers" OWNER TO "${owner}"`],
  ])('are reported with the statement that corrects them: %s', async (change, expected) => {
    expect(await found()).toEqual([]);
    await run(change);
    expect(await found()).toEqual([expected]);
    await run(expected.replace(/^\S+ \S /, ''));
    expect(await found()).toEqual([]);
  });

  it('are reported once for many objects, and those of other schemas and other roles are not', async () => {
    await run(
      `CREATE SCHEMA others; CREATE TABLE others.t (a int); GRANT ALL ON others.t TO PUBLIC; GRANT ALL ON edfi."School" TO ${other}`,
    );
    expect(await found()).toEqual([]);
    await run('GRANT SELECT ON ALL TABLES IN SCHEMA dms, edfi TO PUBLIC; GRANT USAGE ON SCHEMA dms TO PUBLIC');
    const [only, ...rest] = await found();
    expect([only?.split('; ').length, rest]).toEqual([3, []]);
  });
});

describe('rights and owners in a SQL Server database', () => {
  it('are reported with the statement that corrects them', async () => {
    const object = { object: 'object [dms].[odd]]name]', statement: 'OBJECT::[dms].[odd]]name]' };
    const schema = { object: 'schema [dms]', statement: 'SCHEMA::[dms]' };
    const rows = [
      { code: 'DB_OWNERS', ...object, detail: '', statement: `${object.statement} TO SCHEMA OWNER` },
      { code: 'DB_OWNERS', ...schema, detail: '', statement: `${schema.statement} TO [dbo]` },
      { code: 'DB_PUBLIC_RIGHTS', ...object, detail: 'INSERT' },
      { code: 'DB_PUBLIC_RIGHTS', ...object, detail: 'SELECT' },
      { code: 'DB_RIGHTS_MISSING', ...schema, detail: 'UPDATE' },
    ];
    const connection = answering('mssql', async () => rows);
    const findings = await findingsOf(connection, objectChecks, { schemas: ['dms'] });
    expect(findings.map(({ code, class: kind, message }) => [code, kind, message.replace(/^.*Run: /, '')])).toEqual([
      [
        'DB_OWNERS',
        'W',
        'ALTER AUTHORIZATION ON OBJECT::[dms].[odd]]name] TO SCHEMA OWNER; ALTER AUTHORIZATION ON SCHEMA::[dms] TO [dbo]',
      ],
      ['DB_PUBLIC_RIGHTS', 'W', 'REVOKE INSERT, SELECT ON OBJECT::[dms].[odd]]name] FROM [public]'],
      ['DB_RIGHTS_MISSING', 'D', 'REVOKE UPDATE ON SCHEMA::[dms] FROM [public]'],
    ]);
  });
});
