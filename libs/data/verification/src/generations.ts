import type { MappingVersion } from '@dms/model';
import { generationV1 } from './v1/generation.ts';
import { generationV2 } from './v2/generation.ts';
import { generationV2Natural } from './v2-natural/generation.ts';
import type { VerificationGeneration } from './verification-generation.ts';

export const generations: Readonly<Record<MappingVersion, VerificationGeneration>> = {
  v1: generationV1,
  v2: generationV2,
  'v2-natural': generationV2Natural,
};
