import { setTimeout as wait } from 'node:timers/promises';
import type { Connection } from '../connection/connection.ts';

/** The first eight bytes of SHA-256 of `dms:prepare`, as a signed number; advisory locks are per database (design 12 §14.2). */
const preparingLock = '4546265115111786573';

const holderQuery = `SELECT l.pid::int4 AS pid, a.application_name::text AS application
FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND ((l.classid::bigint << 32) | l.objid::bigint) = ${preparingLock}`;

/** Tries to take the lock: `session` until it is given back, `xact` until the transaction ends. Names the holder where it is taken. */
async function tried(connection: Connection, scope: 'session' | 'xact'): Promise<string | null> {
  const take = scope === 'xact' ? 'pg_try_advisory_xact_lock' : 'pg_try_advisory_lock';
  const [row] = await connection.query<{ taken: boolean }>(`SELECT ${take}(${preparingLock}) AS taken`);
  if (row?.taken) return null;
  const [holder] = await connection.query<{ pid: number; application: string | null }>(holderQuery);
  if (holder === undefined) return 'another session';
  return `process ${holder.pid}${holder.application ? `, ${holder.application}` : ''}`;
}

/**
 * Takes the lock of preparations in the open transaction; returns who holds it instead, null if nobody. It is not waited for: a session
 * that waits in a transaction would stop the indexes that the holder builds.
 */
export const takePreparingLock = (connection: Connection): Promise<string | null> =>
  connection.dialect === 'pgsql' ? tried(connection, 'xact') : Promise.resolve(null);

export interface PreparingLockOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called once when another session holds the lock. */
  readonly onWaiting?: ((holder: string) => void) | undefined;
  /** Milliseconds between two attempts. */
  readonly interval?: number | undefined;
}

/**
 * Runs `work` while no other session prepares or upgrades the database. Waits as long as the holder works: a session whose client was
 * killed ends with its statement. Throws the `DB_*` codes.
 */
export async function withPreparingLock<Result>(
  connection: Connection,
  work: () => Promise<Result>,
  { signal, onWaiting, interval = 250 }: PreparingLockOptions = {},
): Promise<Result> {
  let isTold = false;
  for (;;) {
    const holder = await tried(connection, 'session');
    if (holder === null) break;
    if (!isTold) onWaiting?.(holder);
    isTold = true;
    // the query notices the signal
    await connection.query('SELECT 1', [], { signal });
    await wait(interval);
  }
  try {
    return await work();
  } finally {
    await connection.query(`SELECT pg_advisory_unlock(${preparingLock})`).catch(() => []);
  }
}
