import type { PlanGeneration } from '../generation.ts';
import { manifestFormV1 } from './manifest-form.ts';
import { plansFileV1 } from './plans-file.ts';
import { readRulesV1 } from './read-rules.ts';
import { writeRulesV1 } from './write-rules.ts';

/** The first generation (design 08). */
export const generationV1: PlanGeneration = {
  write: writeRulesV1,
  read: readRulesV1,
  queryCapability: () => null,
  descriptorQueryCapability: () => null,
  manifest: manifestFormV1,
  file: plansFileV1,
};
