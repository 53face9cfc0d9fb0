import type { SqlDialect } from '@dms/sql';

/** A savepoint: after a failure, the statements since then are undone, and the transaction goes on. */
export interface Savepoint {
  readonly set: string;
  readonly release: string;
  /** The savepoint is still there afterwards. */
  readonly undo: string;
}

/**
 * The savepoint of a dialect; null where each failure ends the transaction: sessions of SQL Server run with XACT_ABORT
 * (design 09 §1.5).
 */
export const savepoints: Readonly<Record<SqlDialect, Savepoint | null>> = {
  pgsql: { set: 'SAVEPOINT dms_part', release: 'RELEASE SAVEPOINT dms_part', undo: 'ROLLBACK TO SAVEPOINT dms_part' },
  mssql: null,
};
