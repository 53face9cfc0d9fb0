import type { MappingVersion } from '@dms/model';
import { type CheckingGeneration, withNaturalKeys, withStoredIds } from './checking-generation.ts';

export const generations: Readonly<Record<MappingVersion, CheckingGeneration>> = {
  v1: withStoredIds,
  v2: withStoredIds,
  'v2-natural': withNaturalKeys,
};
