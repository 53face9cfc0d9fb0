import type { Catalog } from '@dms/catalog';
import { counted, fail } from '@dms/diagnostics';
import { allowSnapshots, dialectOf, type SqlDialect, value } from '@dms/sql';
import type { Connection, Limits } from '../drivers/connection.ts';
import { rowsOf, run } from '../drivers/statement.ts';
import { databaseError, driverCodeOf, type FailureCode, isFailure } from '../failures/failure.ts';
import { advisoryHolder, endingAdvice, holdsAdvisory } from '../failures/lock-holders.ts';
import { isAzureSql } from '../health/server-checks.ts';

/** How long to wait for others, in milliseconds (design 09 §1.4). Work itself has no limit. */
export interface ProvisionLimits {
  /** Waiting for another provisioner where the server does not show whether it is working. */
  readonly provisioningLock: number;
  /** Waiting for any other lock. */
  readonly lock: number;
}

/** Called once when another provisioner is running; `holder` names it. */
export type OnWaiting = (holder: string) => void;

/** A function that not everybody may call. */
interface ClosedFunction {
  readonly schema: string;
  readonly name: string;
  /** The types of its parameters. */
  readonly signature: string;
  readonly owner: string;
}

/** The steps of provisioning that differ between the engines. */
export interface ProvisioningDialect {
  /** The database from which other databases are created. */
  readonly maintenanceDatabase: string;
  /** Why a name is impossible for a database; null when it is possible. */
  nameFinding(name: string): string | null;
  hasDatabase(connection: Connection, name: string): Promise<boolean>;
  /** Whether the role of the session has the right to create a database. */
  mayCreateDatabase(connection: Connection): Promise<boolean>;
  /** The name of the right to create a database. */
  readonly createRight: string;
  /** Creates a database; false if somebody else created it meanwhile. */
  createDatabase(connection: Connection, name: string): Promise<boolean>;
  /** Sets options that only a database without users can be given. */
  prepareDatabase(connection: Connection, name: string): Promise<void>;
  /** Drops a database that others may still be connected to. */
  dropDatabase(connection: Connection, name: string): Promise<void>;
  /** Names of the databases with this prefix, sorted. */
  databasesLike(connection: Connection, prefix: string): Promise<readonly string[]>;
  /**
   * Checks the prerequisites of the script of a set; throws `PROVISION_NO_EXTENSION_SCHEMA`, `PROVISION_EXTENSION_MISSING`.
   */
  checkPrerequisites(connection: Connection, set: Pick<Catalog, 'extensions'>, limits: Limits): Promise<void>;
  /** Begins the transaction of the script. */
  begin(connection: Connection, limits: ProvisionLimits): Promise<void>;
  /** Waits for the lock. Throws `PROVISION_LOCKED` if its holder is idle, or after a time if that cannot be seen. */
  takeLock(
    connection: Connection,
    limits: ProvisionLimits,
    signal: AbortSignal | undefined,
    onWaiting: OnWaiting,
  ): Promise<void>;
  /** The functions of some schemas that not everybody may call, and whose rights the session's role may give. */
  closedFunctions(
    connection: Connection,
    schemas: readonly string[],
    limits: Limits,
  ): Promise<readonly ClosedFunction[]>;
  /** Throws `DB_SQL` when the script has ended the transaction. */
  checkTransaction(connection: Connection): Promise<void>;
}

/**
 * The first eight bytes of SHA-256 of `dms:provision`, as a signed number; advisory locks are per database (design 09
 * §2.5).
 */
export const provisioningLock = '2141441922018010095';

const { sql, id, literal, literals } = dialectOf.pgsql;
const mssql = dialectOf.mssql;

const lockNumber = literal(BigInt(provisioningLock));

const longestPgsqlName = 63;

/** The functions that not everybody may call, and whose rights the session's role may give. */
const closedFunctions = (schemas: readonly string[]) => sql`SELECT n.nspname::text AS schema, p.proname::text AS name,
  pg_get_function_identity_arguments(p.oid) AS signature, pg_get_userbyid(p.proowner)::text AS owner
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname IN (${literals(schemas)}) AND p.proacl IS NOT NULL
  AND NOT EXISTS (SELECT FROM aclexplode(p.proacl) a WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE')
  AND pg_has_role(p.proowner, 'USAGE')
ORDER BY 1, 2, 3`;

/**
 * Whether somebody created the database between the check and the statement. The server reports that in two ways,
 * depending on who was first.
 */
function existsAlready(error: unknown): boolean {
  if (!isFailure(error, 'DB_SQL')) return false;
  const code = driverCodeOf(error);
  return code === '42P04' || (code === '23505' && error.diagnostics[0].details.object === 'pg_database_datname_index');
}

const pgsqlProvisioning: ProvisioningDialect = {
  maintenanceDatabase: 'postgres',

  nameFinding: (name) => {
    const bytes = Buffer.byteLength(name, 'utf8');
    return bytes <= longestPgsqlName
      ? null
      : `it has ${counted(bytes, 'byte')}, and PostgreSQL allows ${longestPgsqlName}`;
  },

  hasDatabase: async (connection, name) => {
    const rows = await rowsOf(connection, sql`SELECT 1 FROM pg_database WHERE datname = ${value(name)}`);
    return rows.length > 0;
  },

  createRight: 'CREATEDB',

  mayCreateDatabase: async (connection) => {
    const [row] = await rowsOf<{ may: boolean }>(
      connection,
      sql`SELECT rolcreatedb OR rolsuper AS may FROM pg_roles WHERE rolname = current_user`,
    );
    return row?.may === true;
  },

  createDatabase: async (connection, name) => {
    try {
      // template0: nothing that others put into template1 is copied
      await run(connection, sql`CREATE DATABASE ${id(name)} TEMPLATE template0 ENCODING 'UTF8'`);
      return true;
    } catch (error) {
      if (existsAlready(error)) return false;
      throw error;
    }
  },

  prepareDatabase: async () => undefined,

  dropDatabase: (connection, name) => run(connection, sql`DROP DATABASE IF EXISTS ${id(name)} WITH (FORCE)`),

  databasesLike: async (connection, prefix) => {
    const rows = await rowsOf<{ name: string }>(
      connection,
      sql`SELECT datname::text AS name FROM pg_database WHERE starts_with(datname::text, ${value(prefix)}) ORDER BY 1`,
    );
    return rows.map(({ name }) => name);
  },

  checkPrerequisites: async (connection, { extensions }, limits) => {
    if (extensions.length === 0) return;
    const [row] = await rowsOf<{ schema: boolean; installed: boolean; available: boolean }>(
      connection,
      sql`SELECT to_regnamespace('public') IS NOT NULL AS schema,
  EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pgcrypto') AS installed,
  EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'pgcrypto') AS available`,
      limits,
    );
    if (row === undefined || row.installed) return;
    const { label } = connection;
    if (!row.available) {
      const text = `${label}: the extension pgcrypto is not available on the server. Install the contrib modules of PostgreSQL.`;
      fail('PROVISION_EXTENSION_MISSING', text, {}, { extension: 'pgcrypto' });
    }
    if (!row.schema) {
      const text = `${label}: there is no schema public to install the extension pgcrypto in. Create the schema, or install the extension elsewhere.`;
      fail('PROVISION_NO_EXTENSION_SCHEMA', text, {}, { schema: 'public', extension: 'pgcrypto' });
    }
  },

  begin: async (connection, limits) => {
    await connection.begin();
    // a login's own search path would decide where the extension is installed (design 09 §1.5)
    await run(connection, sql`SET LOCAL search_path = public; SET LOCAL lock_timeout = ${literal(limits.lock)}`);
  },

  takeLock: async (connection, limits, signal, onWaiting) => {
    const [row] = await rowsOf<{ taken: boolean }>(
      connection,
      sql`SELECT pg_try_advisory_xact_lock(${lockNumber}) AS taken`,
    );
    if (row?.taken) return;
    const holder = await advisoryHolder(connection, provisioningLock);
    const other = holder?.text ?? 'unknown';
    onWaiting(other);
    try {
      // waits as long as the other provisioner works, which the watch of the session checks
      await run(connection, sql`SET LOCAL lock_timeout = 0`);
      await run(connection, sql`SELECT pg_advisory_xact_lock(${lockNumber})`, { signal });
      await run(connection, sql`SET LOCAL lock_timeout = ${literal(limits.lock)}`);
    } catch (error) {
      if (!isFailure(error, 'DB_TIMEOUT')) throw error;
      const text = `${connection.label}: another provisioner (${other}) holds the lock and is idle. ${endingAdvice(holder)}, or try again when it has ended.`;
      fail('PROVISION_LOCKED', text, {}, { holder: other });
    }
  },

  closedFunctions: (connection, schemas, limits) =>
    rowsOf<ClosedFunction>(connection, closedFunctions(schemas), limits),

  checkTransaction: async (connection) => {
    const [row] = await rowsOf<{ held: boolean }>(
      connection,
      sql`SELECT EXISTS (SELECT FROM pg_locks l WHERE ${holdsAdvisory(provisioningLock)} AND l.pid = pg_backend_pid()) AS held`,
    );
    if (row?.held) return;
    throw databaseError(
      { code: 'DB_SQL', driverCode: null, message: 'the transaction ended inside the script' },
      connection,
    );
  },
};

const longestMssqlName = 128;

/** Negative results of `sp_getapplock`: timeout, cancelled, chosen as victim of a deadlock. */
const lockFailures: Readonly<Record<number, FailureCode>> = { [-2]: 'DB_CANCELLED', [-3]: 'DB_DEADLOCK' };
const lockTimedOut = -1;

const mssqlProvisioning: ProvisioningDialect = {
  maintenanceDatabase: 'master',

  nameFinding: (name) =>
    name.length <= longestMssqlName
      ? null
      : `it has ${counted(name.length, 'character')}, and SQL Server allows ${longestMssqlName}`,

  hasDatabase: async (connection, name) => {
    const query = mssql.sql`SELECT 1 AS found FROM sys.databases WHERE name = ${mssql.literal(name)}`;
    const rows = await rowsOf(connection, query);
    return rows.length > 0;
  },

  createRight: 'CREATE ANY DATABASE',

  mayCreateDatabase: async (connection) => {
    // the right may belong to a user of master, or on the server to a login
    const [row] = await rowsOf<{ may: number | null }>(
      connection,
      mssql.sql`SELECT CASE WHEN HAS_PERMS_BY_NAME(NULL, NULL, N'CREATE ANY DATABASE') = 1 OR HAS_PERMS_BY_NAME(N'master', N'DATABASE', N'CREATE DATABASE') = 1 THEN 1 ELSE 0 END AS may`,
    );
    return row?.may === 1;
  },

  createDatabase: async (connection, name) => {
    try {
      await run(connection, mssql.sql`CREATE DATABASE ${mssql.id(name)}`);
      return true;
    } catch (error) {
      if (isFailure(error, 'DB_SQL') && driverCodeOf(error) === '1801') return false;
      throw error;
    }
  },

  prepareDatabase: async (connection, name) => {
    const quoted = mssql.id(name);
    // readers do not block writers; both options need exclusive access, which is certain only for a new database
    await run(connection, mssql.sql`ALTER DATABASE ${quoted} SET READ_COMMITTED_SNAPSHOT ON`);
    await run(connection, allowSnapshots(quoted));
  },

  dropDatabase: async (connection, name) => {
    const quoted = mssql.id(name);
    // Azure SQL has no such option, and drops a database that others use
    if (!(await isAzureSql(connection)))
      await run(connection, mssql.sql`ALTER DATABASE ${quoted} SET SINGLE_USER WITH ROLLBACK IMMEDIATE`);
    await run(connection, mssql.sql`DROP DATABASE ${quoted}`);
  },

  databasesLike: async (connection, prefix) => {
    const rows = await rowsOf<{ name: string }>(
      connection,
      mssql.sql`SELECT name FROM sys.databases WHERE LEFT(name, ${mssql.literal(prefix.length)}) = ${mssql.literal(prefix)} ORDER BY name`,
    );
    return rows.map(({ name }) => name);
  },

  checkPrerequisites: async () => undefined,

  begin: async (connection, limits) => {
    await run(connection, mssql.sql`SET LOCK_TIMEOUT ${mssql.literal(limits.lock)};`);
    await connection.begin();
  },

  takeLock: async (connection, limits, signal) => {
    const [row] = await rowsOf<{ r: number }>(
      connection,
      mssql.sql`DECLARE @r int; EXEC @r = sp_getapplock @Resource = N'dms:provision', @LockMode = N'Exclusive', @LockOwner = N'Transaction', @LockTimeout = ${mssql.literal(limits.provisioningLock)}; SELECT @r AS r`,
      { signal },
    );
    const result = row?.r ?? Number.NaN;
    if (result >= 0) return;
    if (result === lockTimedOut) {
      const text = `${connection.label}: another provisioner is running. Try again when it has ended.`;
      fail('PROVISION_LOCKED', text, {}, { holder: 'unknown' });
    }
    const code = lockFailures[result] ?? 'DB_SQL';
    throw databaseError(
      { code, driverCode: String(result), message: 'the provisioning lock was not granted' },
      connection,
    );
  },

  // SQL Server has no setting that takes the right from new functions
  closedFunctions: async () => [],

  checkTransaction: async (connection) => {
    const [row] = await rowsOf<{ t: number; x: number }>(
      connection,
      mssql.sql`SELECT @@TRANCOUNT AS t, XACT_STATE() AS x`,
    );
    if (row?.t === 1 && row.x === 1) return;
    throw databaseError(
      { code: 'DB_SQL', driverCode: null, message: 'the transaction ended inside the script' },
      connection,
    );
  },
};

export const provisioningDialects: Readonly<Record<SqlDialect, ProvisioningDialect>> = {
  pgsql: pgsqlProvisioning,
  mssql: mssqlProvisioning,
};
