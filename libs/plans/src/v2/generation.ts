import type { PlanGeneration } from '../generation.ts';
import { descriptorQueryCapability } from './descriptor-query-capability.ts';
import { manifestFormV2 } from './manifest-form.ts';
import { plansFileV2 } from './plans-file.ts';
import { queryCapability } from './query-capability.ts';
import { readRulesV2 } from './read-rules.ts';
import { writeRulesV2 } from './write-rules.ts';

/** The second generation (design 17). */
export const generationV2: PlanGeneration = {
  write: writeRulesV2,
  read: readRulesV2,
  queryCapability,
  descriptorQueryCapability: (resource) =>
    resource.storageKind === 'SharedDescriptorTable' ? descriptorQueryCapability(resource) : null,
  manifest: manifestFormV2,
  file: plansFileV2,
};
