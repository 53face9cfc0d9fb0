import type { MappingVersion } from '@dms/model';
import type { BulkRules } from './bulk/bulk-rules.ts';
import { bulkRulesV1 } from './v1/bulk-rules.ts';
import { bulkRulesV2 } from './v2/bulk-rules.ts';
import { bulkRulesV2Natural } from './v2-natural/bulk-rules.ts';

/** The rules of `load --bulk` (design 14a §3). */
export const generations: Readonly<Record<MappingVersion, BulkRules>> = {
  v1: bulkRulesV1,
  v2: bulkRulesV2,
  'v2-natural': bulkRulesV2Natural,
};
