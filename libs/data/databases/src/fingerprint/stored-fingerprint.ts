import { type Fingerprint, type LiveShape, liveShape, type ShapeMark, shapeMarks, shapeText } from '@dms/catalog';
import { type Diagnostic, diagnostic } from '@dms/diagnostics';
import { core, coreSchema } from '@dms/model';
import { dialectOf, type PlainSql, type SqlDialect } from '@dms/sql';
import { compareBy } from '@dms/values';
import type { Connection, Limits } from '../drivers/connection.ts';
import { rowsOf, run } from '../drivers/statement.ts';
import { savepointOf } from '../drivers/transactions.ts';
import { driverCodeOf, isFailure } from '../failures/failure.ts';
import {
  type PreparedObject,
  preparedPart,
  preparedTable,
  preparedText,
  type RecordedStep,
  readPreparation,
  recordTable,
} from '../introspection/preparation-record.ts';

/**
 * The queries for the rows of the fingerprint, which say what a database was provisioned for (design 09 §2.6). Every
 * value is cast: a column of another type then fails instead of returning a different value.
 */
interface FingerprintQueries {
  /**
   * The tables of schema `dms`, and its keys and valid unique indexes with the names of marks (`ShapeMark`); and the
   * record of a preparation, if there is one: `record` if the session may read it now, otherwise `hiddenRecord`. An
   * upgrade locks the record from its first statement to its commit.
   */
  readonly coreObjects: PlainSql;
  readonly singletons: PlainSql;
  readonly resourceKeys: PlainSql;
  readonly components: PlainSql;
}

const { pgsql, mssql } = dialectOf;

/** The names of marks of these kinds, as literals that both dialects read. */
function markNames(...kinds: readonly ShapeMark['kind'][]): PlainSql {
  const names = shapeMarks.filter(({ kind }) => kinds.includes(kind)).map(({ name }) => name);
  return pgsql.literals(names);
}

export const fingerprintQueries: Readonly<Record<SqlDialect, FingerprintQueries>> = {
  pgsql: {
    // not to_regclass: it answers from a cache that misses what was committed while the session waited for a lock
    coreObjects: pgsql.sql`SELECT CASE n.nspname WHEN ${pgsql.literal(coreSchema)} THEN o.kind
  ELSE CASE WHEN has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
    AND NOT EXISTS (SELECT 1 FROM pg_locks l WHERE l.relation = c.oid AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
      AND l.mode = 'AccessExclusiveLock' AND l.pid <> pg_backend_pid()) THEN 'record' ELSE 'hiddenRecord' END END AS kind, c.relname::text AS "table", coalesce(o.name, c.relname)::text AS name
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN (
  SELECT oid AS rel, 'table' AS kind, NULL::name AS name FROM pg_class
  UNION ALL SELECT conrelid, CASE contype WHEN 'u' THEN 'unique' ELSE 'foreignKey' END, conname FROM pg_constraint
  WHERE contype IN ('u', 'f') AND conname IN (${markNames('unique', 'foreignKey')})
  UNION ALL SELECT x.indrelid, 'index', i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
  WHERE x.indisunique AND x.indisvalid AND i.relname IN (${markNames('index')})
) AS o ON o.rel = c.oid
WHERE c.relkind IN ('r', 'p') AND (n.nspname = ${pgsql.literal(coreSchema)}
  OR n.nspname = ${pgsql.literal(recordTable.schema)} AND c.relname = ${pgsql.literal(recordTable.name)} AND o.kind = 'table')`,
    singletons: pgsql.sql`SELECT "EffectiveSchemaSingletonId"::int4 AS id, "ApiSchemaFormatVersion"::text AS "formatVersion",
  "EffectiveSchemaHash"::text AS hash, "ResourceKeyCount"::int4 AS count, encode("ResourceKeySeedHash", 'hex') AS "seedHash"
FROM ${core.effectiveSchema} ORDER BY 1 LIMIT 2`,
    resourceKeys: pgsql.sql`SELECT "ResourceKeyId"::int4 AS id, "ProjectName"::text AS "projectName", "ResourceName"::text AS "resourceName",
  "ResourceVersion"::text AS "resourceVersion"
FROM ${core.resourceKey} ORDER BY 1`,
    components: pgsql.sql`SELECT "EffectiveSchemaHash"::text AS hash, "ProjectEndpointName"::text AS "projectEndpointName",
  "ProjectName"::text AS "projectName", "ProjectVersion"::text AS "projectVersion",
  "IsExtensionProject"::boolean AS "isExtensionProject"
FROM ${core.schemaComponent} ORDER BY 1, 2`,
  },
  mssql: {
    coreObjects: mssql.sql`SELECT CASE s.name WHEN ${mssql.literal(coreSchema)} THEN o.kind
  ELSE CASE HAS_PERMS_BY_NAME(QUOTENAME(s.name) + N'.' + QUOTENAME(t.name), N'OBJECT', N'SELECT') WHEN 1 THEN 'record' ELSE 'hiddenRecord' END END AS "kind", t.name AS "table", COALESCE(o.name, t.name) AS "name"
FROM sys.tables t JOIN sys.schemas s ON s.schema_id = t.schema_id JOIN (
  SELECT object_id AS rel, 'table' AS kind, CAST(NULL AS sysname) AS name FROM sys.tables
  UNION ALL SELECT parent_object_id, 'unique', name FROM sys.key_constraints WHERE type = 'UQ' AND name IN (${markNames('unique')})
  UNION ALL SELECT parent_object_id, 'foreignKey', name FROM sys.foreign_keys WHERE name IN (${markNames('foreignKey')})
  UNION ALL SELECT object_id, 'index', name FROM sys.indexes WHERE is_unique = 1 AND is_disabled = 0 AND name IN (${markNames('index')})
) AS o ON o.rel = t.object_id
WHERE s.name = ${mssql.literal(coreSchema)}
  OR s.name = ${mssql.literal(recordTable.schema)} AND t.name = ${mssql.literal(recordTable.name)} AND o.kind = 'table'`,
    singletons: mssql.sql`SELECT TOP (2) CAST("EffectiveSchemaSingletonId" AS int) AS "id", CAST("ApiSchemaFormatVersion" AS nvarchar(4000)) AS "formatVersion",
  CAST("EffectiveSchemaHash" AS nvarchar(4000)) AS "hash", CAST("ResourceKeyCount" AS int) AS "count",
  LOWER(CONVERT(varchar(8000), CAST("ResourceKeySeedHash" AS varbinary(4000)), 2)) AS "seedHash"
FROM ${core.effectiveSchema} ORDER BY 1`,
    resourceKeys: mssql.sql`SELECT CAST("ResourceKeyId" AS int) AS "id", CAST("ProjectName" AS nvarchar(4000)) AS "projectName",
  CAST("ResourceName" AS nvarchar(4000)) AS "resourceName", CAST("ResourceVersion" AS nvarchar(4000)) AS "resourceVersion"
FROM ${core.resourceKey} ORDER BY 1`,
    components: mssql.sql`SELECT CAST("EffectiveSchemaHash" AS nvarchar(4000)) AS "hash", CAST("ProjectEndpointName" AS nvarchar(4000)) AS "projectEndpointName",
  CAST("ProjectName" AS nvarchar(4000)) AS "projectName", CAST("ProjectVersion" AS nvarchar(4000)) AS "projectVersion",
  CAST("IsExtensionProject" AS bit) AS "isExtensionProject"
FROM ${core.schemaComponent} ORDER BY 1, 2`,
  },
};

/** A row of `dms.EffectiveSchema` as it is stored; null where the column was made nullable. */
export interface StoredSingleton {
  readonly id: number | null;
  readonly formatVersion: string | null;
  readonly hash: string | null;
  readonly count: number | null;
  /** Lower-case hex. */
  readonly seedHash: string | null;
}

export interface StoredResourceKey {
  readonly id: number;
  readonly projectName: string;
  readonly resourceName: string;
  readonly resourceVersion: string;
}

export interface StoredComponent {
  readonly hash: string;
  readonly projectEndpointName: string;
  readonly projectName: string;
  readonly projectVersion: string;
  readonly isExtensionProject: boolean;
}

/** The objects of schema `dms` that tell what a database is. */
export interface CoreObjects {
  /** The names of its tables. */
  readonly tables: ReadonlySet<string>;
  /** Its shape (design 16 §1.1); null if it shows none. */
  readonly shape: LiveShape | null;
}

/** An object of schema `dms`, or the record of a preparation (design 12a §5). */
interface CoreObject extends Omit<ShapeMark, 'kind'> {
  readonly kind: ShapeMark['kind'] | 'record' | 'hiddenRecord';
}

/**
 * Reads the tables and the shape of schema `dms`: in one query, or in three where only the record of a preparation
 * explains the marks. If the record cannot be read, or is gone by then, the marks that a preparation can make are
 * ignored. A mixed shape that the record does not explain is believed once it is read twice, because an undo removes an
 * object and then its row of the record.
 *
 * @param unexplained the mixed shape of the attempt before
 */
export async function readCoreObjects(
  connection: Connection,
  limits: Limits,
  unexplained?: string,
): Promise<CoreObjects> {
  const found = await rowsOf<CoreObject>(connection, fingerprintQueries[connection.dialect].coreObjects, limits);
  const objects = found.flatMap(({ kind, table, name }) =>
    kind === 'record' || kind === 'hiddenRecord' ? [] : [{ kind, table, name }],
  );
  const has = (wanted: CoreObject['kind']) => found.some(({ kind }) => kind === wanted);
  const tables = new Set(objects.flatMap(({ kind, name }) => (kind === 'table' ? [name] : [])));
  const canBePrepared = (mark: ShapeMark) => mark.isPrepared === true;
  const shape = liveShape(objects, has('hiddenRecord') ? canBePrepared : undefined);
  if (shape?.name !== 'mixed' || !has('record') || shapeText(shape) === unexplained) return { tables, shape };
  const record = await readableRecord(connection, limits);
  const made = new Set(record?.flatMap((step) => step.objects.map(preparedText)));
  const isMade = (mark: ShapeMark) => made.has(preparedText(preparedMark(mark)));
  const explained = liveShape(objects, record === null ? canBePrepared : isMade);
  return explained?.name === 'mixed'
    ? readCoreObjects(connection, limits, shapeText(explained))
    : { tables, shape: explained };
}

/**
 * The record of a preparation; null if it cannot be read, or is gone by then. A savepoint keeps a transaction of the
 * caller open. Outside of one, the server refuses the savepoint or, behind a pooler, loses it with the statement.
 */
async function readableRecord(connection: Connection, limits: Limits): Promise<readonly RecordedStep[] | null> {
  const read = () => readable(() => readPreparation(connection, limits));
  const savepoint = savepointOf(connection.dialect);
  if (savepoint === null) return read();
  const isSet = await readable(() => run(connection, savepoint.set).then(() => true));
  const record = await read();
  if (isSet) await readable(() => run(connection, savepoint.forget));
  return record;
}

/** A mark as a preparation records it. */
function preparedMark({ kind, table, name }: ShapeMark): PreparedObject {
  const place = { schema: coreSchema, name: table };
  if (kind === 'table') return preparedTable(place);
  return preparedPart(kind === 'index' ? 'index' : 'constraint', place, name);
}

/** The names of the three tables of the fingerprint that a database lacks. */
export const missingFingerprintTables = ({ tables }: CoreObjects): readonly string[] =>
  [core.effectiveSchema, core.resourceKey, core.schemaComponent].flatMap(({ name }) =>
    tables.has(name) ? [] : [name],
  );

/** At most two rows of `dms.EffectiveSchema`: one more than there should be (design 09 §2.6). */
export function readSingletons(connection: Connection, limits: Limits): Promise<readonly StoredSingleton[]> {
  return rowsOf<StoredSingleton>(connection, fingerprintQueries[connection.dialect].singletons, limits);
}

/** All rows of `dms.ResourceKey`, by id. */
export function readResourceKeys(connection: Connection, limits: Limits): Promise<readonly StoredResourceKey[]> {
  return rowsOf<StoredResourceKey>(connection, fingerprintQueries[connection.dialect].resourceKeys, limits);
}

/** All rows of `dms.SchemaComponent`, of any hash. */
export function readComponents(connection: Connection, limits: Limits): Promise<readonly StoredComponent[]> {
  return rowsOf<StoredComponent>(connection, fingerprintQueries[connection.dialect].components, limits);
}

/** Reads rows whose columns may differ: returns null if the server cannot read them; passes other failures on. */
export async function readable<Result>(read: () => Promise<Result>): Promise<Result | null> {
  try {
    return await read();
  } catch (error) {
    if (isFailure(error, 'DB_SQL')) return null;
    throw error;
  }
}

interface ReadFingerprint {
  readonly fingerprint: Fingerprint | null;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The rows of the fingerprint where all three tables exist (design 09a §1.3). Unreadable rows do not make an
 * introspection fail: the result is null, with `DB_FINGERPRINT_UNREADABLE`.
 */
export async function readFingerprint(connection: Connection, limits: Limits): Promise<ReadFingerprint> {
  if (missingFingerprintTables(await readCoreObjects(connection, limits)).length > 0)
    return { fingerprint: null, diagnostics: [] };
  try {
    return { fingerprint: await readRows(connection, limits), diagnostics: [] };
  } catch (error) {
    if (!isFailure(error, 'DB_SQL', 'DB_PERMISSION')) throw error;
    const code = driverCodeOf(error);
    const text = `${connection.label}: the rows that say what the database was provisioned for cannot be read (${code}).`;
    return {
      fingerprint: null,
      diagnostics: [diagnostic('DB_FINGERPRINT_UNREADABLE', text, {}, { driverCode: code })],
    };
  }
}

const byEndpoint = compareBy<{ readonly projectEndpointName: string }>(
  ({ projectEndpointName }) => projectEndpointName,
);

async function readRows(connection: Connection, limits: Limits): Promise<Fingerprint | null> {
  const [singleton] = await readSingletons(connection, limits);
  if (singleton === undefined) return null;
  const components = await readComponents(connection, limits);
  const resourceKeys = await readResourceKeys(connection, limits);
  return {
    formatVersion: singleton.formatVersion ?? '',
    effectiveSchemaHash: singleton.hash ?? '',
    resourceKeyCount: singleton.count ?? 0,
    resourceKeySeedHash: singleton.seedHash ?? '',
    components: components.map((row) => component(row, singleton)).sort(byEndpoint),
    resourceKeys,
  };
}

/**
 * Names a component by its hash too if that differs from the database's hash: the component then belongs to nothing.
 */
function component({ hash, ...row }: StoredComponent, singleton: StoredSingleton) {
  return hash === singleton.hash ? row : { ...row, projectEndpointName: `${hash}/${row.projectEndpointName}` };
}
