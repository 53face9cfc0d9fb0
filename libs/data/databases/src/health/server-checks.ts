import { type Diagnostic, DmsError, fail, failIfAny } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { dialectOf, type PlainSql, type SqlDialect } from '@dms/sql';
import type { Connection } from '../drivers/connection.ts';
import { rowsOf } from '../drivers/statement.ts';
import { healthFindings } from './health-checks.ts';
import { type RightsSet, unknownSet } from './needed-rights.ts';
import type { RunRights } from './role-rights.ts';

interface ServerVersion {
  /** The product as the server reports it, shortened for reports. */
  readonly product: string;
  readonly version: string;
  readonly supported: boolean;
}

interface AccessQuery {
  /** One row: `role`, and a member for each setting. */
  readonly sql: PlainSql;
  readonly settings: Readonly<Record<string, string>>;
}

interface ServerFacts {
  version(connection: Connection): Promise<ServerVersion>;
  /** The oldest supported version, for a message. */
  readonly oldest: string;
  /** The query for the role and the settings of a session. */
  readonly access: AccessQuery;
}

/** The editions of Azure SQL (`EngineEdition`): a database, a managed instance. */
const azureSql = new Set([5, 8]);
const azureProduct = 'Azure SQL';

const facts: Readonly<Record<SqlDialect, ServerFacts>> = {
  pgsql: {
    version: async (connection) => {
      const [row] = await rowsOf<{ number: number }>(
        connection,
        dialectOf.pgsql.sql`SELECT current_setting('server_version_num')::int4 AS number`,
      );
      const { number } = mustExist(row, 'the version of the server');
      return {
        product: 'PostgreSQL',
        version: `${Math.floor(number / 10_000)}.${number % 10_000}`,
        supported: number >= 140_000,
      };
    },
    oldest: 'PostgreSQL 14',
    access: {
      sql: dialectOf.pgsql.sql`SELECT current_user::text AS role,
  current_setting('server_encoding') AS encoding,
  -- the columns of the locale differ from version to version; only libc has it in datcollate
  CASE f.row ->> 'datlocprovider' WHEN 'i' THEN coalesce(f.row ->> 'datlocale', f.row ->> 'daticulocale') || ' (icu)'
    WHEN 'b' THEN (f.row ->> 'datlocale') || ' (builtin)' ELSE d.datcollate::text END AS collation,
  current_setting('lock_timeout') AS lock_timeout, current_setting('statement_timeout') AS statement_timeout
FROM pg_database d CROSS JOIN LATERAL (SELECT to_jsonb(d) AS row) AS f WHERE d.datname = current_database()`,
      settings: {
        encoding: 'encoding',
        collation: 'collation',
        lock_timeout: 'lock timeout',
        statement_timeout: 'statement timeout',
      },
    },
  },
  mssql: {
    version: async (connection) => {
      const [row] = await rowsOf<{ version: string; edition: number }>(
        connection,
        dialectOf.mssql
          .sql`SELECT CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(128)) AS version, CAST(SERVERPROPERTY('EngineEdition') AS int) AS edition`,
      );
      const { version, edition } = mustExist(row, 'the version of the server');
      const [major = '0', minor = '0'] = version.split('.');
      const isAzure = azureSql.has(edition);
      return {
        product: isAzure ? azureProduct : 'SQL Server',
        version: `${major}.${minor}`,
        supported: isAzure || Number(major) >= 15,
      };
    },
    oldest: 'SQL Server 2019',
    access: {
      sql: dialectOf.mssql.sql`SELECT ORIGINAL_LOGIN() AS role,
  CAST(collation_name AS nvarchar(128)) AS collation, CAST(is_read_committed_snapshot_on AS nvarchar(10)) AS read_committed_snapshot,
  CAST(snapshot_isolation_state AS nvarchar(10)) AS snapshot_isolation
FROM sys.databases WHERE name = DB_NAME()`,
      settings: {
        collation: 'collation',
        read_committed_snapshot: 'read committed snapshot',
        snapshot_isolation: 'snapshot isolation',
      },
    },
  },
};

/**
 * Adds earlier warnings to a failure, since they often give the reason, such as an event trigger. Other errors are
 * returned unchanged.
 */
export function withWarnings(error: unknown, warnings: readonly Diagnostic[]): unknown {
  if (!(error instanceof DmsError)) return error;
  const [first, ...others] = error.diagnostics;
  const known = new Set<Diagnostic>(error.diagnostics);
  return new DmsError([first, ...others, ...warnings.filter((each) => !known.has(each))]);
}

/** Product and version of the server, as a report names them. */
export async function serverVersion(connection: Connection): Promise<{ product: string; version: string }> {
  const { product, version } = await facts[connection.dialect].version(connection);
  return { product, version };
}

/** Whether the server is Azure SQL, whose `ALTER DATABASE` has fewer options than that of SQL Server. */
export async function isAzureSql(connection: Connection): Promise<boolean> {
  return (await serverVersion(connection)).product === azureProduct;
}

/** Throws `DB_VERSION_UNSUPPORTED` for a server that is too old (design 09 §1.5). */
export async function checkVersion(connection: Connection): Promise<void> {
  const { version, oldest } = facts[connection.dialect];
  const found = await version(connection);
  if (found.supported) return;
  const text = `${connection.label}: ${found.product} ${found.version} is too old. ${oldest} is the first one that is supported.`;
  fail('DB_VERSION_UNSUPPORTED', text, {}, { found: found.version, required: oldest });
}

/** Throws `DB_VERSION_UNSUPPORTED` for a server that is too old for a database of a set (design 22 §1.1). */
export async function expectServer(connection: Connection, set: RightsSet): Promise<void> {
  failIfAny(await healthFindings(connection, 'server', { mappingVersion: set.mappingVersion }));
}

/**
 * Checks a database in which nothing can or should be created, and throws the errors: `DB_READ_ONLY`,
 * `DB_VERSION_UNSUPPORTED`, `DB_ENCODING`, `DB_PERMISSION`, `DB_COLLATION` and those of the surroundings (design 09 §1.5,
 * 09c §1). Returns the warnings.
 *
 * @param script the script that will create the objects
 * @param needs the rights that the run needs; by default those to create in the database
 * @param set the schema set of the run; by default that of the rights
 */
export async function checkWritable(
  connection: Connection,
  script?: string,
  needs: RunRights = { set: unknownSet(connection.dialect, []), purpose: 'provision' },
  set: RightsSet = needs.set,
): Promise<readonly Diagnostic[]> {
  const findings = await healthFindings(connection, 'run', { script, needs, mappingVersion: set.mappingVersion });
  failIfAny(findings.filter((finding) => finding.class !== 'W'));
  return findings;
}

/** The role of a session, and the settings that decide whether documents can be stored. */
interface AccessFacts {
  readonly role: string;
  readonly settings: readonly { readonly name: string; readonly value: string }[];
}

/** Reads the role and the settings of a session. */
export async function accessFacts(connection: Connection): Promise<AccessFacts> {
  const { sql, settings } = facts[connection.dialect].access;
  const [row = {}] = await rowsOf(connection, sql);
  return {
    role: String(row.role),
    settings: Object.entries(settings).map(([member, name]) => ({ name, value: String(row[member]) })),
  };
}
