import { setTimeout as delay } from 'node:timers/promises';
import { fail } from '@dms/diagnostics';
import type { DatabaseTarget, ServerTarget } from '../addressing/target.ts';
import { openEmbedded } from '../engines/embedded.ts';
import { startServer } from '../engines/throw-away-server.ts';
import { isFailure } from '../failures/failure.ts';
import { checkVersion } from '../health/server-checks.ts';
import type { Connection, Limits } from './connection.ts';
import type { Watch } from './interruption.ts';
import { openMssqlServer } from './mssql-server.ts';
import type { ImportPackage } from './optional-package.ts';
import { openPgsqlServer } from './pgsql-server.ts';

export interface OpenOptions extends Limits, Pick<Watch, 'interval'> {
  /** Milliseconds before each further attempt when the server is busy or not reachable. */
  readonly retryDelays?: readonly number[] | undefined;
  /** Opens the session for copies: `copyIn` is present, and statements that are sent together run one after another. */
  readonly forCopies?: boolean | undefined;
  /** Loads an optional package; tests replace it. */
  readonly load?: ImportPackage | undefined;
  /** The folder for the data of an embedded database that has no folder of its own; the caller removes it. */
  readonly place?: string | undefined;
}

const defaultRetryDelays = [500, 2_000];

function openServer(
  target: ServerTarget,
  limits: Limits & Pick<Watch, 'interval'> & Pick<OpenOptions, 'forCopies'>,
  load: ImportPackage | undefined,
): Promise<Connection> {
  switch (target.dialect) {
    case 'pgsql':
      return openPgsqlServer(target, limits);
    case 'mssql':
      return openMssqlServer(target, limits, load);
  }
}

async function openWithRetries(target: ServerTarget, options: OpenOptions): Promise<Connection> {
  const { retryDelays = defaultRetryDelays, load, ...limits } = options;
  // each attempt on a server that never answers takes this long
  const last = performance.now() + target.connectTimeout;
  for (const pause of retryDelays) {
    try {
      return await openServer(target, limits, load);
    } catch (error) {
      if (!isFailure(error, 'DB_UNREACHABLE', 'DB_BUSY', 'DB_DEADLOCK') || performance.now() + pause > last)
        throw error;
      await delay(pause, undefined, { signal: limits.signal }).catch(() => {
        throw error;
      });
    }
  }
  return openServer(target, limits, load);
}

async function openAny(target: DatabaseTarget, options: OpenOptions): Promise<Connection> {
  switch (target.kind) {
    case 'embedded':
      return openEmbedded(target, options);
    case 'server':
      return openWithRetries(target, options);
    case 'embeddedServer':
    case 'container': {
      const server = await startServer(target, options);
      const connection = await openWithRetries(server.target, options).catch(async (error: unknown) => {
        await server.stop();
        throw error;
      });
      const close = async () => {
        await connection.close();
        await server.stop();
      };
      return { ...connection, close };
    }
  }
}

/**
 * Opens a session of the database that a target names: session options set, version checked (design 09 §1.5). Opening
 * is tried again when the server is busy or not reachable, for as long as one attempt may take. Throws
 * `DB_DRIVER_MISSING`, `DB_CONTAINER_UNAVAILABLE`, `DB_EMBEDDED_IN_USE`, `DB_VERSION_UNSUPPORTED` and the codes of
 * design 09 §1.7.
 */
export async function openDatabase(target: DatabaseTarget, options: OpenOptions = {}): Promise<Connection> {
  const connection = await openAny(target, options);
  try {
    await checkVersion(connection);
    return connection;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** The same server, another database on it. */
export function inDatabase(target: ServerTarget, database: string): ServerTarget {
  if (database === '')
    return fail('DB_TARGET_INCOMPLETE', 'The name of the database is empty.', {}, { missing: 'database' });
  return { ...target, database };
}
