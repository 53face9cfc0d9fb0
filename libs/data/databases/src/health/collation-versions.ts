import { type Diagnostic, diagnostic } from '@dms/diagnostics';
import { dialectRules } from '@dms/sql';
import type { Connection, Limits } from '../drivers/connection.ts';

/*
 * Collations whose version differs from that of the operating system (design 09c §1): after an update of libc or ICU
 * texts may sort differently, and indexes that were built before may miss their rows.
 */

/** A collation that was recorded with another version than it has now. */
interface ChangedCollation {
  /** Null for the collation of the database. */
  readonly schema: string | null;
  /** The name of the collation, or of the database. */
  readonly name: string;
  readonly database: string;
  readonly recorded: string;
  /** Null if the operating system no longer has it. */
  readonly actual: string | null;
}

/** Whether the server records the version of the collation of a database: since PostgreSQL 15. */
const knownQuery = `SELECT to_regprocedure('pg_catalog.pg_database_collation_actual_version(oid)') IS NOT NULL AS known`;

const ofDatabase = `SELECT NULL::text AS schema, d.datname::text AS name, d.datname::text AS database, d.datcollversion AS recorded,
  pg_catalog.pg_database_collation_actual_version(d.oid) AS actual
FROM pg_catalog.pg_database d WHERE d.datname = current_database()`;

/** Collations that a column or an index of a user has. */
const ofColumns = `SELECT n.nspname::text AS schema, c.collname::text AS name, current_database()::text AS database, c.collversion AS recorded,
  pg_catalog.pg_collation_actual_version(c.oid) AS actual
FROM pg_catalog.pg_collation c JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace
WHERE EXISTS (SELECT FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class t ON t.oid = a.attrelid
  JOIN pg_catalog.pg_namespace p ON p.oid = t.relnamespace
  WHERE a.attcollation = c.oid AND NOT a.attisdropped AND p.nspname !~ '^(pg_|information_schema$)')`;

const changed = (query: string) =>
  `SELECT * FROM (${query}) AS found WHERE recorded IS NOT NULL AND recorded IS DISTINCT FROM actual ORDER BY schema NULLS FIRST, name`;

const { quote } = dialectRules.pgsql;

/**
 * The warnings `DB_COLLATION_VERSION` for the collation of a database and for those of its columns. Empty for SQL
 * Server, whose collations have their version in their names. Throws the `DB_*` codes.
 */
export async function collationVersionFindings(
  connection: Connection,
  limits: Limits = {},
): Promise<readonly Diagnostic[]> {
  if (connection.dialect !== 'pgsql') return [];
  const [server] = await connection.query<{ known: boolean }>(knownQuery, [], limits);
  const query = changed(server?.known ? `${ofDatabase} UNION ALL ${ofColumns}` : ofColumns);
  const rows = await connection.query<ChangedCollation>(query, [], limits);
  return rows.map(({ schema, name, database, recorded, actual }) => {
    const object = schema === null ? quote(name) : `${quote(schema)}.${quote(name)}`;
    const [what, refresh] =
      schema === null
        ? ['the collation of the database', `ALTER DATABASE ${object} REFRESH COLLATION VERSION`]
        : [`the collation ${object}`, `ALTER COLLATION ${object} REFRESH VERSION`];
    const now = actual === null ? 'the operating system does not have it' : `the operating system has ${actual}`;
    const text =
      `${connection.label}: ${what} was recorded with version ${recorded}, and ${now}. Texts may sort differently, so an index may miss ` +
      `rows and a unique key may accept a value twice. Run, when nobody uses the database: REINDEX DATABASE ${quote(database)}; ${refresh}`;
    return diagnostic('DB_COLLATION_VERSION', text, {}, { object: schema === null ? name : object, recorded, actual });
  });
}
