import type { Connection, Limits } from '../connection/connection.ts';
import { isFailure } from '../connection/failure.ts';
import { fingerprintQueries } from './fingerprint-queries.ts';

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

/** Which of the three tables of the fingerprint exist. */
export interface FingerprintTables {
  readonly EffectiveSchema: boolean;
  readonly ResourceKey: boolean;
  readonly SchemaComponent: boolean;
}

/** Reads which tables of the fingerprint there are. */
export async function readFingerprintTables(connection: Connection, limits: Limits): Promise<FingerprintTables> {
  const [row] = await connection.query<Record<keyof FingerprintTables, boolean | number>>(
    fingerprintQueries[connection.dialect].tables,
    [],
    limits,
  );
  const exists = (name: keyof FingerprintTables) => row?.[name] === true || row?.[name] === 1;
  return {
    EffectiveSchema: exists('EffectiveSchema'),
    ResourceKey: exists('ResourceKey'),
    SchemaComponent: exists('SchemaComponent'),
  };
}

/** At most two rows of `dms.EffectiveSchema`: one more than there should be (design 09 §2.6). */
export function readSingletons(connection: Connection, limits: Limits): Promise<readonly StoredSingleton[]> {
  return connection.query<StoredSingleton>(fingerprintQueries[connection.dialect].singletons, [], limits);
}

/** All rows of `dms.ResourceKey`, by id. */
export function readResourceKeys(connection: Connection, limits: Limits): Promise<readonly StoredResourceKey[]> {
  return connection.query<StoredResourceKey>(fingerprintQueries[connection.dialect].resourceKeys, [], limits);
}

/** All rows of `dms.SchemaComponent`, of any hash. */
export function readComponents(connection: Connection, limits: Limits): Promise<readonly StoredComponent[]> {
  return connection.query<StoredComponent>(fingerprintQueries[connection.dialect].components, [], limits);
}

/** Reads rows whose columns may differ: returns null where the server cannot; passes other failures on. */
export async function readable<Result>(read: () => Promise<Result>): Promise<Result | null> {
  try {
    return await read();
  } catch (error) {
    if (isFailure(error, 'DB_SQL')) return null;
    throw error;
  }
}
