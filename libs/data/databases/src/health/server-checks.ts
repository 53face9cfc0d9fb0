import { append, type Diagnostic, DmsError, diagnostic, fail } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import type { Connection, Limits } from '../drivers/connection.ts';
import { unknownSet } from './needed-rights.ts';
import { type RunRights, runFindings } from './role-rights.ts';
import { surroundingFindings } from './surroundings.ts';

interface ServerVersion {
  /** The product as the server reports it, shortened for reports. */
  readonly product: string;
  readonly version: string;
  readonly supported: boolean;
}

interface ServerFacts {
  version(connection: Connection): Promise<ServerVersion>;
  /** The oldest supported version, for a message. */
  readonly oldest: string;
  /** Encoding of the database; null if it does not matter. */
  encoding(connection: Connection): Promise<string | null>;
  /** Why a session takes no writes, as a sentence with advice; null if it takes them. */
  refusesWrites(connection: Connection): Promise<string | null>;
}

/** Makes a read-only session writable, so that it can run the statements that reset the setting. */
export const writingAgain = 'SET default_transaction_read_only = off';

/** Whether a session is read-only, and the statements that reset the setting of its role and its database. */
const readOnlyQuery = `SELECT pg_is_in_recovery() AS standby, current_setting('default_transaction_read_only')::boolean AS server,
  (SELECT string_agg(CASE
      WHEN r.rolname IS NULL THEN format('ALTER DATABASE %I', d.datname)
      ELSE format('ALTER ROLE %I', r.rolname) || coalesce(' IN DATABASE ' || quote_ident(d.datname), '')
    END || ' RESET default_transaction_read_only', '; ' ORDER BY r.rolname NULLS FIRST, d.datname NULLS FIRST)
  FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_database d ON d.oid = s.setdatabase
  WHERE (s.setrole = 0 OR r.rolname = session_user) AND (s.setdatabase = 0 OR d.datname = current_database())
    AND EXISTS (SELECT 1 FROM unnest(s.setconfig) AS c WHERE c LIKE 'default_transaction_read_only=%')) AS places`;

/** The editions of Azure SQL (`EngineEdition`): a database, a managed instance. */
const azureSql = new Set([5, 8]);
const azureProduct = 'Azure SQL';

const facts: Readonly<Record<SqlDialect, ServerFacts>> = {
  pgsql: {
    version: async (connection) => {
      const [row] = await connection.query<{ number: number }>(
        "SELECT current_setting('server_version_num')::int4 AS number",
      );
      const { number } = mustExist(row, 'the version of the server');
      return {
        product: 'PostgreSQL',
        version: `${Math.floor(number / 10_000)}.${number % 10_000}`,
        supported: number >= 140_000,
      };
    },
    oldest: 'PostgreSQL 14',
    encoding: async (connection) => {
      const [row] = await connection.query<{ encoding: string }>(
        "SELECT current_setting('server_encoding') AS encoding",
      );
      return row?.encoding ?? null;
    },
    refusesWrites: async (connection) => {
      const [row] = await connection.query<{ standby: boolean; server: boolean; places: string | null }>(readOnlyQuery);
      if (row?.standby) return 'The server is a standby and takes no writes: connect to the primary.';
      if (!row?.server) return null;
      const setting = 'default_transaction_read_only is on, so every transaction only reads';
      return row.places === null
        ? `${setting}: switch it off in the configuration of the server.`
        : `${setting}. Run: ${writingAgain}; ${row.places}`;
    },
  },
  mssql: {
    version: async (connection) => {
      const [row] = await connection.query<{ version: string; edition: number }>(
        "SELECT CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(128)) AS version, CAST(SERVERPROPERTY('EngineEdition') AS int) AS edition",
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
    encoding: async () => null,
    refusesWrites: async (connection) => {
      const [row] = await connection.query<{ updateability: string | null }>(
        "SELECT CONVERT(nvarchar(128), DATABASEPROPERTYEX(DB_NAME(), 'Updateability')) AS updateability",
      );
      return row?.updateability === 'READ_ONLY'
        ? 'The database is read-only, or a secondary of an availability group: connect to the primary, or run ALTER DATABASE … SET READ_WRITE.'
        : null;
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

/** Why the session takes no writes, as a sentence with advice; null if it takes them. */
export const refusedWrites = (connection: Connection): Promise<string | null> =>
  facts[connection.dialect].refusesWrites(connection);

/**
 * Finds `DB_READ_ONLY`, `DB_ENCODING`, `DB_PERMISSION`, `DB_COLLATION` and the findings of `surroundingFindings` in a
 * database in which nothing can or should be created (design 09 §1.5, 09c §1).
 *
 * @param script the script that will create the objects
 * @param rights the rights that the run needs; without them none is asked
 */
export async function writableFindings(
  connection: Connection,
  script?: string,
  rights?: RunRights,
): Promise<readonly Diagnostic[]> {
  const { encoding, refusesWrites } = facts[connection.dialect];
  const { label } = connection;
  const found: Diagnostic[] = [];
  const reason = await refusesWrites(connection);
  if (reason !== null) found.push(diagnostic('DB_READ_ONLY', `${label}: ${reason}`, {}, { label }));
  const stored = await encoding(connection);
  const isUnicode = stored === null || stored === 'UTF8';
  if (!isUnicode) {
    const text = `${label}: the encoding of the database is ${stored}. Documents need UTF8: create another database.`;
    found.push(diagnostic('DB_ENCODING', text, {}, { encoding: stored }));
  }
  if (rights !== undefined) append(found, await runFindings(connection, rights));
  // other encodings lack letters that are tried
  const collation = isUnicode ? await collationFinding(connection) : null;
  if (collation !== null) found.push(collation);
  append(found, await surroundingFindings(connection, {}, script));
  return found;
}

/** Like {@link writableFindings}, but throws the errors. Without `rights` those to create in the database are asked. */
export async function checkWritable(
  connection: Connection,
  script?: string,
  rights: RunRights = { set: unknownSet(connection.dialect, []), purpose: 'provision' },
): Promise<readonly Diagnostic[]> {
  const findings = await writableFindings(connection, script, rights);
  const [first, ...others] = findings.filter((finding) => finding.class !== 'W');
  if (first !== undefined) throw new DmsError([first, ...others]);
  return findings;
}

/*
 * Triggers and the product both hash the lower-cased URI of a descriptor, so both must lower-case it to the same text
 * (design 07 §9.2).
 */

const latinLetters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Letters of several scripts that have the same lower-case form in every language. */
const otherLetters = 'ÀÉÑÖÇŠŁΑΩЖ';

interface CollationFacts {
  /** The lower-case form of each text of the parameter, a JSON array, in its order. */
  readonly query: string;
  /** How to create a database that lower-cases as the product does. */
  readonly advice: string;
}

const collationFacts: Readonly<Record<SqlDialect, CollationFacts>> = {
  pgsql: {
    query:
      'SELECT lower(t.value) AS lowered FROM jsonb_array_elements_text($1::jsonb) WITH ORDINALITY AS t(value, place) ORDER BY place',
    advice:
      "Create the database with another locale: TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'und' LOCALE 'C'.",
  },
  mssql: {
    // texts from JSON have their own collation
    query:
      'SELECT LOWER(j.[value] COLLATE DATABASE_DEFAULT) AS lowered FROM OPENJSON(@p1) AS j ORDER BY CAST(j.[key] AS int)',
    advice: 'Create the database with another collation: COLLATE Latin1_General_100_CI_AS.',
  },
};

/** The lower-case forms of texts by the collation of the database, in their order. Throws the `DB_*` codes. */
export async function loweredByDatabase(
  connection: Connection,
  texts: readonly string[],
  limits: Limits = {},
): Promise<readonly string[]> {
  const { query } = collationFacts[connection.dialect];
  const rows = await connection.query<{ lowered: string }>(query, [JSON.stringify(texts)], limits);
  return rows.map((row) => row.lowered);
}

/**
 * The finding about the collation of a database: `DB_COLLATION`, an error, where it lower-cases letters from A to Z
 * differently from the product; `DB_COLLATION_ASCII`, a warning, where it does so with other letters; null where both
 * agree (design 09 §1.5). Throws the `DB_*` codes.
 */
export async function collationFinding(connection: Connection, limits: Limits = {}): Promise<Diagnostic | null> {
  const [found = ''] = await loweredByDatabase(connection, [latinLetters + otherLetters], limits);
  const { label, dialect } = connection;
  const { advice } = collationFacts[dialect];
  if (!found.startsWith(lowered(latinLetters))) {
    const text =
      `${label}: the database lower-cases A to Z as "${found.slice(0, latinLetters.length)}". ` +
      `References to descriptors would not find them. ${advice}`;
    return diagnostic('DB_COLLATION', text, {}, { dialect });
  }
  if (found === lowered(latinLetters + otherLetters)) return null;
  const text =
    `${label}: the database does not lower-case letters such as É. A reference to a descriptor whose URI has such a capital letter ` +
    `would not find it, so seeding refuses such a descriptor. ${advice}`;
  return diagnostic('DB_COLLATION_ASCII', text, {}, { dialect });
}

/** Lower-cases each letter alone, regardless of language and context. */
const lowered = (letters: string) => [...letters].map((letter) => letter.toLowerCase()).join('');

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

const accessQueries: Readonly<Record<SqlDialect, AccessQuery>> = {
  pgsql: {
    sql: `SELECT current_user::text AS role,
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

/** Reads the role and the settings of a session. */
export async function accessFacts(connection: Connection): Promise<AccessFacts> {
  const { sql, settings } = accessQueries[connection.dialect];
  const [row = {}] = await connection.query(sql);
  return {
    role: String(row.role),
    settings: Object.entries(settings).map(([member, name]) => ({ name, value: String(row[member]) })),
  };
}
