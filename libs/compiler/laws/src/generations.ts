import type { MappingVersion } from '@dms/model';
import type { LawGeneration } from './law-generation.ts';
import { lawsV1 } from './v1/law-generation.ts';
import { lawsV2 } from './v2/law-generation.ts';

export const generations: Readonly<Record<MappingVersion, LawGeneration>> = {
  v1: lawsV1,
  v2: lawsV2,
  'v2-natural': lawsV2,
};
