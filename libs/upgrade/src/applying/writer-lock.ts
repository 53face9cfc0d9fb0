import type { Connection, Limits } from '@dms/databases';
import { core } from '@dms/model';
import { mssqlName, pgsqlName, type SqlDialect } from '@dms/sql';

/** Every writer of documents writes to this table; readers are not blocked. */
const locks: Readonly<Record<SqlDialect, string>> = {
  pgsql: `LOCK TABLE ${pgsqlName(core.document)} IN SHARE ROW EXCLUSIVE MODE`,
  mssql: `DECLARE @held int; SELECT TOP (1) @held = 1 FROM ${mssqlName(core.document)} WITH (TABLOCK, HOLDLOCK);`,
};

/**
 * Keeps other sessions from writing documents until the session's transaction ends, and waits for those that are writing (design 12 §7).
 * Counts taken after this stay right. Throws the `DB_*` codes.
 */
export async function keepWritersAway(connection: Connection, limits: Limits = {}): Promise<void> {
  await connection.execute(locks[connection.dialect], limits);
}
