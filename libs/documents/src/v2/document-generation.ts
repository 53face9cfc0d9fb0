import type { DocumentGeneration } from '../document-generation.ts';
import { descriptorRulesV2 } from './descriptor-rules.ts';
import { readingRulesV2 } from './reading-rules.ts';
import { shapeRulesV2 } from './shape-rules.ts';
import { valueRulesV2 } from './value-rules.ts';
import { writingRulesV2 } from './writing-rules.ts';

/** Documents whose rows keep their ids (design 17 §7). */
export const documentGenerationV2: DocumentGeneration = {
  shape: shapeRulesV2,
  reading: readingRulesV2,
  writing: writingRulesV2,
  descriptors: descriptorRulesV2,
  values: valueRulesV2,
  tracksChanges: true,
};
