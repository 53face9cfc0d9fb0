import type { DocumentGeneration } from '../document-generation.ts';
import { descriptorRulesV1 } from './descriptor-rules.ts';
import { readingRulesV1 } from './reading-rules.ts';
import { shapeRulesV1 } from './shape-rules.ts';
import { valueRulesV1 } from './value-rules.ts';
import { writingRulesV1 } from './writing-rules.ts';

/** Documents whose rows are rewritten at each write (design 14). */
export const documentGenerationV1: DocumentGeneration = {
  shape: shapeRulesV1,
  reading: readingRulesV1,
  writing: writingRulesV1,
  descriptors: descriptorRulesV1,
  values: valueRulesV1,
  tracksChanges: false,
};
