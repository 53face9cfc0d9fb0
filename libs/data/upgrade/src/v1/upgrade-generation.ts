import { renamedDescriptors } from '../kinds/discriminators.ts';
import type { UpgradeGeneration } from '../upgrade-generation.ts';

export const upgradeGenerationV1: UpgradeGeneration = {
  upgradesFrom: ['v1'],
  // an application fills the cache itself
  refillCache: { pgsql: [], mssql: [] },
  repeatsStamps: false,
  hashedDescriptors: renamedDescriptors,
};
