import { givenScript, trusted } from '@dms/sql';
import { createScratchDatabase, type PostgresDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, targetOf } from '../../test/engines.ts';
import type { Connection } from '../drivers/connection.ts';
import { openDatabase } from '../drivers/open-database.ts';
import { mssqlFailure } from './mssql-failure.ts';
import { contextFunctions, foreignFunctions } from './pgsql-failure.ts';

describe('the functions in the CONTEXT of a failure', () => {
  it.each([
    ['PL/pgSQL function guard.no() line 1 at RAISE', ['guard.no()']],
    ['PL/pgSQL-Funktion guard.no() Zeile 1 bei RAISE', ['guard.no()']],
    ['PL/pgSQL関数guard.no()の1行目 - RAISE', ['guard.no()']],
    ['PL/pgSQL function "Odd ""one""".f(integer,text) line 3 at RAISE', ['"Odd ""one""".f(integer,text)']],
    ['SQL function "check_it" statement 1', ['check_it']],
    ['PL/pgSQL function inline_code_block line 1 at RAISE', []],
    ['SQL statement "INSERT INTO t VALUES (f(\'Ann\'))"\nPL/pgSQL function g() line 2 at SQL statement', ['g()']],
    ['COPY t, line 1, column a: "f(Ann)"', []],
    [undefined, []],
  ])('are read in every language, without statements and rows: %s', (context, texts) => {
    expect(contextFunctions(context).map(({ text }) => text)).toEqual(texts);
  });

  it('are of others only where the innermost one is', () => {
    const line = (name: string) => `PL/pgSQL function ${name}() line 1 at RAISE`;
    const foreign = (...names: readonly string[]) =>
      foreignFunctions(names.map(line).join('\n')).map(({ text }) => text);
    expect(foreign('guard.no', 'edfi."TF_TR_School_Stamp"', 'audit.it')).toEqual(['guard.no()', 'audit.it()']);
    expect(foreign('dms.uuidv5', 'guard.no')).toEqual([]);
    expect(foreign('edfi."TF_TR_School_Stamp"')).toEqual([]);
    expect(foreign('pg_temp_3.f')).toEqual([]);
  });
});

describe('an object of somebody else that refuses', () => {
  const role = `dms_refused_${process.pid}`;
  let database: PostgresDatabase;
  let connection: Connection;
  beforeAll(async () => {
    database = await createScratchDatabase();
    connection = await openDatabase(targetOf(database.url));
    await connection.execute(
      givenScript(`CREATE SCHEMA guard; CREATE TABLE public.t (a int); CREATE TABLE public.ta (a int CHECK (a < 9));
CREATE FUNCTION guard.no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no, %'', NEW.a; END';
CREATE FUNCTION guard.never() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''never''; END';
CREATE FUNCTION guard.odd(a int) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''odd''; END';
CREATE ROLE ${role}; GRANT ALL ON public.t, public.ta TO ${role}; GRANT USAGE ON SCHEMA guard TO ${role}`),
    );
  });
  afterAll(async () => {
    await connection.execute(givenScript(`DROP OWNED BY ${role}; DROP ROLE ${role}`));
    await connection.close();
    await database.drop();
  });

  const insert = 'INSERT INTO public.t VALUES (1)';
  it.each([
    [
      'a trigger',
      'CREATE TRIGGER watch BEFORE INSERT ON public.t FOR EACH ROW EXECUTE FUNCTION guard.no()',
      'DROP TRIGGER watch ON public.t',
      insert,
      'This is the function guard.no(), which is called by trigger watch on table t; it does not belong to the schema set.',
      ['guard.no()', 'trigger watch on table t'],
    ],
    [
      'an event trigger',
      "CREATE EVENT TRIGGER only_platform ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION guard.never()",
      'DROP EVENT TRIGGER only_platform',
      'CREATE TABLE public.new (a int)',
      'This is the function guard.never(), which is called by event trigger only_platform; it does not belong to the schema set.',
      ['guard.never()', 'event trigger only_platform'],
    ],
    [
      'a check',
      'ALTER TABLE public.t ADD CONSTRAINT even CHECK (guard.odd(a))',
      'ALTER TABLE public.t DROP CONSTRAINT even',
      insert,
      'This is the function guard.odd(integer), which is called by constraint even on table t; it does not belong to the schema set.',
      ['guard.odd(integer)', 'constraint even on table t'],
    ],
    [
      'row security',
      `ALTER TABLE public.t ENABLE ROW LEVEL SECURITY; CREATE POLICY mine ON public.t USING (a > 5); CREATE POLICY none ON public.ta USING (true); SET ROLE ${role}`,
      'RESET ROLE; DROP POLICY mine ON public.t; DROP POLICY none ON public.ta; ALTER TABLE public.t DISABLE ROW LEVEL SECURITY',
      insert,
      'The table has policy mine on table t, which the schema set does not make.',
      ['policy mine on table t'],
    ],
    [
      'a rule',
      'CREATE RULE hidden AS ON INSERT TO public.t DO INSTEAD NOTHING',
      'DROP RULE hidden ON public.t',
      `${insert} RETURNING a`,
      'The table has rule hidden on table t, which the schema set does not make.',
      ['rule hidden on table t'],
    ],
  ])('is named: %s', async (_, change, back, statement, remark, refusedBy) => {
    // a policy does not apply to the owner of its table, and the second session sees only committed objects
    await connection.execute(givenScript(change));
    await connection.begin();
    const error = await failureOf(() => connection.query(trusted(statement)));
    await connection.rollback();
    await connection.execute(givenScript(back));
    expect((error as Error).message).toContain(remark);
    expect(error).toMatchObject({ diagnostics: [{ details: { refusedBy, routine: expect.any(String) } }] });
  });

  it('is not named where the database itself refuses', async () => {
    const error = await failureOf(() => connection.query(trusted('INSERT INTO public.ta VALUES (10)')));
    expect(error).toMatchObject({ diagnostics: [{ details: { object: 'ta_a_check', routine: 'ExecConstraints' } }] });
    expect((error as Error).message).not.toContain('schema set');
  });
});

it('on SQL Server the trigger or procedure is named', () => {
  const failure = (procName: string) =>
    mssqlFailure(
      { error: Object.assign(new Error('no'), { number: 50_001, code: 'EREQUEST', procName }), by: null },
      { isOpening: false },
    );
  expect(failure('guard.watch')).toMatchObject({
    remarks: [expect.stringContaining('guard.watch')],
    refusedBy: ['guard.watch'],
  });
  for (const own of ['', 'TR_School_Stamp', 'edfi.TR_School_Stamp', 'dms.uuidv5', 'sp_executesql'])
    expect(failure(own).refusedBy).toBeUndefined();
});
