/*
 * The isolation level of every transaction (design 09 §1.5): one that writes waits for others and then sees what they
 * have committed; one that only reads sees a single moment.
 */

/** PostgreSQL. A session sets its own default, because a role or a database may have another. */
export const pgsqlIsolation = {
  writing: 'READ COMMITTED',
  beginReading: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
} as const;

/** SQL Server, whose driver names the levels. Only a database that allows snapshots has `reading`. */
export const mssqlIsolation = { writing: 'READ_COMMITTED', reading: 'SNAPSHOT' } as const;

/** Ends the level of an earlier transaction, in either dialect. */
export const setUsualIsolation = `SET TRANSACTION ISOLATION LEVEL ${pgsqlIsolation.writing}`;

/** Lets a database of SQL Server have snapshots; `database` is a quoted name, or `CURRENT`. */
export const allowSnapshots = (database: string): string =>
  `ALTER DATABASE ${database} SET ALLOW_SNAPSHOT_ISOLATION ON`;
