import type { LiveShape } from '@dms/catalog';
import { DmsError } from '@dms/diagnostics';
import { core, mustExist } from '@dms/model';
import type { Connection, Limits } from '../drivers/connection.ts';
import { singletonFindings } from '../fingerprint/fingerprint-differences.ts';
import { readable, readComponents, readCoreObjects, readSingletons } from '../fingerprint/stored-fingerprint.ts';
import { isUnseeded } from '../fingerprint/unseeded.ts';
import type { DatabaseState } from './database-state.ts';
import { stateDiagnostic } from './state-diagnostic.ts';

/** The schema set that a database claims to have. */
export interface ProvisionedSet {
  readonly effectiveSchemaHash: string;
  /** Name and version, by endpoint name: `Ed-Fi 5.2.0`. */
  readonly projects: readonly string[];
  /** The shape of its schema `dms` (design 16 §1.1); null if it shows none. */
  readonly shape: LiveShape | null;
}

/**
 * Reads which schema set a database has (design 09 §2.6); null for a database without `dms.EffectiveSchema`. Throws
 * `PROVISION_UNSEEDED`, `PROVISION_PARTIAL_STATE`, `PROVISION_FINGERPRINT_INVALID` and the `DB_*` codes.
 */
export async function readProvisionedSet(connection: Connection, limits: Limits = {}): Promise<ProvisionedSet | null> {
  const refused = (state: DatabaseState): never => {
    const found = stateDiagnostic(state, connection);
    throw found ? new DmsError([found]) : new Error(`the state ${state.kind} is not refused`);
  };
  const objects = await readCoreObjects(connection, limits);
  const { tables, shape } = objects;
  if (!tables.has(core.effectiveSchema.name)) return null;
  if (!tables.has(core.schemaComponent.name))
    return refused({ kind: 'partial', missingTables: [core.schemaComponent.name], reason: 'tables' });
  const singletons = await readable(() => readSingletons(connection, limits));
  const components = singletons && (await readable(() => readComponents(connection, limits)));
  if (singletons === null || components === null)
    return refused({ kind: 'partial', missingTables: [], reason: 'columns' });
  const [row] = singletons;
  if (row === undefined && (await isUnseeded(connection, objects, limits))) return refused({ kind: 'unseeded' });
  if (row === undefined)
    return refused({ kind: 'partial', missingTables: [], reason: 'row', table: core.effectiveSchema.name });
  const findings = singletonFindings(row);
  if (findings.length > 0) return refused({ kind: 'malformed', findings });
  const own = components.filter(({ hash }) => hash === row.hash);
  return {
    effectiveSchemaHash: mustExist(row.hash, 'the hash of a fingerprint without findings'),
    projects: own.map(({ projectName, projectVersion }) => `${projectName} ${projectVersion}`),
    shape,
  };
}
