import { type Connection, openDatabase, parseTarget, type ServerTarget } from '@dms/databases';
import { trusted } from '@dms/sql';
import { createScratchDatabase, type PostgresDatabase, type PostgresOptions } from '@dms/testing';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { openOnServer } from './bench.ts';

/* The databases of specs. */

/** An empty database on the server of the tests, for specs that open several sessions of it. */
export async function serverDatabase(options?: PostgresOptions): Promise<{
  readonly database: PostgresDatabase;
  readonly target: ServerTarget;
}> {
  const database = await createScratchDatabase(options);
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
  });
  afterAll(() => connection.close());
}

/** Gives each test a session of an empty database. */
export function sessionForEach(use: (connection: Connection) => void, open = openOnServer): void {
  let connection: Connection;
  beforeEach(async () => {
    connection = await open();
    use(connection);
  });
  afterEach(() => connection.close());
}

/** The session, which runs `before` ahead of each statement, commits included. */
function observed(session: Connection, before: () => void | Promise<void>): Connection {
  return {
    ...session,
    execute: async (...given) => {
      await before();
      return session.execute(...given);
    },
    query: async (...given) => {
      await before();
      return session.query(...given);
    },
    queryAll: async (...given) => {
      await before();
      return session.queryAll(...given);
    },
    commit: async () => {
      await before();
      return session.commit();
    },
  };
}

/**
 * Runs `action` in a session that the server ends at its statement `number`: before it arrives, or while it runs.
 * Returns whether the session was ended.
 */
export async function ended(
  target: ServerTarget,
  number: number,
  action: (session: Connection) => Promise<unknown>,
): Promise<boolean> {
  const session = await openDatabase(target);
  const other = await openDatabase(target);
  const [row] = await session.query<{ id: number }>(trusted('SELECT pg_backend_pid() AS id'));
  let count = 0;
  let ending: Promise<unknown> | undefined;
  const end = async () => {
    count += 1;
    // the statement after the last one finds the session gone, however slowly the end came
    if (count > number) await ending;
    if (count !== number) return;
    ending = other.query(trusted(`SELECT pg_terminate_backend(${row?.id ?? 0})`));
    // every second one dies in the middle of its statement
    if (number % 2 === 0) await ending;
  };
  const mortal = observed(session, end);
  try {
    await action(mortal);
    return false;
  } catch (error) {
    if (count < number) throw error;
    return true;
  } finally {
    await ending;
    await session.close();
    await other.close();
  }
}

/** How many statements `action` sends, commits included. */
export async function statementsOf(
  target: ServerTarget,
  action: (session: Connection) => Promise<unknown>,
): Promise<number> {
  const session = await openDatabase(target);
  let count = 0;
  const counting = observed(session, () => {
    count += 1;
  });
  try {
    await action(counting);
    return count;
  } finally {
    await session.close();
  }
}

/** Numbers of statements at equal distances, from the second one. The last ones may end before the kill arrives. */
export const spread = (statements: number, count: number): readonly number[] =>
  Array.from(
    { length: count },
    (_, index) => 2 + Math.floor((index * 0.9 * (statements - 3)) / Math.max(count - 1, 1)),
  );
