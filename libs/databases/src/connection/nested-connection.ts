import type { SqlDialect } from '@dms/sql';
import type { Connection } from './connection.ts';

/** A savepoint: after a failure, the statements since then are undone, and the transaction goes on. */
export interface Savepoint {
  readonly set: string;
  readonly release: string;
  /** The savepoint is still there afterwards. */
  readonly undo: string;
}

/** The statements of a savepoint of PostgreSQL with this name. */
export const pgsqlSavepoint = (name: string): Savepoint => ({
  set: `SAVEPOINT ${name}`,
  release: `RELEASE SAVEPOINT ${name}`,
  undo: `ROLLBACK TO SAVEPOINT ${name}`,
});

/** Transactions inside an open transaction. */
interface NestedTransactions {
  readonly begin: string;
  /** Null where a savepoint needs no end. */
  readonly commit: string | null;
  readonly rollback: string;
}

const savepoint = pgsqlSavepoint('dms_nested');

const nested: Readonly<Record<SqlDialect, NestedTransactions>> = {
  pgsql: {
    begin: savepoint.set,
    commit: savepoint.release,
    rollback: `${savepoint.undo}; ${savepoint.release}`,
  },
  mssql: { begin: 'SAVE TRANSACTION dms_nested', commit: null, rollback: 'ROLLBACK TRANSACTION dms_nested' },
};

/**
 * The session of an open transaction, for work that would begin and end transactions of its own: its transactions are
 * parts of the open one, which the caller ends.
 */
export function nestedConnection(connection: Connection): Connection {
  const { begin, commit, rollback } = nested[connection.dialect];
  return {
    ...connection,
    isInTransaction: true,
    isNested: true,
    begin: () => connection.execute(begin),
    commit: async () => {
      if (commit !== null) await connection.execute(commit);
    },
    // like that of a transaction: its own failure says nothing new
    rollback: () => connection.execute(rollback).catch(() => undefined),
  };
}

/**
 * The savepoint of a dialect; null where each failure ends the transaction: sessions of SQL Server run with XACT_ABORT
 * (design 09 §1.5).
 */
export const savepoints: Readonly<Record<SqlDialect, Savepoint | null>> = {
  pgsql: pgsqlSavepoint('dms_part'),
  mssql: null,
};
