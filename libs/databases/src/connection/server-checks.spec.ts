import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, targetOf } from '../../test/engines.ts';
import type { Connection, Row } from './connection.ts';
import { openDatabase } from './open-database.ts';
import { checkVersion, serverVersion } from './server-checks.ts';

/* Which servers are accepted (design 09 §1.5). */

let connection: Connection;
beforeAll(async () => {
  connection = await openDatabase(targetOf('pglite:'));
});
afterAll(() => connection.close());

/** The same session, where the server says that it is another one. */
const ofVersion = (number: number): Connection => ({
  ...connection,
  query: async <Result = Row>() => [{ number }] as readonly unknown[] as readonly Result[],
});

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
