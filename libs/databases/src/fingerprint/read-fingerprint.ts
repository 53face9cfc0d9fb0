import type { Fingerprint } from '@dms/catalog';
import { type Diagnostic, diagnostic } from '@dms/diagnostics';
import { compareBy } from '@dms/files';
import type { Connection, Limits } from '../connection/connection.ts';
import { driverCodeOf, isFailure } from '../connection/failure.ts';
import {
  readComponents,
  readFingerprintTables,
  readResourceKeys,
  readSingletons,
  type StoredComponent,
  type StoredSingleton,
} from './stored-fingerprint.ts';

export interface ReadFingerprint {
  readonly fingerprint: Fingerprint | null;
  readonly diagnostics: readonly Diagnostic[];
}

const byEndpoint = compareBy<{ readonly projectEndpointName: string }>(
  ({ projectEndpointName }) => projectEndpointName,
);

/**
 * Names a component by its hash too if that differs from the database's hash: the component then belongs to nothing.
 */
function component({ hash, ...row }: StoredComponent, singleton: StoredSingleton) {
  return hash === singleton.hash ? row : { ...row, projectEndpointName: `${hash}/${row.projectEndpointName}` };
}

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
 * The rows of the fingerprint where all three tables exist (design 09 §3.3). Unreadable rows do not make an
 * introspection fail: the result is null, with `DB_FINGERPRINT_UNREADABLE`.
 */
export async function readFingerprint(connection: Connection, limits: Limits): Promise<ReadFingerprint> {
  const tables = await readFingerprintTables(connection, limits);
  if (!tables.EffectiveSchema || !tables.ResourceKey || !tables.SchemaComponent)
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
