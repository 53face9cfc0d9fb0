import { onlineEditions } from '@dms/change';
import type { Connection } from '@dms/databases';
import type { SqlDialect } from '@dms/sql';

const checks: Readonly<Record<SqlDialect, (connection: Connection) => Promise<boolean>>> = {
  pgsql: async () => true,
  mssql: async (connection) => {
    const [row] = await connection.query<{ edition: number }>(
      "SELECT CAST(SERVERPROPERTY(N'EngineEdition') AS int) AS edition",
    );
    return row !== undefined && onlineEditions.includes(row.edition);
  },
};

/** Whether a server builds indexes while others write. Every PostgreSQL does; SQL Server by its edition (design 12 §14.5). Throws the `DB_*` codes. */
export const buildsOnline = (connection: Connection): Promise<boolean> => checks[connection.dialect](connection);
