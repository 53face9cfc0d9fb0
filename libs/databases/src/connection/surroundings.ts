import { type Diagnostic, type DiagnosticCode, diagnostic } from '@dms/diagnostics';
import { dialectRules, type SqlDialect } from '@dms/sql';
import type { Connection, Limits } from './connection.ts';
import { notOfExtension } from './extension-members.ts';
import { replacingObjects } from './replacing-objects.ts';

/*
 * What decides how triggers work, but belongs to no object of dms: settings of servers, databases and roles, and
 * functions that bodies call (design 09 §1.8).
 */

/** A finding of a query: its code, and the names that its sentence needs. */
interface Finding {
  readonly code: DiagnosticCode;
  readonly object: string;
  readonly detail: string;
}

interface EnvironmentCheck {
  /** Columns `code`, `object`, `detail`. */
  readonly query: string;
  readonly sentences: Readonly<Partial<Record<DiagnosticCode, (found: Finding) => string>>>;
}

const { quote } = dialectRules.pgsql;

const exhausted = ({ object, detail }: Finding) =>
  `the sequence ${object} has no number after ${detail}, so nothing can be written. Give it its greatest value back: ALTER SEQUENCE … MAXVALUE`;

const pgsql: EnvironmentCheck = {
  query: `SELECT 'DB_TRIGGERS_OFF' AS code, coalesce(r.rolname, '')::text AS object, coalesce(d.datname, '')::text AS detail
FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_database d ON d.oid = s.setdatabase
WHERE (s.setdatabase = 0 OR d.datname = current_database())
  AND EXISTS (SELECT 1 FROM unnest(s.setconfig) AS c WHERE lower(c) LIKE 'session_replication_role=%replica%')
UNION ALL SELECT 'DB_EVENT_TRIGGER', t.evtname::text, t.evtevent::text
FROM pg_event_trigger t WHERE t.evtenabled <> 'D' AND ${notOfExtension('pg_event_trigger', 't')}
UNION ALL SELECT 'DB_FUNCTION_REPLACED', p.oid::regprocedure::text, 'pgcrypto'
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
JOIN pg_extension x ON x.extname = 'pgcrypto' AND x.extnamespace = n.oid
WHERE p.proname = 'digest' AND (l.lanname <> 'c' OR p.prosrc <> 'pg_digest' OR p.probin NOT LIKE '%pgcrypto%')
UNION ALL SELECT 'DB_FUNCTION_REPLACED', format('%I.digest(bytea, text)', n.nspname), 'pgcrypto'
FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace
WHERE x.extname = 'pgcrypto' AND NOT EXISTS (SELECT 1 FROM pg_proc p
  WHERE p.pronamespace = n.oid AND p.proname = 'digest' AND oidvectortypes(p.proargtypes) = 'bytea, text')
UNION ALL SELECT 'DB_SEQUENCE', format('%I.%I', s.schemaname, s.sequencename), s.last_value::text
FROM pg_sequences s WHERE s.schemaname = 'dms' AND NOT s.cycle AND s.last_value >= s.max_value
ORDER BY 1, 2, 3`,
  sentences: {
    DB_SEQUENCE: exhausted,
    DB_TRIGGERS_OFF: ({ object, detail }) => {
      const role = object === '' ? '' : `ROLE ${quote(object)}`;
      const place =
        role === '' ? `DATABASE ${quote(detail)}` : `${role}${detail === '' ? '' : ` IN DATABASE ${quote(detail)}`}`;
      return `triggers and foreign keys do not work for sessions with the setting session_replication_role. Run: ALTER ${place} RESET session_replication_role`;
    },
    DB_EVENT_TRIGGER: ({ object, detail }) =>
      `the event trigger ${quote(object)} (${detail}) runs its own code when tables are created or changed. Check what it does, or drop it.`,
    DB_FUNCTION_REPLACED: ({ object }) =>
      `the function ${object} is missing, or is not the one of the extension pgcrypto, and referential ids are computed with it. Restore it: DROP EXTENSION pgcrypto CASCADE, CREATE EXTENSION pgcrypto, then provision again.`,
  },
};

const mssql: EnvironmentCheck = {
  query: `SELECT N'DB_NESTED_TRIGGERS' AS code, N'' AS object, N'' AS detail
FROM sys.configurations AS c WHERE c.name = N'nested triggers' AND CONVERT(int, c.value_in_use) = 0
UNION ALL SELECT N'DB_COMPATIBILITY_LEVEL', d.name, CONVERT(nvarchar(20), d.compatibility_level)
FROM sys.databases AS d WHERE d.name = DB_NAME() AND d.compatibility_level < 150
UNION ALL SELECT N'DB_RECURSIVE_TRIGGERS', d.name, N''
FROM sys.databases AS d WHERE d.name = DB_NAME() AND d.is_recursive_triggers_on = 1
UNION ALL SELECT N'PROVISION_RCSI_OFF', d.name, N''
FROM sys.databases AS d WHERE d.name = DB_NAME() AND d.is_read_committed_snapshot_on = 0
UNION ALL SELECT N'DB_SEQUENCE', s.name, CONVERT(nvarchar(20), CONVERT(bigint, s.current_value))
FROM sys.sequences AS s WHERE s.schema_id = SCHEMA_ID(N'dms') AND s.is_exhausted = 1`,
  sentences: {
    DB_SEQUENCE: exhausted,
    DB_NESTED_TRIGGERS: () =>
      "the server option nested triggers is off, so a trigger does not start others, and stamps and copies are not kept. Run: EXEC sys.sp_configure N'nested triggers', 1; RECONFIGURE",
    DB_COMPATIBILITY_LEVEL: ({ object, detail }) =>
      `the compatibility level of the database is ${detail}, and statements need 150. Run: ALTER DATABASE ${dialectRules.mssql.quote(object)} SET COMPATIBILITY_LEVEL = 150`,
    PROVISION_RCSI_OFF: ({ object }) =>
      `readers block writers in this database. When nobody uses it, run: ALTER DATABASE ${dialectRules.mssql.quote(object)} SET READ_COMMITTED_SNAPSHOT ON`,
    DB_RECURSIVE_TRIGGERS: ({ object }) =>
      `a trigger that writes its own table starts itself again. Run: ALTER DATABASE ${dialectRules.mssql.quote(object)} SET RECURSIVE_TRIGGERS OFF`,
  },
};

const surroundings: Readonly<Record<SqlDialect, EnvironmentCheck>> = { pgsql, mssql };

/**
 * Settings and objects outside of dms that keep triggers from working as they should: `DB_TRIGGERS_OFF`,
 * `DB_EVENT_TRIGGER`, `DB_SHADOWED_FUNCTION`, `DB_RECURSIVE_TRIGGERS`, `PROVISION_RCSI_OFF` are warnings;
 * `DB_BUILTIN_REPLACED`, `DB_FUNCTION_REPLACED`, `DB_SEQUENCE`, `DB_NESTED_TRIGGERS` and `DB_COMPATIBILITY_LEVEL` are
 * errors (design 09 §1.8). `script` is the one that is to run, or made the database. Throws the `DB_*` codes.
 */
export async function surroundingFindings(
  connection: Connection,
  limits: Limits = {},
  script = '',
): Promise<readonly Diagnostic[]> {
  const { query, sentences } = surroundings[connection.dialect];
  const rows = await connection.query<Finding>(query, [], limits);
  const found = rows.flatMap((each) => {
    const sentence = sentences[each.code];
    if (sentence === undefined) return [];
    return [diagnostic(each.code, `${connection.label}: ${sentence(each)}`, {}, { object: each.object })];
  });
  return [...found, ...(await replacingObjects(connection, limits, script))];
}
