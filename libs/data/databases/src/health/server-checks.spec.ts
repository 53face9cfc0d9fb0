import { changedTexts } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, targetOf } from '../../test/engines.ts';
import type { Connection, Row } from '../drivers/connection.ts';
import { openDatabase } from '../drivers/open-database.ts';
import { unknownSet } from './needed-rights.ts';
import { checkVersion, checkWritable, expectServer, serverVersion } from './server-checks.ts';

/* Which servers are accepted (design 09 §1.5). */

let connection: Connection;
beforeAll(async () => {
  connection = await openDatabase(targetOf('pglite:'));
});
afterAll(() => connection.close());

/** The same session, with a server that reports another version. */
const ofVersion = (number: number): Connection => ({ ...connection, queryAll: async () => [[{ number }]] });

describe('the version of a server', () => {
  it('must be one that is supported, and the message names both', async () => {
    expect(await failureOf(() => checkVersion(ofVersion(130_002)))).toMatchObject({
      code: 'DB_VERSION_UNSUPPORTED',
      message: expect.stringContaining('PostgreSQL 13.2 is too old. PostgreSQL 14 is the first one'),
    });
    await expect(checkVersion(ofVersion(140_000))).resolves.toBeUndefined();
  });

  it('is reported in the words of the server', async () => {
    await expect(checkVersion(connection)).resolves.toBeUndefined();
    expect(await serverVersion(ofVersion(170_004))).toEqual({ product: 'PostgreSQL', version: '17.4' });
  });
});

describe('a server for sets whose index names the collation that folds URIs', () => {
  const set = { ...unknownSet('pgsql', []), mappingVersion: 'v2-natural' } as const;
  /** The same session, with a server that says that its settings are these. */
  const saying = (settings: Readonly<Record<string, string>>): Connection => ({
    ...connection,
    queryAll: (statements) =>
      connection.queryAll(
        changedTexts(statements, (text) =>
          Object.entries(settings).reduce(
            (said, [name, value]) => said.replaceAll(`current_setting('${name}')`, `'${value}'`),
            text,
          ),
        ),
      ),
  });
  const old = { server_version: '16.9', server_version_num: '160009' };

  it('is at least PostgreSQL 17, also before a database is created on it', async () => {
    const refused = { code: 'DB_VERSION_UNSUPPORTED', message: expect.stringContaining('PostgreSQL 16.9 is too old') };
    expect(await failureOf(() => expectServer(saying(old), set))).toMatchObject(refused);
    expect(await failureOf(() => checkWritable(saying(old), '', undefined, set))).toMatchObject(refused);
    await expect(expectServer(connection, set)).resolves.toBeUndefined();
    await expect(expectServer(saying(old), { ...set, mappingVersion: 'v2' })).resolves.toBeUndefined();
  });
});

describe('a session that takes no writes', () => {
  /** The same session, with a server that reports `row` about writes. */
  const readOnly = (row: Row): Connection => ({
    ...connection,
    queryAll: async (statements) =>
      statements[0]?.pieces[0]?.includes('pg_is_in_recovery') ? [[row]] : connection.queryAll(statements),
  });

  it.each([
    [
      'a standby',
      { standby: true, server: false, places: null },
      'is a standby and takes no writes: connect to the primary',
    ],
    [
      'a setting of a role',
      { standby: false, server: true, places: 'ALTER ROLE a RESET default_transaction_read_only' },
      'Run: SET default_transaction_read_only = off; ALTER ROLE a RESET default_transaction_read_only',
    ],
    ['a setting of the server', { standby: false, server: true, places: null }, 'in the configuration of the server'],
  ])('is refused, with what to do: %s', async (_, row, advice) => {
    expect(await failureOf(() => checkWritable(readOnly(row)))).toMatchObject({
      code: 'DB_READ_ONLY',
      message: expect.stringContaining(advice),
    });
  });

  it('is another one than this', async () => {
    await expect(checkWritable(connection)).resolves.toEqual([]);
  });
});
