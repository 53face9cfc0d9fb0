import type { SqlDialect } from '@dms/sql';
import type { Connection } from './connection.ts';

/** The role of a session, and the settings that decide whether documents can be stored. */
export interface AccessFacts {
  readonly role: string;
  readonly settings: readonly { readonly name: string; readonly value: string }[];
}

interface AccessQuery {
  /** One row: `role`, and a member for each setting. */
  readonly sql: string;
  readonly settings: Readonly<Record<string, string>>;
}

const queries: Readonly<Record<SqlDialect, AccessQuery>> = {
  pgsql: {
    sql: `SELECT current_user::text AS role,
  current_setting('server_encoding') AS encoding, d.datcollate::text AS collation,
  current_setting('lock_timeout') AS lock_timeout, current_setting('statement_timeout') AS statement_timeout
FROM pg_database d WHERE d.datname = current_database()`,
    settings: {
      encoding: 'encoding',
      collation: 'collation',
      lock_timeout: 'lock timeout',
      statement_timeout: 'statement timeout',
    },
  },
  mssql: {
    sql: `SELECT ORIGINAL_LOGIN() AS role,
  CAST(collation_name AS nvarchar(128)) AS collation, CAST(is_read_committed_snapshot_on AS nvarchar(10)) AS read_committed_snapshot,
  CAST(snapshot_isolation_state AS nvarchar(10)) AS snapshot_isolation
FROM sys.databases WHERE name = DB_NAME()`,
    settings: {
      collation: 'collation',
      read_committed_snapshot: 'read committed snapshot',
      snapshot_isolation: 'snapshot isolation',
    },
  },
};

/** Reads the role and the settings of a session. Throws the `DB_*` codes. */
export async function accessFacts(connection: Connection): Promise<AccessFacts> {
  const { sql, settings } = queries[connection.dialect];
  const [row = {}] = await connection.query(sql);
  return {
    role: String(row.role),
    settings: Object.entries(settings).map(([member, name]) => ({ name, value: String(row[member]) })),
  };
}
