import { mustExist } from '@dms/model';
import { dialectOf, type PlainSql, type SqlDialect } from '@dms/sql';
import type { Connection } from '../drivers/connection.ts';
import { rowsOf } from '../drivers/statement.ts';
import {
  type NamedHolder,
  type PreparedTransaction,
  preparedHolder,
  preparedHolders,
} from '../failures/lock-holders.ts';
import { waited } from '../failures/retry.ts';

interface SessionQueries {
  /** A query for the number of the current session. */
  readonly own: PlainSql;
  /** A query for the sessions whose locks `session` waits for. */
  blocking(session: number): PlainSql;
  /** A query for the prepared transactions whose locks `session` waits for; null where the engine has none. */
  readonly prepared: ((session: number) => PlainSql) | null;
  /**
   * Ends the statement of a session if a session that it waits for waits for it in turn, or for the session that
   * watches; null if the server does so. Cancelling a session that is idle does nothing.
   */
  readonly ending: ((session: number) => PlainSql) | null;
}

interface BlockerWatchOptions {
  /** Milliseconds after which a statement is watched. */
  readonly delay: number;
  /** Opens another session of the database. */
  readonly open: () => Promise<Connection>;
  /** Called with the holders of the locks that a statement waits for, as soon as they are known. */
  readonly onFound?: ((holders: readonly NamedHolder[]) => void) | undefined;
}

/**
 * Runs `action`, which sends one statement. `onFailure` turns a failure into the error that is thrown; it also gets the
 * holders of the locks that the statement waited for.
 */
export type BlockerWatch = <Result>(
  action: () => Promise<Result>,
  onFailure: (error: unknown, holders: readonly NamedHolder[]) => unknown,
) => Promise<Result>;

/**
 * Watches the statements of a session: if one has not ended after a while, another session finds out which sessions it
 * waits for, which is impossible afterwards. The list is empty if the other session cannot find out.
 */
export async function blockerWatch(
  connection: Connection,
  { delay, open, onFound }: BlockerWatchOptions,
): Promise<BlockerWatch> {
  const known = connection.pooler ? null : await sessionId(connection);
  const look = async (): Promise<readonly NamedHolder[]> => {
    // behind a pooler every transaction may have another process
    const id = known ?? connection.pooler?.process() ?? null;
    if (id === null) return [];
    const watcher = await open();
    try {
      const holders = await lockHolders(watcher, id);
      onFound?.(holders);
      return holders;
    } finally {
      await watcher.close();
    }
  };
  return async (action, onFailure) => {
    let found: Promise<readonly NamedHolder[]> | undefined;
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

const { sql, literal } = dialectOf.pgsql;
const mssql = dialectOf.mssql;

const sessionQueries: Readonly<Record<SqlDialect, SessionQueries>> = {
  pgsql: {
    own: sql`SELECT pg_backend_pid() AS id`,
    blocking: (session) =>
      sql`SELECT b.pid::int4 AS id, a.application_name::text AS application, a.usename::text AS login, a.state::text AS state
FROM unnest(pg_blocking_pids(${literal(session)})) AS b (pid) LEFT JOIN pg_stat_activity AS a ON a.pid = b.pid ORDER BY b.pid`,
    prepared: preparedHolders,
    ending: (session) =>
      sql`WITH RECURSIVE waiting (pid) AS (
  SELECT b.pid FROM unnest(pg_catalog.pg_blocking_pids(${literal(session)})) AS b (pid)
  UNION SELECT n.pid FROM waiting AS w, unnest(pg_catalog.pg_blocking_pids(w.pid)) AS n (pid)
)
SELECT CASE WHEN EXISTS (SELECT 1 FROM waiting WHERE pid IN (${literal(session)}, pg_backend_pid())) THEN pg_catalog.pg_cancel_backend(${literal(session)}) ELSE false END AS ended`,
  },
  mssql: {
    own: mssql.sql`SELECT @@SPID AS id`,
    blocking: (session) =>
      mssql.sql`SELECT s.session_id AS id, s.program_name AS application, s.login_name AS login, s.status AS state
FROM sys.dm_exec_requests AS r INNER JOIN sys.dm_exec_sessions AS s ON s.session_id = r.blocking_session_id
WHERE r.session_id = ${mssql.literal(session)}`,
    prepared: null,
    // SQL Server itself chooses which session it ends
    ending: null,
  },
};

/** The number by which the server knows a session. */
async function sessionId(connection: Connection): Promise<number> {
  const [session] = await rowsOf<{ id: number }>(connection, sessionQueries[connection.dialect].own);
  return mustExist(session, 'the id of a session').id;
}

/** A session as the server knows it. */
interface BlockingSession {
  readonly id: number;
  readonly application: string | null;
  readonly login: string | null;
  readonly state: string | null;
}

/** The number under which the server lists the holder of a lock that no session holds. */
const noSession = 0;

/** The holders of the locks that another session of a server waits for. */
async function lockHolders(watcher: Connection, session: number): Promise<readonly NamedHolder[]> {
  const { blocking, prepared } = sessionQueries[watcher.dialect];
  const found = await rowsOf<BlockingSession>(watcher, blocking(session));
  const sessions = found.filter(({ id }) => id !== noSession);
  const holders = sessions.map((each): NamedHolder => ({ text: sessionText(each), endings: [] }));
  if (prepared === null || sessions.length === found.length) return holders;
  const transactions = await rowsOf<PreparedTransaction>(watcher, prepared(session));
  return [...holders, ...transactions.map(preparedHolder)];
}

/** A session as messages name it. */
function sessionText({ id, application, login, state }: BlockingSession): string {
  const facts = [application, login, state].filter((fact) => fact !== null && fact !== '');
  return facts.length === 0 ? `session ${id}` : `session ${id} (${facts.join(', ')})`;
}

/**
 * Keeps a session from deadlocks with others: its own statement is ended long before the server would end one of them.
 */
export interface CircleWatch {
  /**
   * Runs a statement that may wait for locks. If it and another session come to wait for each other, it ends with
   * `DB_TIMEOUT`, the code of statements that the server cancels.
   */
  run<Result>(action: () => Promise<Result>): Promise<Result>;
  /** The holders of the locks that the last statement was seen waiting for; empty if it did not wait. */
  readonly holders: readonly NamedHolder[];
  /** The session that watches. It may take locks: whoever waits for them counts as waiting for the watched session. */
  readonly watcher: Connection;
  /** Waits until the watched session waits for a lock, or until `isOver`. */
  untilItWaits(isOver: () => boolean): Promise<void>;
  close(): Promise<void>;
}

/**
 * Watches a session through another one, which `open` opens. The watched session keeps its process: behind a pooler it
 * is in a transaction. Returns null where there is no other session, and on SQL Server. Throws the `DB_*` codes.
 */
export async function circleWatch(
  connection: Connection,
  open: (() => Promise<Connection>) | undefined,
): Promise<CircleWatch | null> {
  const { ending } = sessionQueries[connection.dialect];
  if (open === undefined || ending === null || connection.engine === 'embedded') return null;
  const session = await sessionId(connection);
  const watcher = await open().catch(() => null);
  if (watcher === null) return null;
  let holders: readonly NamedHolder[] = [];
  return {
    watcher,
    async untilItWaits(isOver) {
      while (!isOver() && (await lockHolders(watcher, session)).length === 0) await waited(1);
    },
    get holders() {
      return holders;
    },
    run(action) {
      holders = [];
      return lookDuring(action, async (isOver) => {
        const found = await lockHolders(watcher, session);
        if (found.length === 0) return;
        holders = found;
        if (!isOver()) await rowsOf(watcher, ending(session));
      });
    },
    close: () => watcher.close(),
  };
}

/** Runs an action, and calls `look` repeatedly until the action ends. */
async function lookDuring<Result>(
  action: () => Promise<Result>,
  look: (isOver: () => boolean) => Promise<void>,
): Promise<Result> {
  let isOver = false;
  let looking: Promise<void> = Promise.resolve();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const lookOnce = (number: number) => {
    looking = look(() => isOver).then(
      () => lookLater(number + 1),
      // if the watcher can look no more, only the limits of the statement apply
      () => undefined,
    );
  };
  const lookLater = (number: number) => {
    if (!isOver) timer = setTimeout(lookOnce, interval(number), number);
  };
  lookLater(0);
  try {
    return await action();
  } finally {
    isOver = true;
    clearTimeout(timer);
    // otherwise a late look could end another statement
    await looking;
  }
}

/**
 * Milliseconds between two looks. They grow, so that a long statement is not disturbed, but stay below a second: after
 * that time (`deadlock_timeout`) a server looks for deadlocks and ends whichever session it finds first.
 */
const interval = (look: number) => Math.min(50 * 1.25 ** look, 400);
