import { type Connection, parseTarget, type ServerTarget } from '@dms/databases';
import { createScratchDatabase, type PostgresDatabase } from '@dms/testing';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { openOnServer } from './bench.ts';

/* The databases of specs. */

/** An empty database on the server of the tests, for specs that open several sessions of it. */
export async function serverDatabase(): Promise<{
  readonly database: PostgresDatabase;
  readonly target: ServerTarget;
}> {
  const database = await createScratchDatabase();
  const { target } = parseTarget(database.url, 'pgsql');
  if (target.kind !== 'server') throw new Error(target.kind);
  return { database, target };
}

/** Gives all tests one session of an empty database. */
export function sessionForAll(use: (connection: Connection) => void, open = openOnServer): void {
  let connection: Connection;
  beforeAll(async () => {
    connection = await open();
    use(connection);
  }, 60_000);
  afterAll(() => connection.close());
}

/** Gives each test a session of an empty database. */
export function sessionForEach(use: (connection: Connection) => void, open = openOnServer): void {
  let connection: Connection;
  beforeEach(async () => {
    connection = await open();
    use(connection);
  }, 60_000);
  afterEach(() => connection.close());
}
