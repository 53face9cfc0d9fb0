import { rmSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import { type Connection, type OpenOptions, openDatabase, parseTarget } from '@dms/databases';
import { temporaryFolder } from '@dms/files';
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

const provisioned = new ProvisionedData<string>();

let folders: Promise<string> | undefined;
let made = 0;

/** A folder for a database; it is removed when the process ends. */
async function nextFolder(): Promise<string> {
  folders ??= temporaryFolder('dms-specs-').then((folder) => {
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    return folder;
  });
  made += 1;
  return path.join(await folders, String(made));
}

async function openCopy(script: string): Promise<Connection> {
  const original = provisioned.get(script);
  const place = await nextFolder();
  if (original !== undefined) await cp(original, place, { recursive: true });
  const connection = await openDatabase(targetOf('pglite:'), { place });
  if (original === undefined) {
    await connection.execute(givenScript(script));
    const copy = await nextFolder();
    await connection.copyTo?.(copy);
    provisioned.keep(script, copy);
  }
  const close = async () => {
    await connection.close();
    await rm(place, { recursive: true });
  };
  return { ...connection, close };
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
