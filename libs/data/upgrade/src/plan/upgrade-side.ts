import type { MappingVersion } from '@dms/model';

/** One of the two schema sets of an upgrade. */
export interface UpgradeSide {
  readonly effectiveSchemaHash: string;
  readonly mappingVersion: MappingVersion;
  /** `Ed-Fi 5.2.0`. */
  readonly projects: readonly string[];
}
