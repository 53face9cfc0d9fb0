import type { EffectiveSchemaManifest, MappingVersion } from '@dms/api-schema';
import { counted, type Diagnostic, DmsError, diagnostic, formFor } from '@dms/diagnostics';
import { compareBy, hashStarts } from '@dms/files';
import { core, coreSchema, mustExist, qualified } from '@dms/model';
import { dialectRules, qualifiedName, type SqlDialect } from '@dms/sql';
import type { Connection, Limits } from '../connection/connection.ts';
import {
  componentChanges,
  componentReport,
  differenceTexts,
  resourceKeyReport,
  type SingletonDifference,
  singletonDifferences,
  singletonFindings,
} from '../fingerprint/fingerprint-differences.ts';
import {
  type FingerprintTables,
  missingSingletons,
  readable,
  readComponents,
  readFingerprintTables,
  readGeneration,
  readResourceKeys,
  readSingletons,
} from '../fingerprint/stored-fingerprint.ts';

/** Objects of a schema, counted by kind. */
export interface ObjectCount {
  readonly schema: string;
  readonly kind: 'table' | 'view' | 'sequence' | 'function' | 'type';
  readonly n: number;
}

/** The state of a database for one schema set; the first one that applies (design 09 §2.4). */
export type DatabaseState =
  | { readonly kind: 'empty' }
  | { readonly kind: 'foreign'; readonly objects: readonly ObjectCount[] }
  | { readonly kind: 'occupied'; readonly objects: readonly ObjectCount[] }
  | { readonly kind: 'partial'; readonly missingTables: readonly string[]; readonly reason: 'tables' | 'columns' }
  | { readonly kind: 'partial'; readonly missingTables: readonly []; readonly reason: 'row'; readonly table: string }
  | { readonly kind: 'malformed'; readonly findings: readonly string[] }
  | {
      readonly kind: 'different';
      /** Its hash, and that of the schema set. */
      readonly stored: string;
      readonly expected: string;
      readonly projects: readonly string[];
    }
  /** Provisioned for another version of the mapping. */
  | { readonly kind: 'otherGeneration'; readonly stored: MappingVersion; readonly expected: MappingVersion }
  | { readonly kind: 'tampered'; readonly differences: readonly SingletonDifference[] }
  | { readonly kind: 'seedsDiffer'; readonly report: string }
  | { readonly kind: 'same' };

/** Objects by schema and kind, without those of extensions and of the server itself. */
const inventoryQueries: Readonly<Record<SqlDialect, string>> = {
  pgsql: `SELECT n.nspname::text AS schema, o.kind, count(*)::int4 AS n FROM (
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
  mssql: `SELECT s.name AS [schema], CASE o.type WHEN 'U' THEN 'table' WHEN 'V' THEN 'view' WHEN 'SO' THEN 'sequence' ELSE 'function' END AS kind, COUNT(*) AS n
FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id
WHERE o.is_ms_shipped = 0 AND o.type IN ('U', 'V', 'SO', 'FN', 'IF', 'TF', 'P') GROUP BY s.name, o.type
UNION ALL SELECT s.name, 'type', COUNT(*) FROM sys.types t JOIN sys.schemas s ON s.schema_id = t.schema_id
WHERE t.is_user_defined = 1 GROUP BY s.name`,
};

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

async function unprovisioned(
  connection: Connection,
  managed: ReadonlySet<string>,
  limits: Limits,
): Promise<DatabaseState> {
  const objects = merged(await connection.query<ObjectCount>(inventoryQueries[connection.dialect], [], limits));
  const occupied = objects.filter(({ schema }) => managed.has(schema));
  if (occupied.length > 0) return { kind: 'occupied', objects: occupied };
  return objects.length > 0 ? { kind: 'foreign', objects } : { kind: 'empty' };
}

async function provisioned(
  connection: Connection,
  tables: FingerprintTables,
  info: EffectiveSchemaManifest,
  limits: Limits,
): Promise<DatabaseState> {
  const missingTables = (['ResourceKey', 'SchemaComponent'] as const).filter((name) => !tables[name]);
  if (missingTables.length > 0) return { kind: 'partial', missingTables, reason: 'tables' };
  const singletons = await readable(() => readSingletons(connection, limits));
  if (singletons === null) return { kind: 'partial', missingTables: [], reason: 'columns' };
  const [row, second] = singletons;
  if (row === undefined) return { kind: 'partial', missingTables: [], reason: 'row', table: core.effectiveSchema.name };
  const findings = [
    ...singletonFindings(row),
    ...(second
      ? [`${qualified(core.effectiveSchema)} must contain exactly one singleton row, but multiple rows were found.`]
      : []),
  ];
  if (findings.length > 0) return { kind: 'malformed', findings };
  if (row.hash !== info.effectiveSchemaHash) {
    const generation = await readGeneration(connection, limits);
    const expected = info.relationalMappingVersion;
    if (generation !== null && generation !== expected)
      return { kind: 'otherGeneration', stored: generation, expected };
    const stored = await readable(() => readComponents(connection, limits));
    const hash = mustExist(row.hash, 'the hash of a fingerprint without findings');
    const projects = componentChanges(info, stored ?? [], hash);
    return { kind: 'different', stored: hash, expected: info.effectiveSchemaHash, projects };
  }
  const missing = await missingSingletons(connection, info.relationalMappingVersion, limits);
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

/**
 * Reads the state of a database for a schema set (design 09 §2.4); nothing is changed. A read that the server refuses
 * ends its transaction, which the resulting states would end anyway.
 *
 * @param managed schemas that belong to the schema set
 */
export async function readDatabaseState(
  connection: Connection,
  info: EffectiveSchemaManifest,
  managed: readonly string[],
  limits: Limits = {},
): Promise<DatabaseState> {
  const tables = await readFingerprintTables(connection, limits);
  if (tables.EffectiveSchema) return provisioned(connection, tables, info, limits);
  const state = await unprovisioned(connection, new Set(managed), limits);
  if (state.kind !== 'occupied') return state;
  // another provisioner may have committed between the two reads
  const again = await readFingerprintTables(connection, limits);
  return again.EffectiveSchema ? provisioned(connection, again, info, limits) : state;
}

const plural = ({ n, kind }: ObjectCount) => counted(n, kind);

/** `edfi: 2 tables, 1 view; public: 1 table`. */
export function objectsText(objects: readonly ObjectCount[]): string {
  const bySchema = new Map<string, string[]>();
  for (const count of objects) bySchema.set(count.schema, [...(bySchema.get(count.schema) ?? []), plural(count)]);
  return [...bySchema].map(([schema, counts]) => `${schema}: ${counts.join(', ')}`).join('; ');
}

const lead = `${qualified(core.effectiveSchema)} validation failed:`;
/** How a database gets another schema set. */
const upgradeAdvice =
  'dms-ddl upgrade plan says what an upgrade would change, and dms-ddl upgrade apply makes it: --before names the artifacts of its set, --after those of this one.';

const recreate = 'Drop the database, create it again and provision it.';

function partialText(state: Extract<DatabaseState, { kind: 'partial' }>, tables: readonly string[]): string {
  switch (state.reason) {
    case 'tables':
      return `${tables.join(' and ')} ${formFor(tables.length, 'is', 'are')} missing although ${qualified(core.effectiveSchema)} exists`;
    case 'columns':
      return 'core tables have other columns than they should';
    case 'row':
      return `dms.${state.table} has no row`;
  }
}

/** Why a database in this state is not provisioned; null for states in which it may be (design 09 §2.4). */
export function stateDiagnostic(
  state: DatabaseState,
  { label, dialect }: Pick<Connection, 'label' | 'dialect'>,
): Diagnostic | null {
  switch (state.kind) {
    case 'empty':
    case 'foreign':
    case 'same':
      return null;
    case 'occupied': {
      const found = objectsText(state.objects);
      const text = `${label}: its schemas contain objects that dms did not create (${found}). Choose an empty database, or remove them.`;
      return diagnostic('PROVISION_OCCUPIED', text, {}, { objects: found });
    }
    case 'partial': {
      const tables = state.missingTables.map((name) =>
        qualifiedName(dialectRules[dialect], { schema: coreSchema, name }),
      );
      const text = `${label}: partial or corrupt provisioning state: ${partialText(state, tables)}. ${recreate}`;
      return diagnostic('PROVISION_PARTIAL_STATE', text, {}, { missing: tables });
    }
    case 'malformed': {
      const text = `${label}: ${lead} ${state.findings.join('; ')} ${recreate}`;
      return diagnostic('PROVISION_FINGERPRINT_INVALID', text, {}, { issues: state.findings });
    }
    case 'different': {
      const { stored, expected, projects } = state;
      const versions = projects.length === 0 ? '' : ` (${projects.join(', ')})`;
      const [own, wanted] = hashStarts(stored, expected);
      const text = `${label}: the database has another schema set${versions}. ${upgradeAdvice} Its schema hash is ${own}, and that of this set ${wanted}.`;
      return diagnostic('PROVISION_FINGERPRINT_MISMATCH', text, {}, { stored, expected, projects });
    }
    case 'otherGeneration': {
      const { stored, expected } = state;
      const text = `${label}: the database was provisioned for version ${stored} of the mapping, and this schema set is for ${expected}. A database keeps its version: provision a new one.`;
      return diagnostic('PROVISION_OTHER_GENERATION', text, {}, { stored, expected });
    }
    case 'tampered': {
      const text = `${label}: ${lead} ${differenceTexts(state.differences).join('; ')}. ${recreate}`;
      const differences = differenceTexts(state.differences, 'whole');
      return diagnostic('PROVISION_FINGERPRINT_MISMATCH', text, {}, { differences, projects: [] });
    }
    case 'seedsDiffer':
      return diagnostic(
        'PROVISION_SEED_MISMATCH',
        `${label}: ${state.report}\n${recreate}`,
        {},
        { report: state.report },
      );
  }
}

/** The schema set that a database claims to have. */
export interface ProvisionedSet {
  readonly effectiveSchemaHash: string;
  /** Name and version, by endpoint name: `Ed-Fi 5.2.0`. */
  readonly projects: readonly string[];
}

/**
 * Reads which schema set a database has (design 09 §2.6); null for a database without `dms.EffectiveSchema`. Throws
 * `PROVISION_PARTIAL_STATE`, `PROVISION_FINGERPRINT_INVALID` and the `DB_*` codes.
 */
export async function readProvisionedSet(connection: Connection, limits: Limits = {}): Promise<ProvisionedSet | null> {
  const refused = (state: DatabaseState): never => {
    const found = stateDiagnostic(state, connection);
    throw found ? new DmsError([found]) : new Error(`the state ${state.kind} is not refused`);
  };
  const tables = await readFingerprintTables(connection, limits);
  if (!tables.EffectiveSchema) return null;
  if (!tables.SchemaComponent)
    return refused({ kind: 'partial', missingTables: ['SchemaComponent'], reason: 'tables' });
  const singletons = await readable(() => readSingletons(connection, limits));
  const components = singletons && (await readable(() => readComponents(connection, limits)));
  if (singletons === null || components === null)
    return refused({ kind: 'partial', missingTables: [], reason: 'columns' });
  const [row] = singletons;
  if (row === undefined)
    return refused({ kind: 'partial', missingTables: [], reason: 'row', table: core.effectiveSchema.name });
  const findings = singletonFindings(row);
  if (findings.length > 0) return refused({ kind: 'malformed', findings });
  const own = components.filter(({ hash }) => hash === row.hash);
  return {
    effectiveSchemaHash: mustExist(row.hash, 'the hash of a fingerprint without findings'),
    projects: own.map(({ projectName, projectVersion }) => `${projectName} ${projectVersion}`),
  };
}
