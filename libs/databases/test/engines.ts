import { createScratchDatabase, isQuick, isThorough } from '@dms/testing';
import { type Connection, openDatabase, parseTarget, type Target } from '../src/index.ts';

export interface OpenedEngine {
  readonly connection: Connection;
  close(): Promise<void>;
}

/** A target that can be opened, from its text. */
export function targetOf(text: string): Exclude<Target, { kind: 'static' }> {
  const { target } = parseTarget(text, 'pgsql');
  if (target.kind === 'static') throw new Error('static');
  return target;
}

const bothEngines: readonly { readonly name: string; open(): Promise<OpenedEngine> }[] = [
  {
    name: 'PGlite',
    open: async () => {
      const connection = await openDatabase(targetOf('pglite:'));
      return { connection, close: () => connection.close() };
    },
  },
  {
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
  },
];

/** The engines that everything runs on: the embedded one, and a database on the server of the tests; a quick spec takes the server alone. */
export const engines = () => (isQuick() ? bothEngines.slice(-1) : bothEngines);

/** The engines of what is long and differs little between them: the server alone, and both in a thorough search. */
export const usualEngines = () => (isThorough ? bothEngines : bothEngines.slice(-1));

/** What a failing action reports; fails when it does not fail. */
export async function failureOf(action: () => Promise<unknown>): Promise<unknown> {
  try {
    await action();
  } catch (error) {
    return error;
  }
  throw new Error('nothing failed');
}
