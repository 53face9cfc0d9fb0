import { mustExist } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import type { Connection } from '../connection/connection.ts';

/** A session as the server knows it. */
interface Session {
  readonly id: number;
  readonly application: string | null;
  readonly login: string | null;
  readonly state: string | null;
}

interface SessionQueries {
  /** The number of the asking session. */
  readonly own: string;
  /** The sessions whose locks another one waits for. */
  blocking(session: number): string;
}

const queries: Readonly<Record<SqlDialect, SessionQueries>> = {
  pgsql: {
    own: 'SELECT pg_backend_pid() AS id',
    blocking: (session) =>
      `SELECT b.pid::int4 AS id, a.application_name::text AS application, a.usename::text AS login, a.state::text AS state
FROM unnest(pg_blocking_pids(${session})) AS b (pid) LEFT JOIN pg_stat_activity AS a ON a.pid = b.pid ORDER BY b.pid`,
  },
  mssql: {
    own: 'SELECT @@SPID AS id',
    blocking: (session) =>
      `SELECT s.session_id AS id, s.program_name AS application, s.login_name AS login, s.status AS state
FROM sys.dm_exec_requests AS r INNER JOIN sys.dm_exec_sessions AS s ON s.session_id = r.blocking_session_id
WHERE r.session_id = ${session}`,
  },
};

/** A session as messages name it. */
function sessionText({ id, application, login, state }: Session): string {
  const facts = [application, login, state].filter((fact) => fact !== null && fact !== '');
  return facts.length === 0 ? `session ${id}` : `session ${id} (${facts.join(', ')})`;
}

/** The number by which the server knows a session. */
export async function sessionId(connection: Connection): Promise<number> {
  const [session] = await connection.query<{ id: number }>(queries[connection.dialect].own);
  return mustExist(session, 'the id of a session').id;
}

/** The sessions whose locks another session of a server waits for, as messages name them. */
export async function blockingSessions(watcher: Connection, session: number): Promise<readonly string[]> {
  return (await watcher.query<Session>(queries[watcher.dialect].blocking(session))).map(sessionText);
}

export interface BlockerWatchOptions {
  /** Milliseconds after which a statement is watched. */
  readonly delay: number;
  /** Opens another session of the database. */
  readonly open: () => Promise<Connection>;
  /** Called with the sessions that a statement waits for, as texts, as soon as they are known. */
  readonly onFound?: ((blockers: readonly string[]) => void) | undefined;
}

/**
 * Runs `action`, which sends one statement. `onFailure` turns its failure into what is thrown; it also gets the
 * sessions whose locks the statement waited for, as texts.
 */
export type BlockerWatch = <Result>(
  action: () => Promise<Result>,
  onFailure: (error: unknown, blockers: readonly string[]) => unknown,
) => Promise<Result>;

/**
 * A watch over the statements of a session: when one has not ended after a while, another session finds out what it
 * waits for, which cannot be found out afterwards. If the other session cannot find out, the list is empty.
 */
export async function blockerWatch(
  connection: Connection,
  { delay, open, onFound }: BlockerWatchOptions,
): Promise<BlockerWatch> {
  const known = connection.pooler ? null : await sessionId(connection);
  const look = async (): Promise<readonly string[]> => {
    // behind a pooler every transaction may have another one
    const id = known ?? connection.pooler?.process() ?? null;
    if (id === null) return [];
    const watcher = await open();
    try {
      const blockers = await blockingSessions(watcher, id);
      onFound?.(blockers);
      return blockers;
    } finally {
      await watcher.close();
    }
  };
  return async (action, onFailure) => {
    let found: Promise<readonly string[]> | undefined;
    const timer = setTimeout(() => {
      found = look().catch(() => []);
    }, delay);
    try {
      return await action();
    } catch (error) {
      throw onFailure(error, (await found) ?? []);
    } finally {
      clearTimeout(timer);
      await found;
    }
  };
}
