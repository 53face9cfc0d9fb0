import { onlineEditions, type PreparedObject, preparedPartName, preparedTableName } from '@dms/change';
import type { Connection } from '@dms/databases';
import { dialectRules, mssqlName, pgsqlName, type SqlDialect } from '@dms/sql';

/** What an engine can do while others write, and how (design 12 §14.1, §14.5). */
export interface PreparingEngine {
  /** Whether the server builds indexes while others write. Throws the `DB_*` codes. */
  buildsOnline(connection: Connection): Promise<boolean>;
  /** Lets the statements of a transaction wait so many milliseconds for a lock. */
  lockTimeout(milliseconds: number): string;
  /** Whether an index can be dropped outside a transaction, so that it need not wait for a lock that blocks others. */
  readonly dropsIndexAlone: boolean;
  dropIndex(index: PreparedObject, isAlone: boolean): string;
}

export const preparingEngines: Readonly<Record<SqlDialect, PreparingEngine>> = {
  pgsql: {
    buildsOnline: async () => true,
    lockTimeout: (milliseconds) => `SET LOCAL search_path = public; SET LOCAL lock_timeout = ${milliseconds}`,
    dropsIndexAlone: true,
    dropIndex(index, isAlone) {
      const name = pgsqlName({ schema: index.schema, name: preparedPartName(index) });
      return `DROP INDEX ${isAlone ? 'CONCURRENTLY ' : ''}${name}`;
    },
  },
  mssql: {
    async buildsOnline(connection) {
      const query = "SELECT CAST(SERVERPROPERTY(N'EngineEdition') AS int) AS edition";
      const [row] = await connection.query<{ edition: number }>(query);
      return row !== undefined && onlineEditions.includes(row.edition);
    },
    lockTimeout: (milliseconds) => `SET LOCK_TIMEOUT ${milliseconds};`,
    dropsIndexAlone: false,
    dropIndex: (index) =>
      `DROP INDEX ${dialectRules.mssql.quote(preparedPartName(index))} ON ${mssqlName(preparedTableName(index))}`,
  },
};
