import { type Connection, type OpenOptions, openDatabase, parseTarget } from '@dms/databases';
import { createScratchDatabase } from './postgres.ts';
import { isThorough, partOfTier } from './property-runs.ts';

/** A provisioned database, with as many sessions as the engine allows. */
export interface ProvisionedDatabase {
  readonly connection: Connection;
  /** Another session, on a server for copies if requested; the embedded engine has only one session. */
  open(options?: Pick<OpenOptions, 'forCopies'>): Promise<Connection>;
  close(): Promise<void>;
}

function targetOf(text: string) {
  const { target } = parseTarget(text, 'pgsql');
  if (target.kind === 'static') throw new Error('static');
  return target;
}

export interface ProvisionedEngine {
  readonly name: string;
  readonly isServer: boolean;
  open(script: string): Promise<ProvisionedDatabase>;
}

/** The engine in this process, with one session. */
export const embeddedEngine: ProvisionedEngine = {
  name: 'PGlite',
  isServer: false,
  open: async (script) => {
    const connection = await openDatabase(targetOf('pglite:'));
    await connection.execute(script);
    return { connection, open: async () => connection, close: () => connection.close() };
  },
};

/** The server of the run, with as many sessions as wanted. */
export const serverEngine: ProvisionedEngine = {
  name: 'PostgreSQL server',
  isServer: true,
  open: async (script) => {
    const database = await createScratchDatabase();
    const sessions: Connection[] = [];
    const open = async (options?: Pick<OpenOptions, 'forCopies'>) => {
      const session = await openDatabase(targetOf(database.url), options);
      sessions.push(session);
      return session;
    };
    const connection = await open();
    await connection.execute(script);
    const close = async () => {
      for (const session of sessions) await session.close();
      await database.drop();
    };
    return { connection, open, close };
  },
};

/**
 * The engines that documents are tested on, through connections of the product: in a quick run the server alone, in a run of the rest
 * the embedded one.
 */
export const provisionedEngines: readonly ProvisionedEngine[] = partOfTier([embeddedEngine, serverEngine], [serverEngine]);

/** The engines of what is long and differs little between them: the server alone, and both in a thorough search. */
export const usualProvisionedEngines: readonly ProvisionedEngine[] = isThorough
  ? [embeddedEngine, serverEngine]
  : [serverEngine];
