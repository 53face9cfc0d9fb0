import type { SqlDialect } from '@dms/sql';
import type { Connection } from './connection.ts';

/** What the role of a session may do in its database, and the settings that decide whether documents can be stored. */
export interface AccessFacts {
  readonly role: string;
  readonly rights: readonly { readonly right: string; readonly neededBy: string; readonly isGranted: boolean }[];
  readonly settings: readonly { readonly name: string; readonly value: string }[];
}

interface AccessQuery {
  /** One row: `role`, and a member for each right and setting. */
  readonly sql: string;
  readonly rights: Readonly<Record<string, { readonly right: string; readonly neededBy: string }>>;
  readonly settings: Readonly<Record<string, string>>;
}

const queries: Readonly<Record<SqlDialect, AccessQuery>> = {
  pgsql: {
    sql: `SELECT current_user::text AS role,
  has_database_privilege(current_database(), 'CREATE') AS create_schemas,
  NOT EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'dms' AND c.relkind IN ('r', 'p') AND NOT pg_has_role(c.relowner, 'USAGE')) AS own_tables,
  current_setting('server_encoding') AS encoding, d.datcollate::text AS collation,
  current_setting('lock_timeout') AS lock_timeout, current_setting('statement_timeout') AS statement_timeout
FROM pg_database d WHERE d.datname = current_database()`,
    rights: {
      create_schemas: { right: 'CREATE on the database', neededBy: 'provision' },
      own_tables: { right: 'ownership of the tables of dms', neededBy: 'upgrade' },
    },
    settings: {
      encoding: 'encoding',
      collation: 'collation',
      lock_timeout: 'lock timeout',
      statement_timeout: 'statement timeout',
    },
  },
  mssql: {
    sql: `SELECT ORIGINAL_LOGIN() AS role,
  CAST(HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'ALTER') AS bit) AS alter_database,
  CAST(collation_name AS nvarchar(128)) AS collation, CAST(is_read_committed_snapshot_on AS nvarchar(10)) AS read_committed_snapshot,
  CAST(snapshot_isolation_state AS nvarchar(10)) AS snapshot_isolation
FROM sys.databases WHERE name = DB_NAME()`,
    rights: { alter_database: { right: 'ALTER on the database', neededBy: 'provision and upgrade' } },
    settings: {
      collation: 'collation',
      read_committed_snapshot: 'read committed snapshot',
      snapshot_isolation: 'snapshot isolation',
    },
  },
};

/** Reads the rights and settings of a session. Throws the `DB_*` codes. */
export async function accessFacts(connection: Connection): Promise<AccessFacts> {
  const { sql, rights, settings } = queries[connection.dialect];
  const [row = {}] = await connection.query(sql);
  return {
    role: String(row.role),
    rights: Object.entries(rights).map(([member, right]) => ({
      ...right,
      isGranted: row[member] === true || row[member] === 1,
    })),
    settings: Object.entries(settings).map(([member, name]) => ({ name, value: String(row[member]) })),
  };
}
