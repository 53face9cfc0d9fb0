import type { MappingVersion } from '@dms/api-schema';
import type { RowRules } from './row-rules.ts';
import { rowRulesV1 } from './v1/row-rules.ts';
import { rowRulesV2 } from './v2/row-rules.ts';
import { rowRulesV2Natural } from './v2-natural/row-rules.ts';

/** The rules by which each generation identifies rows. */
export const generations: Readonly<Record<MappingVersion, RowRules>> = {
  v1: rowRulesV1,
  v2: rowRulesV2,
  'v2-natural': rowRulesV2Natural,
};
