import { trusted } from '@dms/sql';
import { createScratchDatabase, openSession, type PostgresDatabase, type TestDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, targetOf } from '../../test/engines.ts';
import { openDatabase } from './open-database.ts';

/* A session has the settings of design 09 §1.5, whatever role and database say. */

let database: PostgresDatabase;
let administrator: TestDatabase;
const role = `dms_settings_${process.pid}`;

beforeAll(async () => {
  database = await createScratchDatabase();
  administrator = await openSession(database.url);
  await administrator.exec(`CREATE ROLE ${role} LOGIN PASSWORD 'of the test'`);
});

afterAll(async () => {
  await administrator.exec(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  await administrator.close();
  await database.drop();
});

function urlOf(username: string, password: string): string {
  const url = new URL(database.url);
  url.username = username;
  url.password = encodeURIComponent(password);
  return url.href;
}

async function settingsOf(url: string, names: readonly string[]): Promise<readonly string[]> {
  const connection = await openDatabase(targetOf(url));
  try {
    const rows = await connection.query<{ value: string }>(
      trusted(
        'SELECT current_setting(name) AS value FROM unnest($1::text[]) WITH ORDINALITY AS s(name, place) ORDER BY place',
      ),
      [names],
    );
    return rows.map(({ value }) => value);
  } finally {
    await connection.close();
  }
}

/** Setting, its value for the role and the database, its value in the session. */
const inherited = [
  ['search_path', 'nowhere', 'public'],
  ['default_transaction_isolation', 'serializable', 'read committed'],
  ['row_security', 'on', 'off'],
  ['transform_null_equals', 'on', 'off'],
  ['standard_conforming_strings', 'off', 'on'],
  ['array_nulls', 'off', 'on'],
  ['check_function_bodies', 'off', 'on'],
  ['plpgsql.extra_errors', 'all', 'none'],
  ['exit_on_error', 'on', 'off'],
  ['TimeZone', 'Asia/Kathmandu', 'UTC'],
  ['DateStyle', 'SQL, DMY', 'ISO, YMD'],
  ['IntervalStyle', 'iso_8601', 'postgres'],
  ['bytea_output', 'escape', 'hex'],
  ['extra_float_digits', '-3', '1'],
  ['quote_all_identifiers', 'on', 'off'],
  ['client_min_messages', 'debug1', 'warning'],
] as const;

describe('the settings of a session', () => {
  it.each([
    ['role', () => role, () => urlOf(role, 'of the test')],
    ['database', () => `"${database.name}"`, () => database.url],
  ])('do not come from its %s', async (kind, owner, url) => {
    const change = (text: string) => administrator.exec(`ALTER ${kind} ${owner()} ${text}`);
    for (const [name, value] of inherited) await change(`SET ${name} = '${value}'`);
    try {
      const names = inherited.map(([name]) => name);
      expect(await settingsOf(url(), names)).toEqual(inherited.map(([, , wanted]) => wanted));
    } finally {
      await change('RESET ALL');
    }
  });

  it('apply in transactions: each statement reads committed rows', async () => {
    await administrator.exec(`ALTER ROLE ${role} SET default_transaction_isolation = 'repeatable read'`);
    const connection = await openDatabase(targetOf(urlOf(role, 'of the test')));
    await connection.begin();
    const [row] = await connection.query(trusted("SELECT current_setting('transaction_isolation') AS level"));
    await connection.rollback();
    await connection.close();
    await administrator.exec(`ALTER ROLE ${role} RESET ALL`);
    expect(row).toEqual({ level: 'read committed' });
  });

  it('switch triggers on if the role may do so, and refuse the session otherwise', async () => {
    await administrator.exec(`ALTER DATABASE "${database.name}" SET session_replication_role = 'replica'`);
    try {
      expect(await settingsOf(database.url, ['session_replication_role'])).toEqual(['origin']);
      const error = await failureOf(() => openDatabase(targetOf(urlOf(role, 'of the test')), { retryDelays: [] }));
      expect(error).toMatchObject({
        code: 'DB_SESSION_SETTING',
        diagnostics: [{ message: expect.stringContaining('RESET session_replication_role') }],
      });
    } finally {
      await administrator.exec(`ALTER DATABASE "${database.name}" RESET ALL`);
    }
  });
});
