import { type NeedsOfServer, needsOfServer } from '@dms/catalog';
import type { Diagnostic } from '@dms/diagnostics';
import { dialectOf, dialectRules, type PlainSql, textOf } from '@dms/sql';
import type { Connection } from '../drivers/connection.ts';
import { notOfExtension, quoted } from '../introspection/pgsql-conditions.ts';
import {
  type AskedFact,
  type Asker,
  type FoundFact,
  findingsOf,
  type HealthCheck,
  type HealthQuestion,
} from './health-check.ts';
import { collationFinding } from './lower-case.ts';
import { objectChecks, ofSchemas } from './object-checks.ts';
import { readOnlyRole, readOnlySession } from './read-only.ts';
import { replacingObjects } from './replacing-objects.ts';
import { runFindings } from './role-rights.ts';
import { resetting, settingsHere } from './role-settings.ts';

/*
 * Everything that is asked about the health of a database, but for differences from its catalog (design 09c §1): its
 * settings and those of the server and of roles, objects outside the schema set, rights, owners. The order is that of
 * reports.
 */

const { sql, literal, literals } = dialectOf.pgsql;
const mssql = dialectOf.mssql;
const { quote } = dialectRules.pgsql;
const { quote: quoteMssql } = dialectRules.mssql;

const exhausted: AskedFact['sentence'] = ({ object, detail }) =>
  `the sequence ${object} has no number after ${detail}, so nothing can be written. Give it its greatest value back: ALTER SEQUENCE … MAXVALUE`;

/** A fact about the database of a session of SQL Server, by columns of `d`. */
const ofDatabase = (isWrong: PlainSql, detail = mssql.sql`N''`): AskedFact['query'] => {
  const query = mssql.sql`SELECT d.name, ${detail}, N'' FROM sys.databases AS d WHERE d.name = DB_NAME() AND ${isWrong}`;
  return () => query;
};

/** Collations `f` that were recorded with another version than they have now; the detail has both, as a JSON array. */
const otherVersions = (object: PlainSql, what: PlainSql, refresh: PlainSql, found: PlainSql) =>
  sql`SELECT ${object}, json_build_array(${what}, f.recorded, f.actual)::text, 'REINDEX DATABASE ' || ${quoted(sql`current_database()`)} || '; ' || ${refresh}
FROM (${found}) AS f WHERE f.recorded IS NOT NULL AND f.recorded IS DISTINCT FROM f.actual`;

/** The collation of the database; servers record its version since PostgreSQL 15. */
const ofDatabaseItself = otherVersions(
  sql`f.name::text`,
  sql`'the collation of the database'`,
  sql`'ALTER DATABASE ' || ${quoted(sql`f.name`)} || ' REFRESH COLLATION VERSION'`,
  sql`SELECT d.datname AS name, d.datcollversion AS recorded, pg_catalog.pg_database_collation_actual_version(d.oid) AS actual
  FROM pg_catalog.pg_database d WHERE d.datname = current_database()`,
);

const collationName = sql`${quoted(sql`f.schema`)} || '.' || ${quoted(sql`f.name`)}`;

/** Collations that a column or an index of a user has. */
const ofColumns = otherVersions(
  collationName,
  sql`'the collation ' || ${collationName}`,
  sql`'ALTER COLLATION ' || ${collationName} || ' REFRESH VERSION'`,
  sql`SELECT n.nspname AS schema, c.collname AS name, c.collversion AS recorded, pg_catalog.pg_collation_actual_version(c.oid) AS actual
  FROM pg_catalog.pg_collation c JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace
  WHERE EXISTS (SELECT FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class t ON t.oid = a.attrelid
    JOIN pg_catalog.pg_namespace p ON p.oid = t.relnamespace
    WHERE a.attcollation = c.oid AND NOT a.attisdropped AND p.nspname !~ '^(pg_|information_schema$)')`,
);

const versionsOf = ({ detail }: FoundFact): readonly [what: string, recorded: string, actual: string | null] =>
  JSON.parse(detail);

/** Who asks what keeps triggers from working, and what is in the way of roles that write documents. */
const everyone: readonly Asker[] = ['run', 'scratch', 'check'];
const ofWriters: readonly Asker[] = ['check', 'doctor'];

/** What the generation of the set needs, if one is known. */
const needsOf = ({ mappingVersion }: HealthQuestion): NeedsOfServer | null =>
  mappingVersion ? needsOfServer(mappingVersion) : null;

/** Everything that is asked, in the order of reports. */
export const healthChecks: readonly HealthCheck[] = [
  { askers: ['run'], find: readOnlySession },
  { askers: ofWriters, find: readOnlyRole },
  {
    code: 'DB_VERSION_UNSUPPORTED',
    askers: ['run', 'server', 'plan'],
    pgsql: {
      query: (question) => {
        const oldest = needsOf(question)?.uriFolding?.oldestPgsql;
        return oldest === undefined
          ? null
          : sql`SELECT current_setting('server_version'), ${literal(String(Math.floor(oldest / 10_000)))}, '' WHERE current_setting('server_version_num')::int4 < ${literal(oldest)}`;
      },
      sentence: ({ object, detail }) =>
        `PostgreSQL ${object} is too old for this mapping version. PostgreSQL ${detail} is the first one that has the collation pg_c_utf8.`,
      details: ({ object, detail }) => ({ found: object, required: `PostgreSQL ${detail}` }),
    },
  },
  {
    code: 'DB_ENCODING',
    askers: ['run', 'plan'],
    pgsql: {
      query: () =>
        sql`SELECT e.encoding, '', '' FROM (SELECT current_setting('server_encoding') AS encoding) AS e WHERE e.encoding <> 'UTF8'`,
      sentence: ({ object }) =>
        `the encoding of the database is ${object}. Documents need UTF8: create another database.`,
      details: ({ object }) => ({ encoding: object }),
    },
  },
  {
    askers: ['run'],
    find: async (connection, { needs }) => (needs === undefined ? [] : runFindings(connection, needs)),
  },
  {
    askers: ['run', 'gate'],
    // other encodings lack letters that are tried
    find: async (connection, question, before) => {
      if (before.some(({ code }) => code === 'DB_ENCODING')) return [];
      const found = await collationFinding(connection, question);
      return found === null ? [] : [found];
    },
  },
  {
    // a unique key with a collation that is not deterministic
    code: 'DB_KEY_COLLATION',
    askers: ofWriters,
    pgsql: {
      query: ofSchemas(
        dialectOf.pgsql,
        (schemas) => sql`SELECT DISTINCT format('%I.%I.%I', n.nspname, c.relname, t.attname), k.collname,
  CASE WHEN t.attcollation = k.oid
    THEN format('ALTER TABLE %I.%I ALTER COLUMN %I TYPE %s COLLATE "default"', n.nspname, c.relname, t.attname, format_type(t.atttypid, t.atttypmod))
    ELSE format('DROP INDEX %I.%I', n.nspname, i.relname)
  END
FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_class i ON i.oid = x.indexrelid
CROSS JOIN LATERAL generate_series(0, x.indnkeyatts - 1) AS p(place)
JOIN pg_collation k ON k.oid = x.indcollation[p.place] JOIN pg_attribute t ON t.attrelid = c.oid AND t.attnum = x.indkey[p.place]
WHERE x.indisunique AND NOT k.collisdeterministic AND n.nspname IN (${schemas})`,
      ),
      sentence: ({ object, detail }) =>
        `a unique key takes different values of ${object} for equal, because the collation ${quote(detail)} is not deterministic. Documents would be refused. Triggers that name the column must be dropped first; provision makes them again.`,
    },
  },
  {
    // the options of a membership exist since PostgreSQL 16 (design 16 §2.6)
    code: 'DB_OWNER_MEMBER',
    askers: ofWriters,
    pgsql: {
      query: ({ roles = [] }) =>
        roles.length === 0
          ? null
          : sql`SELECT f.member, f.owner, format('REVOKE %I FROM %I', f.owner, f.member)
FROM (SELECT m.rolname AS member, o.rolname AS owner, a.admin_option AS admin,
    (to_jsonb(a) ->> 'set_option')::boolean AS sets, (to_jsonb(a) ->> 'inherit_option')::boolean AS inherits
  FROM pg_auth_members a JOIN pg_roles o ON o.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
  WHERE o.rolname IN (${literals(roles.map(({ name }) => name))})) AS f
WHERE f.sets IS NOT NULL AND NOT (NOT f.admin AND f.sets AND NOT f.inherits) AND NOT (f.admin AND NOT f.sets AND NOT f.inherits)`,
      sentence: ({ object, detail }) =>
        `${quote(object)} is a member of the role ${quote(detail)} with other options than SET TRUE, INHERIT FALSE, ADMIN FALSE. It may write the queue, and nothing can be provisioned, upgraded or verified as it.`,
    },
  },
  {
    code: 'DB_SUBSCRIPTION',
    askers: ofWriters,
    pgsql: {
      query: ofSchemas(
        dialectOf.pgsql,
        (
          schemas,
        ) => sql`SELECT s.subname, min(format('%I.%I', n.nspname, c.relname)), format('ALTER SUBSCRIPTION %I DISABLE', s.subname)
FROM pg_subscription s JOIN pg_subscription_rel l ON l.srsubid = s.oid
JOIN pg_class c ON c.oid = l.srrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE s.subenabled AND n.nspname IN (${schemas}) GROUP BY s.subname`,
      ),
      sentence: ({ object, detail }) =>
        `the subscription ${quote(object)} writes into tables of the schema set (${detail}). It fires no triggers, so stamps and derived rows are not kept, and it stops at rows that others have written.`,
    },
  },
  {
    code: 'DB_NESTED_TRIGGERS',
    askers: everyone,
    mssql: {
      query: () =>
        mssql.sql`SELECT N'', N'', N'' FROM sys.configurations AS c WHERE c.name = N'nested triggers' AND CONVERT(int, c.value_in_use) = 0`,
      sentence:
        'the server option nested triggers is off, so a trigger does not start others, and stamps and copies are not kept.',
      correction: () => textOf(mssql.sql`EXEC sys.sp_configure N'nested triggers', 1; RECONFIGURE`),
    },
  },
  {
    code: 'DB_COMPATIBILITY_LEVEL',
    askers: everyone,
    mssql: {
      query: ofDatabase(
        mssql.sql`d.compatibility_level < 150`,
        mssql.sql`CONVERT(nvarchar(20), d.compatibility_level)`,
      ),
      sentence: ({ detail }) => `the compatibility level of the database is ${detail}, and statements need 150.`,
      correction: ({ object }) => `ALTER DATABASE ${quoteMssql(object)} SET COMPATIBILITY_LEVEL = 150`,
    },
  },
  {
    code: 'DB_EVENT_TRIGGER',
    askers: everyone,
    pgsql: {
      query: () =>
        sql`SELECT t.evtname, t.evtevent, '' FROM pg_event_trigger t WHERE t.evtenabled <> 'D' AND ${notOfExtension('pg_event_trigger', 't')}`,
      sentence: ({ object, detail }) =>
        `the event trigger ${quote(object)} (${detail}) runs its own code when tables are created or changed. Check what it does, or drop it.`,
    },
  },
  {
    code: 'DB_FUNCTION_REPLACED',
    askers: everyone,
    pgsql: {
      query: (question) =>
        needsOf(question)?.extensions.length === 0
          ? null
          : sql`SELECT p.oid::regprocedure::text, '', ''
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
JOIN pg_extension x ON x.extname = 'pgcrypto' AND x.extnamespace = n.oid
WHERE p.proname = 'digest' AND (l.lanname <> 'c' OR p.prosrc <> 'pg_digest' OR p.probin NOT LIKE '%pgcrypto%')
UNION ALL SELECT format('%I.digest(bytea, text)', n.nspname), '', ''
FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace
WHERE x.extname = 'pgcrypto' AND NOT EXISTS (SELECT 1 FROM pg_proc p
  WHERE p.pronamespace = n.oid AND p.proname = 'digest' AND oidvectortypes(p.proargtypes) = 'bytea, text')`,
      sentence: ({ object }) =>
        `the function ${object} is missing, or does not belong to the extension pgcrypto, and referential ids are computed with it. Restore it: DROP EXTENSION pgcrypto CASCADE, CREATE EXTENSION pgcrypto, then provision again.`,
    },
  },
  {
    code: 'DB_RECURSIVE_TRIGGERS',
    askers: everyone,
    mssql: {
      query: ofDatabase(mssql.sql`d.is_recursive_triggers_on = 1`),
      sentence: 'a trigger that writes its own table starts itself again.',
      correction: ({ object }) => `ALTER DATABASE ${quoteMssql(object)} SET RECURSIVE_TRIGGERS OFF`,
    },
  },
  {
    code: 'DB_SEQUENCE',
    askers: everyone,
    pgsql: {
      query: () =>
        sql`SELECT format('%I.%I', s.schemaname, s.sequencename), s.last_value::text, '' FROM pg_sequences s WHERE s.schemaname = 'dms' AND NOT s.cycle AND s.last_value >= s.max_value`,
      sentence: exhausted,
    },
    mssql: {
      query: () =>
        mssql.sql`SELECT s.name, CONVERT(nvarchar(20), CONVERT(bigint, s.current_value)), N'' FROM sys.sequences AS s WHERE s.schema_id = SCHEMA_ID(N'dms') AND s.is_exhausted = 1`,
      sentence: exhausted,
    },
  },
  {
    code: 'DB_TRIGGERS_OFF',
    askers: everyone,
    pgsql: {
      query: () => sql`SELECT coalesce(r.rolname, ''), coalesce(d.datname, ''), ${resetting('session_replication_role')}
${settingsHere} AND EXISTS (SELECT 1 FROM unnest(s.setconfig) AS c WHERE lower(c) LIKE 'session_replication_role=%replica%')`,
      sentence: 'triggers and foreign keys do not work for sessions with the setting session_replication_role.',
    },
  },
  {
    code: 'PROVISION_RCSI_OFF',
    askers: everyone,
    mssql: {
      query: ofDatabase(mssql.sql`d.is_read_committed_snapshot_on = 0`),
      sentence: ({ object }) =>
        `readers block writers in this database. When nobody uses it, run: ALTER DATABASE ${quoteMssql(object)} SET READ_COMMITTED_SNAPSHOT ON`,
    },
  },
  {
    // after an update of libc or ICU; collations of SQL Server have their version in their names
    code: 'DB_COLLATION_VERSION',
    askers: everyone,
    pgsql: {
      known: sql`SELECT to_regprocedure('pg_catalog.pg_database_collation_actual_version(oid)') IS NOT NULL AS known`,
      query: (_, isKnown) => (isKnown ? sql`${ofDatabaseItself} UNION ALL ${ofColumns}` : ofColumns),
      sentence: (found) => {
        const [what, recorded, actual] = versionsOf(found);
        const now = actual === null ? 'the operating system does not have it' : `the operating system has ${actual}`;
        return `${what} was recorded with version ${recorded}, and ${now}. Texts may sort differently, so an index may miss rows and a unique key may accept a value twice. Run, when nobody uses the database: ${found.statement}`;
      },
      correction: () => '',
      details: (found) => {
        const [, recorded, actual] = versionsOf(found);
        return { object: found.object, recorded, actual };
      },
    },
  },
  {
    askers: ['run', 'scratch', 'check', 'gate'],
    find: (connection, { signal, script }) => replacingObjects(connection, { signal }, script),
  },
  ...objectChecks,
];

/** What someone asks about the health of a database, as findings in the order of reports. Throws the `DB_*` codes. */
export const healthFindings = (
  connection: Connection,
  asker: Asker,
  question: HealthQuestion = {},
): Promise<readonly Diagnostic[]> =>
  findingsOf(
    connection,
    healthChecks.filter(({ askers }) => askers.includes(asker)),
    question,
  );
