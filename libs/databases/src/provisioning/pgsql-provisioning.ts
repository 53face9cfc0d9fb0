import { counted, fail } from '@dms/diagnostics';
import { dialectRules } from '@dms/sql';
import type { Connection } from '../connection/connection.ts';
import { databaseError, driverCodeOf, isFailure } from '../connection/failure.ts';
import type { ClosedFunction, ProvisioningDialect } from './provisioning-dialect.ts';

/**
 * The first eight bytes of SHA-256 of `dms:provision`, as a signed number; advisory locks are per database (design 09
 * §2.5).
 */
export const provisioningLock = '2141441922018010095';

const longestName = 63;

const holderQuery = `SELECT l.pid::int4 AS pid, a.application_name::text AS application
FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND ((l.classid::bigint << 32) | l.objid::bigint) = ${provisioningLock}`;

/** The functions that not everybody may call, and whose rights the session's role may give. */
const closedFunctions = (schemas: readonly string[]) => `SELECT n.nspname::text AS schema, p.proname::text AS name,
  pg_get_function_identity_arguments(p.oid) AS signature, pg_get_userbyid(p.proowner)::text AS owner
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname IN (${schemas.map(dialectRules.pgsql.stringLiteral).join(', ')}) AND p.proacl IS NOT NULL
  AND NOT EXISTS (SELECT FROM aclexplode(p.proacl) a WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE')
  AND pg_has_role(p.proowner, 'USAGE')
ORDER BY 1, 2, 3`;

async function holder(connection: Connection): Promise<string> {
  const [row] = await connection.query<{ pid: number; application: string | null }>(holderQuery);
  if (row === undefined) return 'unknown';
  return row.application ? `process ${row.pid}, ${row.application}` : `process ${row.pid}`;
}

/**
 * Somebody created the database between the check and the statement: reported in two ways, depending on who was first.
 */
function existsAlready(error: unknown): boolean {
  if (!isFailure(error, 'DB_SQL')) return false;
  const code = driverCodeOf(error);
  return code === '42P04' || (code === '23505' && error.diagnostics[0].details.object === 'pg_database_datname_index');
}

export const pgsqlProvisioning: ProvisioningDialect = {
  maintenanceDatabase: 'postgres',

  nameFinding: (name) => {
    const bytes = Buffer.byteLength(name, 'utf8');
    return bytes <= longestName ? null : `it has ${counted(bytes, 'byte')}, and PostgreSQL allows ${longestName}`;
  },

  hasDatabase: async (connection, name) => {
    const rows = await connection.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    return rows.length > 0;
  },

  createRight: 'CREATEDB',

  mayCreateDatabase: async (connection) => {
    const [row] = await connection.query<{ may: boolean }>(
      'SELECT rolcreatedb OR rolsuper AS may FROM pg_roles WHERE rolname = current_user',
    );
    return row?.may === true;
  },

  createDatabase: async (connection, name) => {
    try {
      // template0: nothing that others put into template1 is copied
      await connection.execute(`CREATE DATABASE ${dialectRules.pgsql.quote(name)} TEMPLATE template0 ENCODING 'UTF8'`);
      return true;
    } catch (error) {
      if (existsAlready(error)) return false;
      throw error;
    }
  },

  prepareDatabase: async () => undefined,

  dropDatabase: (connection, name) =>
    connection.execute(`DROP DATABASE IF EXISTS ${dialectRules.pgsql.quote(name)} WITH (FORCE)`),

  databasesLike: async (connection, prefix) => {
    const rows = await connection.query<{ name: string }>(
      'SELECT datname::text AS name FROM pg_database WHERE starts_with(datname::text, $1) ORDER BY 1',
      [prefix],
    );
    return rows.map(({ name }) => name);
  },

  checkPrerequisites: async (connection, limits) => {
    const [row] = await connection.query<{ schema: boolean; installed: boolean; available: boolean }>(
      `SELECT to_regnamespace('public') IS NOT NULL AS schema,
  EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pgcrypto') AS installed,
  EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'pgcrypto') AS available`,
      [],
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
    await connection.execute(`SET LOCAL search_path = public; SET LOCAL lock_timeout = ${limits.lock}`);
  },

  takeLock: async (connection, limits, signal, onWaiting) => {
    const [row] = await connection.query<{ taken: boolean }>(
      `SELECT pg_try_advisory_xact_lock(${provisioningLock}) AS taken`,
    );
    if (row?.taken) return;
    const other = await holder(connection);
    onWaiting(other);
    try {
      // as long as the other one is working, which the session watches
      await connection.execute('SET LOCAL lock_timeout = 0');
      await connection.execute(`SELECT pg_advisory_xact_lock(${provisioningLock})`, { signal });
      await connection.execute(`SET LOCAL lock_timeout = ${limits.lock}`);
    } catch (error) {
      if (!isFailure(error, 'DB_TIMEOUT')) throw error;
      const text = `${connection.label}: another provisioner (${other}) holds the lock and is idle. End it, or try again when it has ended.`;
      fail('PROVISION_LOCKED', text, {}, { holder: other });
    }
  },

  closedFunctions: (connection, schemas, limits) =>
    connection.query<ClosedFunction>(closedFunctions(schemas), [], limits),

  checkTransaction: async (connection) => {
    const [row] = await connection.query<{ held: boolean }>(
      `SELECT EXISTS (${holderQuery} AND l.pid = pg_backend_pid()) AS held`,
    );
    if (row?.held) return;
    throw databaseError(
      { code: 'DB_SQL', driverCode: null, message: 'the transaction ended inside the script' },
      connection,
    );
  },
};
