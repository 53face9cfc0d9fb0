import { generationMember } from '@dms/api-schema';
import type { MappingVersion } from '@dms/model';

/** One of the two schema sets of an upgrade. */
export interface UpgradeSide {
  readonly effectiveSchemaHash: string;
  readonly mappingVersion: MappingVersion;
  /** `Ed-Fi 5.2.0`. */
  readonly projects: readonly string[];
}

/**
 * What a preparation is for: the hash of the later set, and after a blank its generation where another one has the same
 * hash under the fingerprint version (design 12a §5.2).
 */
export function preparedFor({ effectiveSchemaHash, mappingVersion }: UpgradeSide): string {
  const generation = generationMember(mappingVersion);
  return generation === undefined ? effectiveSchemaHash : `${effectiveSchemaHash} ${generation}`;
}
