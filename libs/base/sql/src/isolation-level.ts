import { type PlainSql, plainSql, textOf } from './text/sql.ts';

/*
 * The isolation level of every transaction (design 09 §1.5): a writing transaction waits for others and then sees their
 * committed changes; a read-only transaction sees a single moment.
 */

/** Levels of PostgreSQL. A session sets its own default, because a role or a database may have another. */
export const pgsqlIsolation = {
  writing: 'READ COMMITTED',
  beginReading: plainSql('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'),
} as const;

/**
 * Levels of SQL Server, by the names of its driver. `reading` is available only in a database that allows snapshots.
 */
export const mssqlIsolation = { writing: 'READ_COMMITTED', reading: 'SNAPSHOT' } as const;

/** Resets the level that an earlier transaction set, in either dialect. */
export const setUsualIsolation = plainSql(`SET TRANSACTION ISOLATION LEVEL ${pgsqlIsolation.writing}`);

/** Allows snapshots in a database of SQL Server. */
export const allowSnapshots = (database: PlainSql): PlainSql =>
  plainSql(`ALTER DATABASE ${textOf(database)} SET ALLOW_SNAPSHOT_ISOLATION ON`);

/** The statement that a user runs in a database of SQL Server to allow snapshots there. */
export const allowSnapshotsHere = textOf(allowSnapshots(plainSql('CURRENT')));
