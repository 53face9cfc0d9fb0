import type { Catalog, Fingerprint } from '@dms/catalog';
import type { Diagnostic } from '@dms/diagnostics';
import { core } from '@dms/model';
import { dialectOf, join, type PlainSql, type SqlDialect, textOf } from '@dms/sql';
import { type Connection, type Limits, type Purpose, type Row, rolledBack } from '../drivers/connection.ts';
import { rowsOf, run } from '../drivers/statement.ts';
import { readFingerprint } from '../fingerprint/stored-fingerprint.ts';
import { expectDefinitions } from '../health/seen-objects.ts';
import { type MarkedView, markedView } from '../views/marked-views.ts';
import { hiddenDefinitions, mssqlCatalog } from './mssql-catalog.ts';
import { type MssqlRows, mssqlQueries } from './mssql-queries.ts';
import { copyTable } from './own-tables.ts';
import { pgsqlCatalog } from './pgsql-catalog.ts';
import { type PgsqlRows, pgsqlQueries } from './pgsql-queries.ts';
import {
  type PreparedObject,
  preparedSchema,
  preparedTable,
  type RecordedStep,
  readPreparation,
  recordObjects,
  recordTable,
  withoutPrepared,
} from './preparation-record.ts';

export interface Introspected {
  /** The catalog without the objects that are prepared for an upgrade. */
  readonly catalog: Catalog;
  /** The prepared steps of an upgrade to another schema set; null if there are none (design 12a §5). */
  readonly prepared: readonly RecordedStep[] | null;
  /** The reporting views, which the catalog does not have; in SQL Server they are in another database. */
  readonly reporting: readonly MarkedView[];
  /** `DB_FINGERPRINT_UNREADABLE`, `VERIFY_MODULE_SETTINGS`. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A reading that another one may follow in the same transaction. */
interface IntrospectedHere extends Introspected {
  /** The rows that the next reading can reuse; null if it has to read everything again. */
  readonly read: ReadCatalog | null;
}

/** The earlier reading in the same transaction, or null in the first one; undefined for a single reading. */
type Series = { readonly earlier: ReadCatalog | null } | undefined;

/** The rows of a reading of PostgreSQL, and the versions of the tables at that time. */
export interface ReadCatalog {
  readonly rows: PgsqlRows;
  readonly versions: ReadonlyMap<string, string>;
}

const { sql, literals, nameLiteral } = dialectOf.pgsql;

/** The rows of several queries, by the names of the queries; one round trip. */
async function readRows(
  connection: Connection,
  queries: Readonly<Record<string, PlainSql>>,
  limits: Limits,
): Promise<Readonly<Record<string, readonly Row[]>>> {
  const results = await connection.queryEach(Object.values(queries), limits);
  return Object.fromEntries(Object.keys(queries).map((name, index) => [name, results[index] ?? []]));
}

interface Introspector {
  /** Makes the server print names in full, with their schemas, in the open transaction. */
  enter(connection: Connection): Promise<void>;
  /** Restores the settings of the transaction of a script. */
  leave(connection: Connection): Promise<void>;
  /**
   * The purpose of the transaction that reads the catalog; `writing` on SQL Server, which keeps no versions of the
   * catalog.
   */
  readonly purpose: Purpose;
  read(
    connection: Connection,
    limits: Limits,
    series: Series,
  ): Promise<(fingerprint: Fingerprint | null) => IntrospectedHere>;
  /** The mark of the catalog; null where the catalog shows no versions. */
  readonly mark: ((connection: Connection, limits: Limits) => Promise<string>) | null;
}

/** The slow queries, which a later reading limits to the tables that have changed. */
const narrowed = ['columns', 'constraints', 'indexes'] as const;

const allPgsqlRows = async (connection: Connection, limits: Limits) =>
  (await readRows(connection, pgsqlQueries, limits)) as unknown as PgsqlRows;

/** Reads the rows that have changed since an earlier reading, and takes the others from it. */
async function pgsqlRows(connection: Connection, limits: Limits, earlier: ReadCatalog | null): Promise<ReadCatalog> {
  // before the rows, so that the next reading reads changes in between again
  const versions = await relationVersions(connection, limits);
  if (earlier === null) return { rows: await allPgsqlRows(connection, limits), versions };
  const changed = changedRelations(earlier.versions, versions);
  const only = sql`AND c.oid = ANY (ARRAY[${literals([...changed].map(Number))}]::oid[])`;
  const queries = {
    ...pgsqlQueries,
    ...Object.fromEntries(narrowed.map((name) => [name, sql`${pgsqlQueries[name]} ${only}`])),
  };
  const rows = (await readRows(connection, queries, limits)) as unknown as PgsqlRows;
  const kept = <Row extends { readonly rel: string }>(list: readonly Row[]) =>
    list.filter(({ rel }) => !changed.has(rel));
  return {
    rows: {
      ...rows,
      columns: [...kept(earlier.rows.columns), ...rows.columns],
      constraints: [...kept(earlier.rows.constraints), ...rows.constraints],
      indexes: [...kept(earlier.rows.indexes), ...rows.indexes],
    },
    versions,
  };
}

const introspectors: Readonly<Record<SqlDialect, Introspector>> = {
  pgsql: {
    // with another search path the names in expressions would depend on the login
    enter: (connection) => run(connection, dialectOf.pgsql.sql`SET LOCAL search_path = pg_catalog`),
    leave: (connection) => run(connection, dialectOf.pgsql.sql`SET LOCAL search_path = public`),
    purpose: 'reading',
    read: async (connection, limits, series) => {
      const read = series === undefined ? null : await pgsqlRows(connection, limits, series.earlier);
      const { rows } = read ?? { rows: await allPgsqlRows(connection, limits) };
      const hasRecord = rows.relations.some(
        ({ schema, name }) => schema === recordTable.schema && name === recordTable.name,
      );
      const prepared = hasRecord ? await readPreparation(connection, limits) : null;
      return (fingerprint) => ({
        catalog: pgsqlCatalog(rows, fingerprint),
        prepared,
        reporting: rows.reporting.map(markedView),
        diagnostics: [],
        read,
      });
    },
    mark: pgsqlMark,
  },
  mssql: {
    enter: async () => undefined,
    leave: async () => undefined,
    purpose: 'writing',
    read: async (connection, limits) => {
      const rows = (await readRows(connection, mssqlQueries, limits)) as unknown as MssqlRows;
      await expectDefinitions(connection, hiddenDefinitions(rows), limits);
      const ofRecord = rows.schemas.find(({ name }) => name === recordTable.schema)?.schema_id;
      const hasRecord = rows.objects.some(
        (object) => object.schema_id === ofRecord && object.name === recordTable.name,
      );
      const prepared = hasRecord ? await readPreparation(connection, limits) : null;
      return (fingerprint) => ({ ...mssqlCatalog(rows, fingerprint), prepared, reporting: [], read: null });
    },
    mark: null,
  },
};

/** The record of copies, which no schema set has. */
const copyObjects: readonly PreparedObject[] = [preparedSchema(copyTable.schema), preparedTable(copyTable)];

async function readAll(connection: Connection, limits: Limits, series?: Series): Promise<IntrospectedHere> {
  const introspector = introspectors[connection.dialect];
  const assemble = await introspector.read(connection, limits, series);
  // last, because rows with other columns end the transaction
  const { fingerprint, diagnostics } = await readFingerprint(connection, limits);
  const found = assemble(fingerprint);
  const objects = [
    ...(found.catalog.schemas.includes(copyTable.schema) ? copyObjects : []),
    ...(found.prepared === null ? [] : [...recordObjects, ...found.prepared.flatMap((step) => step.objects)]),
  ];
  const catalog = withoutPrepared(found.catalog, objects);
  return { ...found, catalog, diagnostics: [...diagnostics, ...found.diagnostics] };
}

/**
 * Reads the catalog of a database (design 09a §1) in a separate transaction, which changes nothing. Throws
 * `DB_PERMISSION` for a session that does not see the whole catalog, which would be told of differences that are none,
 * and the other `DB_*` codes.
 */
export function introspect(connection: Connection, limits: Limits = {}): Promise<Introspected> {
  const introspector = introspectors[connection.dialect];
  const read = async () => {
    await introspector.enter(connection);
    const { read: _none, ...found } = await readAll(connection, limits);
    return found;
  };
  return rolledBack(connection, read, introspector.purpose);
}

/**
 * The same inside the transaction of a script. With an earlier reading of this transaction, PostgreSQL is queried only
 * for the columns, constraints and indexes of tables that have changed since.
 */
export async function introspectHere(
  connection: Connection,
  limits: Limits = {},
  earlier: ReadCatalog | null = null,
): Promise<IntrospectedHere> {
  const introspector = introspectors[connection.dialect];
  await introspector.enter(connection);
  const found = await readAll(connection, limits, { earlier });
  await introspector.leave(connection);
  return found;
}

/**
 * The rows of the system catalogs about each table or view and its indexes, as a version; objects of the server itself
 * are left out.
 */
const versionsQuery = sql`SELECT r.rel::int8::text AS rel, concat_ws(' ', count(*), sum(r.age)) AS version FROM (
  SELECT coalesce(x.indrelid, c.oid) AS rel, age(c.xmin) AS age FROM pg_class c LEFT JOIN pg_index x ON x.indexrelid = c.oid WHERE c.oid >= 16384
  UNION ALL SELECT coalesce(x.indrelid, a.attrelid), age(a.xmin) FROM pg_attribute a LEFT JOIN pg_index x ON x.indexrelid = a.attrelid
    WHERE a.attrelid >= 16384
  UNION ALL SELECT d.adrelid, age(d.xmin) FROM pg_attrdef d
  UNION ALL SELECT k.conrelid, age(k.xmin) FROM pg_constraint k WHERE k.conrelid >= 16384
  UNION ALL SELECT k.conrelid, age(t.xmin) FROM pg_trigger t JOIN pg_constraint k ON k.oid = t.tgconstraint
  UNION ALL SELECT x.indrelid, age(x.xmin) FROM pg_index x WHERE x.indrelid >= 16384
) AS r GROUP BY r.rel`;

/**
 * A version of each table and view of a PostgreSQL database, which changes with its columns, constraints or indexes.
 * Versions are comparable only within one transaction, because ages are counted from it.
 */
async function relationVersions(connection: Connection, limits: Limits): Promise<ReadonlyMap<string, string>> {
  const rows = await rowsOf<{ rel: string; version: string }>(connection, versionsQuery, limits);
  return new Map(rows.map(({ rel, version }) => [rel, version]));
}

/** The tables and views that were changed, created or dropped. */
function changedRelations(earlier: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): ReadonlySet<string> {
  const all = new Set([...earlier.keys(), ...now.keys()]);
  return new Set([...all].filter((relation) => earlier.get(relation) !== now.get(relation)));
}

/**
 * The system catalogs of PostgreSQL from which an introspection and a search for objects of others read. Rows that they
 * read from other catalogs change only together with a row of these: `pg_publication_rel` and
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
 * A changed row gets the number of a later transaction, so the sum of ages becomes smaller; an added or removed row
 * changes the number of rows. A transaction counts all ages from the same number.
 */
const versions = sql`count(*) AS n, sum(age(xmin)) AS ages`;

/** The tables of the fingerprint; a database that is not provisioned lacks some of them. */
const fingerprintTables = [core.effectiveSchema, core.resourceKey, core.schemaComponent];

async function pgsqlMark(connection: Connection, limits: Limits): Promise<string> {
  const names = join(fingerprintTables.map(nameLiteral));
  const found = await rowsOf<{ name: string }>(
    connection,
    sql`SELECT t.name FROM unnest(ARRAY[${names}]) AS t (name) WHERE to_regclass(t.name) IS NOT NULL`,
    limits,
  );
  const known = new Set(found.map(({ name }) => name));
  const tables = fingerprintTables.filter((table) => known.has(textOf(sql`${table}`)));
  const catalogs = markedCatalogs.map((name) => ({ schema: 'pg_catalog', name }));
  const parts = [...catalogs, ...tables].map(
    (place) => sql`SELECT ${nameLiteral(place)} AS place, ${versions} FROM ${place}`,
  );
  const [row] = await rowsOf<{ mark: string }>(
    connection,
    sql`SELECT md5(string_agg(concat_ws(' ', m.place, m.n, m.ages), ',' ORDER BY m.place)) AS mark
FROM (${join(parts, '\nUNION ALL ')}) AS m`,
    limits,
  );
  return row?.mark ?? '';
}

/**
 * The mark of a catalog. Two marks that were taken in one transaction are equal only if no other transaction has
 * changed the catalog of the database, or its fingerprint, in between. Taking one costs a fraction of reading the
 * catalog. Null on SQL Server, whose catalog shows no versions. Throws the `DB_*` codes.
 */
export async function catalogMark(connection: Connection, limits: Limits = {}): Promise<string | null> {
  return (await introspectors[connection.dialect].mark?.(connection, limits)) ?? null;
}
