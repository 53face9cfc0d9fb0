import type { MappingVersion } from '@dms/model';
import type { CheckingGeneration } from './checking-generation.ts';
import { checkingGenerationV1 } from './v1/generation.ts';
import { checkingGenerationV2 } from './v2/generation.ts';

export const generations: Readonly<Record<MappingVersion, CheckingGeneration>> = {
  v1: checkingGenerationV1,
  v2: checkingGenerationV2,
};
