import type { SqlDialect } from '@dms/sql';
import { createScratchDatabase, enginesOfSpec, usualEnginesOfSpec } from '@dms/testing';
import { type Connection, openDatabase, parseTarget, type Target } from '../src/index.ts';

export interface OpenedEngine {
  readonly connection: Connection;
  close(): Promise<void>;
}

/** A target that can be opened, from its text. */
export function targetOf(text: string, dialect: SqlDialect = 'pgsql'): Exclude<Target, { kind: 'static' }> {
  const { target } = parseTarget(text, dialect);
  if (target.kind === 'static') throw new Error('static');
  return target;
}

interface Engine {
  readonly name: string;
  open(): Promise<OpenedEngine>;
}

const embedded: Engine = {
  name: 'PGlite',
  open: async () => {
    const connection = await openDatabase(targetOf('pglite:'));
    return { connection, close: () => connection.close() };
  },
};

const server: Engine = {
  name: 'PostgreSQL server',
  open: async () => {
    const database = await createScratchDatabase();
    const connection = await openDatabase(targetOf(database.url));
    const close = async () => {
      await connection.close();
      await database.drop();
    };
    return { connection, close };
  },
};

/** The engines that everything runs on: the embedded one, and a database on the server of the tests. */
export const engines = () => enginesOfSpec(embedded, server);

export const usualEngines = () => usualEnginesOfSpec(embedded, server);

/** Returns the error of an action that must fail; throws if the action succeeds. */
export async function failureOf(action: () => Promise<unknown>): Promise<unknown> {
  try {
    await action();
  } catch (error) {
    return error;
  }
  throw new Error('nothing failed');
}
