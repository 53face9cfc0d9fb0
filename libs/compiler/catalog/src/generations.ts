import type { MappingVersion } from '@dms/model';
import type { CatalogRules } from './catalog-rules.ts';
import { catalogRulesV1 } from './v1/catalog-rules.ts';
import { catalogRulesV2 } from './v2/catalog-rules.ts';
import { catalogRulesV2Natural } from './v2-natural/catalog-rules.ts';

export const generations: Readonly<Record<MappingVersion, CatalogRules>> = {
  v1: catalogRulesV1,
  v2: catalogRulesV2,
  'v2-natural': catalogRulesV2Natural,
};
