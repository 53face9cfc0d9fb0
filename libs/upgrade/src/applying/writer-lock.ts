import type { Connection, Limits } from '@dms/databases';
import { core } from '@dms/model';
import { dialectRules, qualifiedName, type SqlDialect } from '@dms/sql';

const documents = (dialect: SqlDialect) => qualifiedName(dialectRules[dialect], core.document);

/** Every writer of documents writes to this table; readers are not blocked. */
const locks: Readonly<Record<SqlDialect, string>> = {
  pgsql: `LOCK TABLE ${documents('pgsql')} IN SHARE ROW EXCLUSIVE MODE`,
  mssql: `DECLARE @held int; SELECT TOP (1) @held = 1 FROM ${documents('mssql')} WITH (TABLOCK, HOLDLOCK);`,
};

/**
 * Keeps others from writing documents until the transaction of the session ends, and waits for those who are writing some (design 12
 * §7). What is counted from then on stays as it is. Throws the `DB_*` codes.
 */
export async function keepWritersAway(connection: Connection, limits: Limits = {}): Promise<void> {
  await connection.execute(locks[connection.dialect], limits);
}
