import type { Catalog, Fingerprint } from '@dms/catalog';
import type { Diagnostic } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import { type Connection, type Limits, type Purpose, type Row, rolledBack } from '../connection/connection.ts';
import { copyTable } from '../copies/copied-version.ts';
import { readFingerprint } from '../fingerprint/stored-fingerprint.ts';
import { type MarkedView, markedView } from '../views/view-marks.ts';
import { mssqlCatalog } from './mssql-catalog.ts';
import { type MssqlRows, mssqlQueries } from './mssql-queries.ts';
import { pgsqlCatalog } from './pgsql-catalog.ts';
import { type PgsqlRows, pgsqlQueries } from './pgsql-queries.ts';
import { type RecordedStep, readPreparation, recordObjects, recordTable } from './preparation-record.ts';
import { type PreparedObject, preparedSchema, preparedTable, withoutPrepared } from './prepared-objects.ts';

export interface Introspected {
  /** Without what is prepared for an upgrade. */
  readonly catalog: Catalog;
  /** What is prepared for an upgrade to another schema set; null if nothing (design 12 §14). */
  readonly prepared: readonly RecordedStep[] | null;
  /** The reporting views, which the catalog does not have; in SQL Server they are in another database. */
  readonly reporting: readonly MarkedView[];
  /** `DB_FINGERPRINT_UNREADABLE`, `VERIFY_MODULE_SETTINGS`. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A reading inside a transaction that another one may follow. */
interface IntrospectedHere extends Introspected {
  /** What the next reading need not read again; null where everything is read anew. */
  readonly read: ReadCatalog | null;
}

/** What a reading knows of an earlier one in the same transaction; undefined if none follows and none was before. */
type Series = { readonly earlier: ReadCatalog | null } | undefined;

/** The rows of a reading of PostgreSQL, and of which versions of the tables they are. */
export interface ReadCatalog {
  readonly rows: PgsqlRows;
  readonly versions: ReadonlyMap<string, string>;
}

/** The rows of several queries, by the names of the queries; one round trip. */
async function readRows(
  connection: Connection,
  queries: Readonly<Record<string, string>>,
  limits: Limits,
): Promise<Readonly<Record<string, readonly Row[]>>> {
  const results = await connection.queryEach(Object.values(queries), limits);
  return Object.fromEntries(Object.keys(queries).map((name, index) => [name, results[index] ?? []]));
}

interface Introspector {
  /** Makes the open transaction one in which names are printed in full. */
  enter(connection: Connection): Promise<void>;
  /** Restores the transaction of a script. */
  leave(connection: Connection): Promise<void>;
  /** The purpose of a transaction that reads the catalog: SQL Server does not keep versions of it. */
  readonly purpose: Purpose;
  read(
    connection: Connection,
    limits: Limits,
    series: Series,
  ): Promise<(fingerprint: Fingerprint | null) => IntrospectedHere>;
}

/**
 * The queries that take long, each by the member of its rows that names a table, and read the tables of a list alone.
 */
const narrowed = ['columns', 'constraints', 'indexes'] as const;

const allPgsqlRows = async (connection: Connection, limits: Limits) =>
  (await readRows(connection, pgsqlQueries, limits)) as unknown as PgsqlRows;

/** Reads what has changed since an earlier reading, and takes the rest from it. */
async function pgsqlRows(connection: Connection, limits: Limits, earlier: ReadCatalog | null): Promise<ReadCatalog> {
  // before the rows: what is changed in between is read again
  const versions = await relationVersions(connection, limits);
  if (earlier === null) return { rows: await allPgsqlRows(connection, limits), versions };
  const changed = changedRelations(earlier.versions, versions);
  const only = `AND c.oid = ANY (ARRAY[${[...changed].map(Number).join(', ')}]::oid[])`;
  const queries = {
    ...pgsqlQueries,
    ...Object.fromEntries(narrowed.map((name) => [name, `${pgsqlQueries[name]} ${only}`])),
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
    enter: (connection) => connection.execute('SET LOCAL search_path = pg_catalog'),
    leave: (connection) => connection.execute('SET LOCAL search_path = public'),
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
  },
  mssql: {
    enter: async () => undefined,
    leave: async () => undefined,
    purpose: 'writing',
    read: async (connection, limits) => {
      const rows = (await readRows(connection, mssqlQueries, limits)) as unknown as MssqlRows;
      const ofRecord = rows.schemas.find(({ name }) => name === recordTable.schema)?.schema_id;
      const hasRecord = rows.objects.some(
        (object) => object.schema_id === ofRecord && object.name === recordTable.name,
      );
      const prepared = hasRecord ? await readPreparation(connection, limits) : null;
      return (fingerprint) => ({ ...mssqlCatalog(rows, fingerprint), prepared, reporting: [], read: null });
    },
  },
};

/** The record of copies, which no schema set has. */
const copyObjects: readonly PreparedObject[] = [preparedSchema(copyTable.schema), preparedTable(copyTable)];

async function readAll(connection: Connection, limits: Limits, series?: Series): Promise<IntrospectedHere> {
  const introspector = introspectors[connection.dialect];
  const assemble = await introspector.read(connection, limits, series);
  // last: rows with other columns end the transaction
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
 * Reads the catalog of a database (design 09 §3) in a separate transaction, which changes nothing. Throws the `DB_*`
 * codes.
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
 * The same inside the transaction of a script. With an earlier reading of this transaction, PostgreSQL is asked only
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
 * What the system catalogs have of a table or a view, and of its indexes; objects of the server itself are left out.
 */
const versionsQuery = `SELECT r.rel::int8::text AS rel, concat_ws(' ', count(*), sum(r.age)) AS version FROM (
  SELECT coalesce(x.indrelid, c.oid) AS rel, age(c.xmin) AS age FROM pg_class c LEFT JOIN pg_index x ON x.indexrelid = c.oid WHERE c.oid >= 16384
  UNION ALL SELECT coalesce(x.indrelid, a.attrelid), age(a.xmin) FROM pg_attribute a LEFT JOIN pg_index x ON x.indexrelid = a.attrelid
    WHERE a.attrelid >= 16384
  UNION ALL SELECT d.adrelid, age(d.xmin) FROM pg_attrdef d
  UNION ALL SELECT k.conrelid, age(k.xmin) FROM pg_constraint k WHERE k.conrelid >= 16384
  UNION ALL SELECT k.conrelid, age(t.xmin) FROM pg_trigger t JOIN pg_constraint k ON k.oid = t.tgconstraint
  UNION ALL SELECT x.indrelid, age(x.xmin) FROM pg_index x WHERE x.indrelid >= 16384
) AS r GROUP BY r.rel`;

/**
 * A text for each table and view of a PostgreSQL database that is different once its columns, constraints or indexes
 * have been changed. Both texts come from one transaction, which is what ages are counted from.
 */
async function relationVersions(connection: Connection, limits: Limits): Promise<ReadonlyMap<string, string>> {
  const rows = await connection.query<{ rel: string; version: string }>(versionsQuery, [], limits);
  return new Map(rows.map(({ rel, version }) => [rel, version]));
}

/** The tables and views of which something was changed, that came, or that went. */
function changedRelations(earlier: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): ReadonlySet<string> {
  const all = new Set([...earlier.keys(), ...now.keys()]);
  return new Set([...all].filter((relation) => earlier.get(relation) !== now.get(relation)));
}
