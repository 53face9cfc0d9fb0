import { type Diagnostic, diagnostic } from '@dms/diagnostics';
import { dialectOf, dialectRules, type SqlDialect, value } from '@dms/sql';
import type { Connection, Limits } from '../drivers/connection.ts';
import { rowsOf } from '../drivers/statement.ts';
import type { HealthQuestion } from './health-check.ts';
import { resetting, settingsHere } from './role-settings.ts';

/* Whether a session or a role only reads, and the statements that end it (design 09 §1.5, 09c §1.2). */

const { sql } = dialectOf.pgsql;

/** Makes a read-only session writable, so that it can run the statements that reset the setting. */
const writingAgain = 'SET default_transaction_read_only = off';

const isSet = sql`EXISTS (SELECT 1 FROM unnest(s.setconfig) AS c WHERE c LIKE 'default_transaction_read_only=%')`;

/** Whether a session is read-only, and the statements that reset the setting of its role and its database. */
const sessionQuery = sql`SELECT pg_is_in_recovery() AS standby, current_setting('default_transaction_read_only')::boolean AS server,
  (SELECT string_agg(${resetting('default_transaction_read_only')}, '; ' ORDER BY r.rolname NULLS FIRST, d.datname NULLS FIRST)
  ${settingsHere} AND (s.setrole = 0 OR r.rolname = session_user) AND ${isSet}) AS places`;

/** The settings that decide whether transactions of a role are read-only. The one with the greatest rank applies. */
const roleQuery = (
  role: string,
) => sql`SELECT CASE WHEN s.setrole <> 0 THEN 2 ELSE 0 END + CASE WHEN s.setdatabase <> 0 THEN 1 ELSE 0 END AS rank,
  (SELECT bool_or(split_part(c, '=', 2)::boolean) FROM unnest(s.setconfig) AS c WHERE c LIKE 'default_transaction_read_only=%') AS "isOn",
  ${resetting('default_transaction_read_only')} AS statement
${settingsHere} AND (s.setrole = 0 OR r.rolname = ${value(role)}) AND ${isSet}
UNION ALL SELECT -1, s.setting = 'on', NULL FROM pg_settings s
WHERE s.name = 'default_transaction_read_only' AND s.source NOT IN ('database', 'user', 'database user', 'client', 'session')
ORDER BY rank`;

interface RoleSetting {
  readonly isOn: boolean;
  /** The statement that resets the setting; null for a setting of the server. */
  readonly statement: string | null;
}

const advised = (what: string, statements: readonly string[]) =>
  statements.length === 0
    ? `${what}: switch it off in the configuration of the server.`
    : `${what}. Run: ${[writingAgain, ...statements].join('; ')}`;

type Reason = (connection: Connection, role: string | undefined, limits: Limits) => Promise<string | null>;

/** Why the session, or a named role, takes no writes, as a sentence with advice; null if it takes them. */
const reasons: Readonly<Record<SqlDialect, Reason>> = {
  pgsql: async (connection, role, limits) => {
    if (role !== undefined) {
      const settings = await rowsOf<RoleSetting>(connection, roleQuery(role), limits);
      if (settings.at(-1)?.isOn !== true) return null;
      const statements = settings.flatMap(({ isOn, statement }) => (isOn && statement !== null ? [statement] : []));
      const name = dialectRules.pgsql.quote(role);
      return advised(
        `default_transaction_read_only is on for the role ${name}, so its transactions only read`,
        statements,
      );
    }
    const [row] = await rowsOf<{ standby: boolean; server: boolean; places: string | null }>(
      connection,
      sessionQuery,
      limits,
    );
    if (row?.standby) return 'The server is a standby and takes no writes: connect to the primary.';
    if (!row?.server) return null;
    const what = 'default_transaction_read_only is on, so every transaction only reads';
    return advised(what, row.places === null ? [] : [row.places]);
  },
  // there are no such settings of a role
  mssql: async (connection, _, limits) => {
    const [row] = await rowsOf<{ updateability: string | null }>(
      connection,
      dialectOf.mssql
        .sql`SELECT CONVERT(nvarchar(128), DATABASEPROPERTYEX(DB_NAME(), 'Updateability')) AS updateability`,
      limits,
    );
    return row?.updateability === 'READ_ONLY'
      ? 'The database is read-only, or a secondary of an availability group: connect to the primary, or run ALTER DATABASE … SET READ_WRITE.'
      : null;
  },
};

async function findings(connection: Connection, role: string | undefined, limits: Limits): Promise<Diagnostic[]> {
  const { label, dialect } = connection;
  const reason = await reasons[dialect](connection, role, limits);
  return reason === null ? [] : [diagnostic('DB_READ_ONLY', `${label}: ${reason}`, {}, { label })];
}

/** `DB_READ_ONLY` for a session that takes no writes. Throws the `DB_*` codes. */
export const readOnlySession = (connection: Connection, { signal }: HealthQuestion): Promise<readonly Diagnostic[]> =>
  findings(connection, undefined, { signal });

/**
 * `DB_READ_ONLY` for a role whose transactions only read: an error if writing was asked for, otherwise a warning if the
 * role writes documents. Throws the `DB_*` codes.
 */
export async function readOnlyRole(
  connection: Connection,
  { asked = [], rights, role, signal }: HealthQuestion,
): Promise<readonly Diagnostic[]> {
  const isAsked = asked.includes('write');
  if (!isAsked && !rights?.isWriter) return [];
  const found = await findings(connection, role, { signal });
  return isAsked ? found : found.map((each) => ({ ...each, class: 'W' }));
}
