import { type Connection, type OpenOptions, openDatabase, parseTarget } from '@dms/databases';
import { givenScript } from '@dms/sql';
import { enginesOfSpec, usualEnginesOfSpec } from '../runs/property-runs.ts';
import { createProvisionedDatabase } from './postgres.ts';
import { ProvisionedData } from './provisioned-data.ts';

/** A provisioned database, with as many sessions as the engine supports. */
export interface DatabaseOfSpec {
  readonly connection: Connection;
  /** Opens another session, on a server for copies if requested; the embedded engine has only one session. */
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
  /** Opens a copy of a database in which `script` has run; the original is made once. */
  open(script: string): Promise<DatabaseOfSpec>;
}

const provisioned = new ProvisionedData<Uint8Array>();

async function openCopy(script: string): Promise<Connection> {
  const data = provisioned.get(script);
  const connection = await openDatabase(targetOf('pglite:'), { data });
  if (data === undefined) {
    await connection.execute(givenScript(script));
    if (connection.dump) provisioned.keep(script, await connection.dump());
  }
  return connection;
}

/** The embedded engine in this process, with one session. */
export const embeddedEngine: ProvisionedEngine = {
  name: 'PGlite',
  isServer: false,
  open: async (script) => {
    const connection = await openCopy(script);
    return { connection, open: async () => connection, close: () => connection.close() };
  },
};

/** The server of the run, with any number of sessions. */
export const serverEngine: ProvisionedEngine = {
  name: 'PostgreSQL server',
  isServer: true,
  open: async (script) => {
    const database = await createProvisionedDatabase(script);
    const sessions: Connection[] = [];
    const open = async (options?: Pick<OpenOptions, 'forCopies'>) => {
      const session = await openDatabase(targetOf(database.url), options);
      sessions.push(session);
      return session;
    };
    const connection = await open();
    const close = async () => {
      for (const session of sessions) await session.close();
      await database.drop();
    };
    return { connection, open, close };
  },
};

/** The engines for tests of documents, through connections of the product. */
export const provisionedEngines = () => enginesOfSpec(embeddedEngine, serverEngine);

export const usualProvisionedEngines = () => usualEnginesOfSpec(embeddedEngine, serverEngine);
