import type { MappingVersion } from '@dms/model';
import type { UpgradeGeneration } from './upgrade-generation.ts';
import { upgradeGenerationV1 } from './v1/upgrade-generation.ts';
import { upgradeGenerationV2 } from './v2/upgrade-generation.ts';
import { upgradeGenerationV2Natural } from './v2-natural/upgrade-generation.ts';

export const generations: Readonly<Record<MappingVersion, UpgradeGeneration>> = {
  v1: upgradeGenerationV1,
  v2: upgradeGenerationV2,
  'v2-natural': upgradeGenerationV2Natural,
};
