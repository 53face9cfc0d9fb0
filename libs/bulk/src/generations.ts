import type { MappingVersion } from '@dms/model';
import type { BulkRules } from './bulk/bulk-rules.ts';
import { bulkRulesV1 } from './v1/bulk-rules.ts';

/** The rules of `load --bulk` (design 14 §8); null where a generation does not support it. */
export const generations: Readonly<Record<MappingVersion, BulkRules | null>> = { v1: bulkRulesV1, v2: null };
