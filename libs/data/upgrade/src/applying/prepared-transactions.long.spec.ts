import { type Connection, openDatabase, type PostgresServer, parseTarget, startPostgresServer } from '@dms/databases';
import { givenScript } from '@dms/sql';
import { errorOf } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schoolPair, withMotto } from '../../test/school-pairs.ts';
import { prepareUpgrade } from '../preparing/prepare-upgrade.ts';
import { applyUpgrade } from './apply-upgrade.ts';

/* Upgrades of a database in which a prepared transaction, which no session holds, keeps its locks (design 09 §1.4). */

let server: PostgresServer;
let connection: Connection;

beforeAll(async () => {
  server = await startPostgresServer({ isInMemory: true, settings: { max_prepared_transactions: '2' } });
  connection = await open();
});
afterAll(async () => {
  await connection.close();
  await server.stop();
});

function open(): Promise<Connection> {
  const { target } = parseTarget(server.url, 'pgsql');
  if (target.kind === 'static') throw new Error(target.kind);
  return openDatabase(target);
}

const [before, after] = schoolPair(withMotto);
const endings = ["COMMIT PREPARED 'lost'", "ROLLBACK PREPARED 'lost'"];

describe('a prepared transaction that holds a table', () => {
  beforeAll(async () => {
    await connection.execute(givenScript(before.script));
    const other = await open();
    for (const text of ['BEGIN', 'LOCK TABLE core."School" IN ROW EXCLUSIVE MODE', "PREPARE TRANSACTION 'lost'"])
      await other.execute(givenScript(text));
    await other.close();
  });

  it('is named by an upgrade, with the statements that end it', async () => {
    const error = await errorOf(() =>
      applyUpgrade(connection, before, after, { reopen: open, limits: { lock: 1_000 } }),
    );
    expect(error.code).toBe('UPGRADE_LOCKED');
    expect(error.message).toMatch(
      /for a lock that the prepared transaction 'lost' of postgres in the database postgres, since \S+ holds\. .* End it with COMMIT PREPARED 'lost' or ROLLBACK PREPARED 'lost', in its database, or wait longer/,
    );
    expect(error.diagnostics[0].details).toMatchObject({ endings });
  });

  it('is named by a preparation', async () => {
    const options = { reopen: open, limits: { lock: 1_000, retries: 1 } };
    const error = await errorOf(() => prepareUpgrade(connection, before, after, options));
    expect(error.code).toBe('UPGRADE_LOCKED');
    expect(error.message).toMatch(
      /It is held by the prepared transaction 'lost' .* End it with COMMIT PREPARED 'lost' or ROLLBACK PREPARED 'lost', in its database\./,
    );
    expect(error.diagnostics[0].details).toMatchObject({ endings });
  });

  it('is in the way no longer once it is ended', async () => {
    await connection.execute(givenScript("ROLLBACK PREPARED 'lost'"));
    const { outcome } = await applyUpgrade(connection, before, after, { reopen: open });
    expect(outcome).toBe('upgraded');
  });
});
