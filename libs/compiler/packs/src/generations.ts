import type { MappingVersion } from '@dms/api-schema';
import type { PackRules } from './pack-rules.ts';
import { packRulesV1 } from './v1/pack-rules.ts';
import { packRulesV2 } from './v2/pack-rules.ts';
import { packRulesV2Natural } from './v2-natural/pack-rules.ts';

export const generations: Readonly<Record<MappingVersion, PackRules>> = {
  v1: packRulesV1,
  v2: packRulesV2,
  'v2-natural': packRulesV2Natural,
};
