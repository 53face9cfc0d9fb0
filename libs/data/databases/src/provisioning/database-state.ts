import type { EffectiveSchemaManifest } from '@dms/api-schema';
import { core, mustExist, qualified } from '@dms/model';
import { dialectOf, type PlainSql, type SqlDialect } from '@dms/sql';
import { compareBy } from '@dms/values';
import type { Connection, Limits } from '../drivers/connection.ts';
import { rowsOf } from '../drivers/statement.ts';
import {
  componentChanges,
  componentReport,
  resourceKeyReport,
  type SingletonDifference,
  singletonDifferences,
  singletonFindings,
} from '../fingerprint/fingerprint-differences.ts';
import { missingSingletons } from '../fingerprint/missing-singletons.ts';
import { type OtherShape, otherShape } from '../fingerprint/other-shape.ts';
import {
  type CoreObjects,
  missingFingerprintTables,
  readable,
  readComponents,
  readCoreObjects,
  readResourceKeys,
  readSingletons,
} from '../fingerprint/stored-fingerprint.ts';
import { isUnseeded } from '../fingerprint/unseeded.ts';
import { expectSight } from '../health/seen-objects.ts';

/** Objects of a schema, counted by kind. */
export interface ObjectCount {
  readonly schema: string;
  readonly kind: 'table' | 'view' | 'sequence' | 'function' | 'type';
  readonly n: number;
}

/** The state of a database for one schema set; the first kind that applies (design 09 §2.4). */
export type DatabaseState =
  | { readonly kind: 'empty' }
  | { readonly kind: 'foreign'; readonly objects: readonly ObjectCount[] }
  | { readonly kind: 'occupied'; readonly objects: readonly ObjectCount[] }
  | { readonly kind: 'partial'; readonly missingTables: readonly string[]; readonly reason: 'tables' | 'columns' }
  | { readonly kind: 'partial'; readonly missingTables: readonly []; readonly reason: 'row'; readonly table: string }
  | { readonly kind: 'malformed'; readonly findings: readonly string[] }
  | {
      readonly kind: 'different';
      /** The hash of the database; `expected` is that of the schema set. */
      readonly stored: string;
      readonly expected: string;
      readonly projects: readonly string[];
    }
  /** Provisioned for another version of the mapping, or of no shape of any version. */
  | ({ readonly kind: 'otherGeneration' } & OtherShape)
  | { readonly kind: 'tampered'; readonly differences: readonly SingletonDifference[] }
  /** The tables of a set without any of their seed rows. */
  | { readonly kind: 'unseeded' }
  | { readonly kind: 'seedsDiffer'; readonly report: string }
  | { readonly kind: 'same' };

/**
 * Reads the state of a database for a schema set (design 09 §2.4); nothing is changed. A refused read ends its
 * transaction, which the resulting states would end anyway. Throws `DB_PERMISSION` where tables are missing for a login
 * that does not see everything, and the other `DB_*` codes.
 *
 * @param managed schemas that belong to the schema set
 */
export async function readDatabaseState(
  connection: Connection,
  info: EffectiveSchemaManifest,
  managed: readonly string[],
  limits: Limits = {},
): Promise<DatabaseState> {
  const objects = await readCoreObjects(connection, limits);
  if (isProvisioned(objects)) return provisioned(connection, objects, info, limits);
  // to a login without rights a database looks empty
  await expectSight(connection, limits);
  const state = await unprovisioned(connection, new Set(managed), limits);
  if (state.kind !== 'occupied') return state;
  // another provisioner may have committed between the two reads
  const again = await readCoreObjects(connection, limits);
  return isProvisioned(again) ? provisioned(connection, again, info, limits) : state;
}

const isProvisioned = ({ tables }: CoreObjects) => tables.has(core.effectiveSchema.name);

async function provisioned(
  connection: Connection,
  objects: CoreObjects,
  info: EffectiveSchemaManifest,
  limits: Limits,
): Promise<DatabaseState> {
  const missingTables = missingFingerprintTables(objects);
  if (missingTables.length > 0) await expectSight(connection, limits);
  if (missingTables.length > 0) return { kind: 'partial', missingTables, reason: 'tables' };
  const singletons = await readable(() => readSingletons(connection, limits));
  if (singletons === null) return { kind: 'partial', missingTables: [], reason: 'columns' };
  const [row, second] = singletons;
  if (row === undefined) {
    if (!(await isUnseeded(connection, objects, limits)))
      return { kind: 'partial', missingTables: [], reason: 'row', table: core.effectiveSchema.name };
    const shape = otherShape(objects.shape, info.relationalMappingVersion);
    return shape === null ? { kind: 'unseeded' } : { kind: 'otherGeneration', ...shape };
  }
  const findings = [
    ...singletonFindings(row),
    ...(second
      ? [`${qualified(core.effectiveSchema)} must contain exactly one singleton row, but multiple rows were found.`]
      : []),
  ];
  if (findings.length > 0) return { kind: 'malformed', findings };
  const version = info.relationalMappingVersion;
  const other = otherShape(objects.shape, version);
  if (other !== null) return { kind: 'otherGeneration', ...other };
  if (row.hash !== info.effectiveSchemaHash) {
    const stored = await readable(() => readComponents(connection, limits));
    const hash = mustExist(row.hash, 'the hash of a fingerprint without findings');
    const projects = componentChanges(info, stored ?? [], hash);
    return { kind: 'different', stored: hash, expected: info.effectiveSchemaHash, projects };
  }
  const missing = await missingSingletons(connection, version, objects.tables, limits);
  if (missing?.reason === 'tables') await expectSight(connection, limits);
  if (missing) return { kind: 'partial', missingTables: [], ...missing };
  const differences = singletonDifferences(row, info);
  if (differences.length > 0) return { kind: 'tampered', differences };
  const keys = await readable(() => readResourceKeys(connection, limits));
  if (keys === null) return { kind: 'partial', missingTables: [], reason: 'columns' };
  const components = await readable(() => readComponents(connection, limits));
  if (components === null) return { kind: 'partial', missingTables: [], reason: 'columns' };
  const reports = [resourceKeyReport(info, keys), componentReport(info, components)].filter(
    (report) => report !== null,
  );
  return reports.length > 0 ? { kind: 'seedsDiffer', report: reports.join('\n') } : { kind: 'same' };
}

/** Objects by schema and kind, without those of extensions and of the server itself. */
const inventoryQueries: Readonly<Record<SqlDialect, PlainSql>> = {
  pgsql: dialectOf.pgsql.sql`SELECT n.nspname::text AS schema, o.kind, count(*)::int4 AS n FROM (
  SELECT relnamespace AS ns, oid, 'pg_class'::regclass AS cls,
    CASE WHEN relkind IN ('r', 'p', 'f') THEN 'table' WHEN relkind IN ('v', 'm') THEN 'view' ELSE 'sequence' END AS kind
  FROM pg_class WHERE relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
  UNION ALL SELECT pronamespace, oid, 'pg_proc'::regclass, 'function' FROM pg_proc
  UNION ALL SELECT typnamespace, oid, 'pg_type'::regclass, 'type' FROM pg_type
  WHERE typtype IN ('d', 'e', 'r')
    OR (typtype = 'c' AND EXISTS (SELECT 1 FROM pg_class k WHERE k.oid = typrelid AND k.relkind = 'c'))
) o JOIN pg_namespace n ON n.oid = o.ns
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = o.cls AND d.objid = o.oid AND d.deptype IN ('e', 'i'))
GROUP BY 1, 2`,
  mssql: dialectOf.mssql
    .sql`SELECT s.name AS "schema", CASE o.type WHEN 'U' THEN 'table' WHEN 'V' THEN 'view' WHEN 'SO' THEN 'sequence' ELSE 'function' END AS kind, COUNT(*) AS n
FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id
WHERE o.is_ms_shipped = 0 AND o.type IN ('U', 'V', 'SO', 'FN', 'IF', 'TF', 'P') GROUP BY s.name, o.type
UNION ALL SELECT s.name, 'type', COUNT(*) FROM sys.types t JOIN sys.schemas s ON s.schema_id = t.schema_id
WHERE t.is_user_defined = 1 GROUP BY s.name`,
};

async function unprovisioned(
  connection: Connection,
  managed: ReadonlySet<string>,
  limits: Limits,
): Promise<DatabaseState> {
  const objects = merged(await rowsOf<ObjectCount>(connection, inventoryQueries[connection.dialect], limits));
  const occupied = objects.filter(({ schema }) => managed.has(schema));
  if (occupied.length > 0) return { kind: 'occupied', objects: occupied };
  return objects.length > 0 ? { kind: 'foreign', objects } : { kind: 'empty' };
}

const bySchemaAndKind = compareBy<ObjectCount>(
  ({ schema }) => schema,
  ({ kind }) => kind,
);

/** One entry per schema and kind: SQL Server counts each kind of function separately. */
function merged(counts: readonly ObjectCount[]): ObjectCount[] {
  const found = new Map<string, ObjectCount>();
  for (const count of counts) {
    const key = JSON.stringify([count.schema, count.kind]);
    found.set(key, { ...count, n: count.n + (found.get(key)?.n ?? 0) });
  }
  return [...found.values()].sort(bySchemaAndKind);
}
