import { core } from '@dms/model';
import { dialectRules, pgsqlName, type SqlDialect } from '@dms/sql';
import type { Connection, Limits } from '../connection/connection.ts';

/**
 * The system catalogs of PostgreSQL with what an introspection and a search for objects of others read of a database.
 * What they read of others changes only together with a row of these: `pg_publication_rel` and
 * `pg_publication_namespace` with one of `pg_depend`.
 */
export const markedCatalogs = [
  'pg_attrdef',
  'pg_attribute',
  'pg_class',
  'pg_constraint',
  'pg_depend',
  'pg_description',
  'pg_extension',
  'pg_index',
  'pg_inherits',
  'pg_namespace',
  'pg_policy',
  'pg_proc',
  'pg_publication',
  'pg_rewrite',
  'pg_sequence',
  'pg_statistic_ext',
  'pg_trigger',
  'pg_type',
] as const;

/**
 * A row that is changed gets the number of a later transaction, so the sum becomes smaller; a row that comes or goes
 * changes the number of rows. A transaction counts all ages from the same number.
 */
const versions = 'count(*) AS n, sum(age(xmin)) AS ages';

const { stringLiteral } = dialectRules.pgsql;

/** A database that is not provisioned lacks some of them. */
const fingerprintTables = [core.effectiveSchema, core.resourceKey, core.schemaComponent];

const queries: Readonly<Record<SqlDialect, ((connection: Connection, limits: Limits) => Promise<string>) | null>> = {
  pgsql: async (connection, limits) => {
    const names = fingerprintTables.map((table) => stringLiteral(pgsqlName(table))).join(', ');
    const asked = `SELECT t.name FROM unnest(ARRAY[${names}]) AS t (name) WHERE to_regclass(t.name) IS NOT NULL`;
    const found = await connection.query<{ name: string }>(asked, [], limits);
    const places = [...markedCatalogs.map((name) => `pg_catalog.${name}`), ...found.map(({ name }) => name)];
    const parts = places.map((place) => `SELECT ${stringLiteral(place)} AS place, ${versions} FROM ${place}`);
    const query = `SELECT md5(string_agg(concat_ws(' ', m.place, m.n, m.ages), ',' ORDER BY m.place)) AS mark
FROM (${parts.join('\nUNION ALL ')}) AS m`;
    const [row] = await connection.query<{ mark: string }>(query, [], limits);
    return row?.mark ?? '';
  },
  mssql: null,
};

/**
 * Two of these texts, taken in one transaction, are equal only if no other transaction has changed the catalog of the
 * database, or its fingerprint, in between. Taking one costs a fraction of reading the catalog. Null on SQL Server,
 * whose catalog shows no versions. Throws the `DB_*` codes.
 */
export async function catalogMark(connection: Connection, limits: Limits = {}): Promise<string | null> {
  return (await queries[connection.dialect]?.(connection, limits)) ?? null;
}
