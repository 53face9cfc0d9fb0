import { empty } from '@dms/sql';
import type { UpgradeGeneration } from '../upgrade-generation.ts';

export const upgradeGenerationV1: UpgradeGeneration = {
  upgradesFrom: ['v1'],
  // an application fills the cache itself
  refillCache: { pgsql: empty, mssql: empty },
  repeatsStamps: false,
};
