import { readFileSync } from 'node:fs';
import { calledNames } from '@dms/sql';
import { createScratchDatabase, openSession, type PostgresDatabase, type TestDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answering } from '../../test/answering.ts';
import { replacingObjects } from './replacing-objects.ts';

/*
 * Objects that a session could use in place of built-in functions, operators, casts and types (design 09c §1), for the
 * scripts of all generations.
 */

const scripts = ['dms', 'dms-v2', 'dms-v2-natural'].map((name) =>
  readFileSync(new URL(`../../../../../golden/${name}/pgsql.sql`, import.meta.url), 'utf8'),
);
const script = scripts.join('\n');
const names = calledNames(scripts);

describe('objects that replace built-in ones', () => {
  let database: PostgresDatabase;
  let session: TestDatabase;

  beforeAll(async () => {
    database = await createScratchDatabase();
    session = await openSession(database.url);
    await session.exec('CREATE EXTENSION pgcrypto SCHEMA public; CREATE SCHEMA dms; CREATE SCHEMA elsewhere');
  });
  afterAll(async () => {
    await session?.close();
    await database?.drop();
  });

  const found = async (text = script) => {
    const connection = answering('pgsql', (sql, values) => session.query(sql, values));
    return replacingObjects(connection, {}, text);
  };
  const brief = async (text?: string) =>
    (await found(text)).map(({ code, message }) => `${code} ${/run: (.*)$/.exec(message)?.[1]}`);

  /**
   * Runs statements and returns the findings; then runs the statements of the findings, after which nothing is found.
   */
  async function foundAfter(statements: string, text?: string): Promise<string[]> {
    await session.exec(statements);
    const findings = await brief(text);
    for (const finding of findings) await session.exec(finding.replace(/^\w+ /, ''));
    expect(await brief()).toEqual([]);
    return findings;
  }

  it('are not there at first', async () => {
    expect(await brief()).toEqual([]);
  });

  it('are found for every function that a script calls', async () => {
    const rows = await session.queryRows(
      "SELECT p.proname, p.pronargs FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind <> 'p' GROUP BY 1, 2",
    );
    const builtIn = new Set(rows.map(([name]) => String(name)));
    const called = [...names.calls]
      .filter(([name, calls]) => builtIn.has(name) && calls.some((call) => call.isQualified && call.arguments !== 0))
      .map(([name, calls]) => [name, Math.max(...calls.map((call) => call.arguments ?? 1))] as const)
      .sort();
    expect(called.map(([name]) => name)).toEqual(
      expect.arrayContaining(['cardinality', 'unnest', 'array_agg', 'lower', 'to_char', 'set_byte', 'max']),
    );
    const list = (count: number) => Array.from({ length: count }, () => 'varchar').join(', ');
    const made = called.map(
      ([name, count]) => `CREATE FUNCTION public.${name}(${list(count)}) RETURNS int LANGUAGE sql AS 'SELECT 0'`,
    );
    const dropped = called.map(
      ([name, count]) =>
        `DB_BUILTIN_REPLACED DROP FUNCTION "public"."${name}"(${list(count).replaceAll('varchar', 'character varying')})`,
    );
    expect(await foundAfter(made.join(';'))).toEqual(dropped);
  });

  it('are found in pg_catalog, where a user has made them beside the built-in ones', async () => {
    await session.exec(
      `CREATE FUNCTION pg_catalog.lower(varchar) RETURNS text LANGUAGE sql AS 'SELECT $1::text'; CREATE FUNCTION pg_catalog.nobody_calls(varchar) RETURNS int LANGUAGE sql AS 'SELECT 1'`,
    );
    const made = `CREATE OPERATOR pg_catalog.|| (FUNCTION = elsewhere.both, LEFTARG = varchar, RIGHTARG = varchar)`;
    const both = `CREATE FUNCTION elsewhere.both(varchar, varchar) RETURNS text LANGUAGE sql AS 'SELECT ''x'''`;
    expect(await foundAfter(`${both}; ${made}`)).toEqual([
      'DB_BUILTIN_REPLACED DROP FUNCTION "pg_catalog"."lower"(character varying)',
      'DB_BUILTIN_REPLACED DROP OPERATOR "pg_catalog".|| (character varying, character varying)',
    ]);
    await session.exec(
      'DROP FUNCTION pg_catalog.nobody_calls(varchar); DROP FUNCTION elsewhere.both(varchar, varchar)',
    );
  });

  it('are found for every operator that a script uses', async () => {
    const rows = await session.queryRows(
      "SELECT DISTINCT o.oprname FROM pg_operator o WHERE o.oprnamespace = 'pg_catalog'::regnamespace AND o.oprleft <> 0",
    );
    const used = rows.map(([name]) => String(name)).filter((name) => names.operators.has(name));
    expect(used).toEqual(expect.arrayContaining(['=', '<>', '||', '|', '&', '>', '->>']));
    await session.exec("CREATE FUNCTION elsewhere.no(varchar, varchar) RETURNS boolean LANGUAGE sql AS 'SELECT false'");
    const make = (name: string) =>
      `CREATE OPERATOR public.${name} (FUNCTION = elsewhere.no, LEFTARG = varchar, RIGHTARG = varchar)`;
    const findings = await foundAfter(used.map(make).join(';'));
    expect([...findings].sort()).toEqual(
      used
        .map((name) => `DB_BUILTIN_REPLACED DROP OPERATOR "public".${name} (character varying, character varying)`)
        .sort(),
    );
  });

  it.each([
    [
      'the exact overload of a polymorphic function',
      "CREATE FUNCTION public.cardinality(bigint[]) RETURNS int LANGUAGE sql AS 'SELECT 0'",
      ['DB_BUILTIN_REPLACED DROP FUNCTION "public"."cardinality"(bigint[])'],
    ],
    [
      'an overload with a further argument that has a default',
      "CREATE FUNCTION public.cardinality(a bigint[], b int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 0'",
      ['DB_BUILTIN_REPLACED DROP FUNCTION "public"."cardinality"(bigint[], integer)'],
    ],
    [
      'an aggregate',
      'CREATE AGGREGATE public.max(varchar) (SFUNC = textcat, STYPE = text)',
      ['DB_BUILTIN_REPLACED DROP AGGREGATE "public"."max"(character varying)'],
    ],
    [
      'a function of a domain',
      "CREATE DOMAIN elsewhere.ids AS bigint[]; CREATE FUNCTION public.cardinality(elsewhere.ids) RETURNS int LANGUAGE sql AS 'SELECT 0'",
      ['DB_BUILTIN_REPLACED DROP FUNCTION "public"."cardinality"(elsewhere.ids)'],
    ],
    [
      'a cast with a function',
      "CREATE FUNCTION elsewhere.text(integer) RETURNS text LANGUAGE sql AS 'SELECT ''x'''; CREATE CAST (integer AS text) WITH FUNCTION elsewhere.text(integer)",
      ['DB_BUILTIN_REPLACED DROP CAST (integer AS text)'],
    ],
    [
      'an assignment cast',
      "CREATE FUNCTION elsewhere.date(date) RETURNS text LANGUAGE sql AS 'SELECT ''x'''; CREATE CAST (date AS text) WITH FUNCTION elsewhere.date(date) AS ASSIGNMENT",
      ['DB_BUILTIN_REPLACED DROP CAST (date AS text)'],
    ],
    [
      'an implicit cast',
      "CREATE FUNCTION elsewhere.chars(integer) RETURNS varchar LANGUAGE sql AS 'SELECT ''x'''; CREATE CAST (integer AS varchar) WITH FUNCTION elsewhere.chars(integer) AS IMPLICIT",
      ['DB_BUILTIN_REPLACED DROP CAST (integer AS character varying)'],
    ],
    [
      'a class by which rows are compared',
      'CREATE OPERATOR CLASS elsewhere.chars DEFAULT FOR TYPE varchar USING hash AS OPERATOR 1 pg_catalog.= (text, text), FUNCTION 1 hashtext(text)',
      ['DB_BUILTIN_REPLACED DROP OPERATOR CLASS "elsewhere"."chars" USING hash'],
    ],
    [
      'the signature of a built-in function',
      "CREATE FUNCTION public.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT timestamptz ''1999-01-01'''",
      ['DB_SHADOWED_FUNCTION DROP FUNCTION "public"."now"()'],
    ],
    [
      'the signature of a built-in operator',
      'CREATE OPERATOR public.= (FUNCTION = pg_catalog.int4ne, LEFTARG = int4, RIGHTARG = int4)',
      ['DB_SHADOWED_FUNCTION DROP OPERATOR "public".= (integer, integer)'],
    ],
  ])('are found: %s', async (_, statements, expected) => {
    expect(await foundAfter(statements)).toEqual(expected);
  });

  it('win with the signature of a built-in one where a role or the database names their schema first', async () => {
    const lower = (schema: string) => `CREATE FUNCTION ${schema}.lower(text) RETURNS text LANGUAGE sql AS 'SELECT $1'`;
    await session.exec(lower('elsewhere'));
    expect(await brief()).toEqual([]);
    await session.exec(
      `ALTER ROLE CURRENT_USER IN DATABASE "${database.name}" SET search_path = elsewhere, pg_catalog, public`,
    );
    expect(await brief()).toEqual(['DB_BUILTIN_REPLACED DROP FUNCTION "elsewhere"."lower"(text)']);
    await session.exec(
      `DROP FUNCTION elsewhere.lower; CREATE DOMAIN elsewhere.uuid AS text; ALTER ROLE CURRENT_USER IN DATABASE "${database.name}" RESET search_path`,
    );
    expect(await brief()).toEqual([]);
    await session.exec(`ALTER DATABASE "${database.name}" SET search_path = "elsewhere", pg_catalog`);
    expect(await brief()).toEqual(['DB_BUILTIN_REPLACED DROP DOMAIN "elsewhere"."uuid"']);
    await session.exec(`ALTER DATABASE "${database.name}" RESET search_path; DROP DOMAIN elsewhere.uuid`);
  });

  it('are found in the schema of a role, which "$user" puts in reach', async () => {
    const [[role]] = (await session.queryRows('SELECT quote_ident(current_user)')) as [[string]];
    await session.exec(
      `CREATE SCHEMA ${role}; CREATE FUNCTION ${role}.lower(varchar) RETURNS text LANGUAGE sql AS 'SELECT ''x'''`,
    );
    expect((await brief()).map((text) => text.replace(/"\w+"\."lower"/, 'lower'))).toEqual([
      'DB_BUILTIN_REPLACED DROP FUNCTION lower(character varying)',
    ]);
    await session.exec(`DROP SCHEMA ${role} CASCADE`);
  });

  it.each([
    [
      'a function in a schema out of reach',
      "CREATE FUNCTION elsewhere.lower(varchar) RETURNS text LANGUAGE sql AS 'SELECT $1'",
    ],
    ['a function that nothing calls', "CREATE FUNCTION public.sinh(varchar) RETURNS text LANGUAGE sql AS 'SELECT $1'"],
    [
      'another number of arguments',
      "CREATE FUNCTION public.lower(varchar, varchar) RETURNS text LANGUAGE sql AS 'SELECT $1'",
    ],
    [
      'arguments that no value becomes',
      "CREATE FUNCTION public.lower(point) RETURNS text LANGUAGE sql AS 'SELECT ''x'''",
    ],
    [
      'a cast of types that are not used',
      "CREATE FUNCTION elsewhere.p(point) RETURNS box LANGUAGE sql AS 'SELECT NULL::box'; CREATE CAST (point AS macaddr) WITH INOUT AS IMPLICIT",
    ],
    ['a cast that converts as without it', 'CREATE CAST (integer AS text) WITH INOUT AS ASSIGNMENT'],
    [
      'the types, functions and operators of an extension',
      'CREATE EXTENSION citext SCHEMA public; CREATE EXTENSION hstore SCHEMA public',
    ],
  ])('are not found for nothing: %s', async (_, statements) => {
    await session.exec(`BEGIN; ${statements}`);
    try {
      expect(await brief()).toEqual([]);
    } finally {
      await session.exec('ROLLBACK');
    }
  });

  it('are judged by the bodies of a database where no script is given', async () => {
    await session.exec(
      "CREATE FUNCTION public.cardinality(bigint[]) RETURNS int LANGUAGE sql AS 'SELECT 0'; CREATE FUNCTION dms.f(a bigint[]) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'",
    );
    expect(await brief('')).toEqual([]);
    await session.exec(
      "CREATE OR REPLACE FUNCTION dms.f(a bigint[]) RETURNS int LANGUAGE plpgsql AS 'DECLARE b bigint[]; BEGIN RETURN cardinality(a); END'",
    );
    expect(await brief('')).toEqual(['DB_BUILTIN_REPLACED DROP FUNCTION "public"."cardinality"(bigint[])']);
    await session.exec('DROP FUNCTION public.cardinality; DROP FUNCTION dms.f');
  });
});
