import { dialectOf, join, type PlainSql, type SqlDialect, trusted } from '@dms/sql';
import { driverCodeOf } from '../failures/failure.ts';
import type { Connection } from './connection.ts';
import { run } from './statement.ts';

/** A savepoint: after a failure, the statements since then are undone, and the transaction continues. */
interface Savepoint {
  readonly set: PlainSql;
  readonly release: PlainSql;
  /** The savepoint is still there afterwards. */
  readonly undo: PlainSql;
  /** Undoes the statements, and releases the savepoint. */
  readonly forget: PlainSql;
}

const { sql } = dialectOf.pgsql;

/** The statements of a savepoint of PostgreSQL with this name. */
export function pgsqlSavepoint(name: string): Savepoint {
  const called = trusted(name);
  const release = sql`RELEASE SAVEPOINT ${called}`;
  const undo = sql`ROLLBACK TO SAVEPOINT ${called}`;
  return { set: sql`SAVEPOINT ${called}`, release, undo, forget: join([undo, release], '; ') };
}

/** A savepoint of SQL Server with this name, which ends with its transaction. */
export const mssqlSavepoint = (name: string): Pick<Savepoint, 'set' | 'undo'> => ({
  set: sql`SAVE TRANSACTION ${trusted(name)}`,
  undo: sql`ROLLBACK TRANSACTION ${trusted(name)}`,
});

/** Transactions inside an open transaction. */
interface NestedTransactions {
  readonly begin: PlainSql;
  /** Null where a savepoint needs no end. */
  readonly commit: PlainSql | null;
  readonly rollback: PlainSql;
}

const nestedName = 'dms_nested';
const savepoint = pgsqlSavepoint(nestedName);
const mssqlNested = mssqlSavepoint(nestedName);

/** What a dialect has inside an open transaction. */
interface InsideTransaction {
  readonly nested: NestedTransactions;
  /**
   * The savepoint of a part; null where each failure ends the transaction: sessions of SQL Server run with XACT_ABORT
   * (design 09 §1.5).
   */
  readonly savepoint: Savepoint | null;
}

const insideTransaction: Readonly<Record<SqlDialect, InsideTransaction>> = {
  pgsql: {
    nested: { begin: savepoint.set, commit: savepoint.release, rollback: savepoint.forget },
    savepoint: pgsqlSavepoint('dms_part'),
  },
  mssql: { nested: { begin: mssqlNested.set, commit: null, rollback: mssqlNested.undo }, savepoint: null },
};

/** The savepoint of a dialect, if a failure does not end its transactions. */
export const savepointOf = (dialect: SqlDialect): Savepoint | null => insideTransaction[dialect].savepoint;

/**
 * The session of an open transaction, for work that would begin and end transactions of its own: its transactions are
 * parts of the open one, which the caller ends.
 */
export function nestedConnection(connection: Connection): Connection {
  const { begin, commit, rollback } = insideTransaction[connection.dialect].nested;
  return {
    ...connection,
    isInTransaction: true,
    isNested: true,
    begin: () => run(connection, begin),
    commit: async () => {
      if (commit !== null) await run(connection, commit);
    },
    // as for a transaction, a failure of the rollback itself adds no information
    rollback: () => run(connection, rollback).catch(() => undefined),
  };
}

/**
 * Runs reading work in a transaction that sees a single moment, and ends the transaction at once, also after a failure:
 * while it is open, the server keeps old rows, and index builds wait (design 09 §1.5). `work` gets the session and the
 * other sessions that see the same moment. `more` opens the other sessions; it is called only where sessions can share
 * a moment: on a PostgreSQL server without a pooler. Where the database allows no snapshots ({@link
 * Connection.readsOneMoment}), `work` gets all sessions without a transaction. Throws the codes of `work` and `DB_*`.
 */
export async function atOneMoment<Result>(
  connection: Connection,
  work: (session: Connection, others: readonly Connection[]) => Promise<Result>,
  more: () => Promise<readonly Connection[]> = async () => [],
): Promise<Result> {
  if (connection.isInTransaction) return work(connection, []);
  const { exportSnapshot } = connection;
  if (!((await connection.readsOneMoment?.()) ?? true)) return work(connection, await more());
  const others = exportSnapshot === undefined ? [] : await more();
  const open = [connection];
  await connection.begin('reading');
  try {
    if (exportSnapshot !== undefined && others.length > 0) await joinMoment(open, others, exportSnapshot);
    const [first = connection, ...joined] = open.map((session): Connection => ({ ...session, isInTransaction: true }));
    return await work(first, joined);
  } finally {
    for (const session of open) await session.rollback();
  }
}

/**
 * Lets other sessions see the moment of a transaction, and adds each session that does to `open` at once, so that a
 * failure ends its transaction too.
 */
async function joinMoment(
  open: Connection[],
  others: readonly Connection[],
  exportSnapshot: () => Promise<string>,
): Promise<void> {
  const snapshot = await exportSnapshot();
  for (const other of others) if (await takesOver(other, snapshot)) open.push(other);
}

/**
 * The codes with which PostgreSQL refuses the snapshot of another server, by version: a host name may lead to several
 * servers.
 */
const foreignSnapshot = new Set<unknown>(['22023', '42704', '55000']);

/** Takes over the snapshot of another session. Returns false for a session of another server, which cannot. */
async function takesOver(session: Connection, snapshot: string): Promise<boolean> {
  try {
    await session.begin('reading', snapshot);
    return true;
  } catch (error) {
    if (!foreignSnapshot.has(driverCodeOf(error))) throw error;
    return false;
  }
}
