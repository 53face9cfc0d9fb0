import type { DbTrigger } from '@dms/inventory';
import type { MappingVersion } from '@dms/model';

/** How documents of a generation are written by `load --bulk`. */
export interface BulkRules {
  /** Kinds of insert triggers that are off meanwhile: the client writes their rows, or they have nothing to do. */
  readonly replacedTriggers: readonly DbTrigger['kind'][];
}

/** The rules of `load --bulk` (design 14 §8); null where a generation does not have it. */
export const generations: Readonly<Record<MappingVersion, BulkRules | null>> = {
  // a new document has its first version, which no stamp of its child rows need change
  v1: { replacedTriggers: ['DocumentStamping', 'ReferentialIdentityMaintenance'] },
  v2: null,
};
