import type { UpgradeGeneration } from '../upgrade-generation.ts';

export const upgradeGenerationV1: UpgradeGeneration = {
  upgradesFrom: ['v1'],
  translatesDocuments: true,
  // an application fills the cache itself
  refillCache: { pgsql: [], mssql: [] },
  repeatsStamps: false,
};
