import type { MappingVersion } from '@dms/model';

/** The columns of a generation in `dms.Descriptor` beside the texts of a descriptor (design 16 §2). */
interface DescriptorRows {
  /** Whether the row has its own resource key, version and time of change; else those of `dms.Document` count. */
  readonly hasOwnVersion: boolean;
}

export const descriptorRows: Readonly<Record<MappingVersion, DescriptorRows>> = {
  v1: { hasOwnVersion: false },
  v2: { hasOwnVersion: true },
  'v2-natural': { hasOwnVersion: true },
};
