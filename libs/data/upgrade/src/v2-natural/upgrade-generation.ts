import type { UpgradeGeneration } from '../upgrade-generation.ts';
import { upgradeGenerationV2 } from '../v2/upgrade-generation.ts';

/** The second generation without referential ids (design 22 §7). */
export const upgradeGenerationV2Natural: UpgradeGeneration = {
  ...upgradeGenerationV2,
  upgradesFrom: ['v2-natural'],
};
