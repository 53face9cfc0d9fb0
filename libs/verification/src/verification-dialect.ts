import type { Connection } from '@dms/databases';
import { dialectRules, type SqlDialect } from '@dms/sql';

/** Codes with which an engine refuses a statement: SQLSTATE, or the number of the error. */
interface RefusalCodes {
  readonly foreignKey: string;
  readonly unique: string;
  readonly check: string;
  /** A value for an identity column. */
  readonly identity: string;
}

/** What verification does differently in each engine. */
export interface VerificationDialect {
  /** A statement that fails, as the end of a script, and the code with which it does. */
  readonly failing: { readonly text: string; readonly code: string };
  readonly codes: RefusalCodes;
  /** The value of a quoted column as text, independent of the settings of the session; NULL stays NULL. */
  asText(column: string): string;
  /** Call of `dms.uuidv5`; null is NULL. */
  uuidCall(namespace: string, name: string | null): string;
  /** What the check that only an object is cached is called. */
  readonly cacheCheck: string;
  /** What a script has left beside the objects that `readDatabaseState` counts; a column `name`. */
  readonly leftQuery: string | null;
  /** Begins and ends a step whose changes must not last. */
  readonly step: { begin(connection: Connection): Promise<void>; end(connection: Connection): Promise<void> };
  /** Runs a statement so that it happens wholly or not at all, with all constraints checked. Throws what refuses it. */
  change(connection: Connection, statement: string): Promise<void>;
}

const pgsqlChange = async (connection: Connection, statement: string): Promise<void> => {
  try {
    // keys that are checked at the end of a transaction are asked for here
    await connection.execute(
      `SAVEPOINT change; ${statement}; SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED; RELEASE SAVEPOINT change`,
    );
  } catch (error) {
    await connection.execute('ROLLBACK TO SAVEPOINT change; RELEASE SAVEPOINT change');
    throw error;
  }
};

/** An error in a trigger ends the whole transaction of SQL Server, savepoints or not: each statement has its own. */
const mssqlChange = async (connection: Connection, statement: string): Promise<void> => {
  await connection.begin();
  try {
    await connection.execute(`${statement};`);
  } catch (error) {
    await connection.rollback();
    throw error;
  }
  await connection.commit();
};

const doNothing = async () => undefined;

export const verificationDialects: Readonly<Record<SqlDialect, VerificationDialect>> = {
  pgsql: {
    failing: { text: 'SELECT 1/0;\n', code: '22012' },
    codes: { foreignKey: '23503', unique: '23505', check: '23514', identity: '428C9' },
    asText: (column) => `${column}::text`,
    uuidCall: (namespace, name) => {
      const text = name === null ? 'NULL' : dialectRules.pgsql.stringLiteral(name);
      return `dms.uuidv5(${dialectRules.pgsql.stringLiteral(namespace)}::uuid, ${text}::text)::text`;
    },
    cacheCheck: 'CK_DocumentCache_JsonObject',
    leftQuery: "SELECT 'extension ' || extname::text AS name FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1",
    step: { begin: (connection) => connection.begin(), end: (connection) => connection.rollback() },
    change: pgsqlChange,
  },
  mssql: {
    failing: { text: 'GO\nSELECT 1/0;\nGO\n', code: '8134' },
    codes: { foreignKey: '547', unique: '2627', check: '547', identity: '544' },
    // style 126 is ISO 8601 for dates and times, and nothing to other types
    asText: (column) => `CONVERT(nvarchar(4000), ${column}, 126)`,
    uuidCall: (namespace, name) => {
      const text = name === null ? 'CAST(NULL AS nvarchar(max))' : dialectRules.mssql.stringLiteral(name);
      const value = `[dms].[uuidv5](CAST(${dialectRules.mssql.stringLiteral(namespace)} AS uniqueidentifier), ${text})`;
      return `LOWER(CONVERT(nvarchar(36), ${value}))`;
    },
    cacheCheck: 'CK_DocumentCache_IsJsonObject',
    leftQuery: null,
    // the database is dropped at the end
    step: { begin: doNothing, end: doNothing },
    change: mssqlChange,
  },
};
