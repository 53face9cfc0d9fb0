import { counted, fail } from '@dms/diagnostics';
import { dialectRules } from '@dms/sql';
import { databaseError, driverCodeOf, type FailureCode, isFailure } from '../connection/failure.ts';
import type { ProvisioningDialect } from './provisioning-dialect.ts';

const longestName = 128;

/** What `sp_getapplock` returns below zero: timeout, cancelled, chosen as victim of a deadlock. */
const lockFailures: Readonly<Record<number, FailureCode>> = { [-2]: 'DB_CANCELLED', [-3]: 'DB_DEADLOCK' };
const lockTimedOut = -1;

export const mssqlProvisioning: ProvisioningDialect = {
  maintenanceDatabase: 'master',

  nameFinding: (name) =>
    name.length <= longestName
      ? null
      : `it has ${counted(name.length, 'character')}, and SQL Server allows ${longestName}`,

  hasDatabase: async (connection, name) => {
    const text = dialectRules.mssql.stringLiteral(name);
    const rows = await connection.query(`SELECT 1 AS found FROM sys.databases WHERE name = ${text}`);
    return rows.length > 0;
  },

  createRight: 'CREATE ANY DATABASE',

  mayCreateDatabase: async (connection) => {
    // a user of master may have the right there, and a login that of the server
    const [row] = await connection.query<{ may: number | null }>(
      "SELECT CASE WHEN HAS_PERMS_BY_NAME(NULL, NULL, N'CREATE ANY DATABASE') = 1 OR HAS_PERMS_BY_NAME(N'master', N'DATABASE', N'CREATE DATABASE') = 1 THEN 1 ELSE 0 END AS may",
    );
    return row?.may === 1;
  },

  createDatabase: async (connection, name) => {
    try {
      await connection.execute(`CREATE DATABASE ${dialectRules.mssql.quote(name)}`);
      return true;
    } catch (error) {
      if (isFailure(error, 'DB_SQL') && driverCodeOf(error) === '1801') return false;
      throw error;
    }
  },

  prepareDatabase: async (connection, name) => {
    const quoted = dialectRules.mssql.quote(name);
    // readers do not block writers; both options need the database for themselves, which is certain only for a new one
    await connection.execute(`ALTER DATABASE ${quoted} SET READ_COMMITTED_SNAPSHOT ON`);
    await connection.execute(`ALTER DATABASE ${quoted} SET ALLOW_SNAPSHOT_ISOLATION ON`);
  },

  dropDatabase: async (connection, name) => {
    const quoted = dialectRules.mssql.quote(name);
    await connection.execute(`ALTER DATABASE ${quoted} SET SINGLE_USER WITH ROLLBACK IMMEDIATE`);
    await connection.execute(`DROP DATABASE ${quoted}`);
  },

  databasesLike: async (connection, prefix) => {
    const text = dialectRules.mssql.stringLiteral(prefix);
    const rows = await connection.query<{ name: string }>(
      `SELECT name FROM sys.databases WHERE LEFT(name, ${prefix.length}) = ${text} ORDER BY name`,
    );
    return rows.map(({ name }) => name);
  },

  checkPrerequisites: async () => undefined,

  begin: async (connection, limits) => {
    await connection.execute(`SET LOCK_TIMEOUT ${limits.lock};`);
    await connection.begin();
  },

  takeLock: async (connection, limits, signal) => {
    const [row] = await connection.query<{ r: number }>(
      `DECLARE @r int; EXEC @r = sp_getapplock @Resource = N'dms:provision', @LockMode = N'Exclusive', @LockOwner = N'Transaction', @LockTimeout = ${limits.provisioningLock}; SELECT @r AS r`,
      [],
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

  // no setting takes the right from new functions
  closedFunctions: async () => [],

  checkTransaction: async (connection) => {
    const [row] = await connection.query<{ t: number; x: number }>('SELECT @@TRANCOUNT AS t, XACT_STATE() AS x');
    if (row?.t === 1 && row.x === 1) return;
    throw databaseError(
      { code: 'DB_SQL', driverCode: null, message: 'the transaction ended inside the script' },
      connection,
    );
  },
};
