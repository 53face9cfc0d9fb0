import type { DocumentGeneration } from '../document-generation.ts';
import { descriptorColumns } from '../statements/core-rows.ts';
import { storedDescriptorIds, storedReferentialIds } from '../statements/stored-referential-ids.ts';
import type { DescriptorRules } from '../writing/descriptor-rules.ts';
import { readingRulesV1 } from './reading-rules.ts';
import { shapeRulesV1 } from './shape-rules.ts';
import { valueRulesV1 } from './value-rules.ts';
import { writingRulesV1 } from './writing-rules.ts';

/**
 * A descriptor keeps the letter case that it was first written with. The update of a descriptor also stamps its
 * document (design 09 §8.3).
 */
const descriptorRulesV1: DescriptorRules = {
  columns: descriptorColumns,
  update: 'variable fields',
  identities: storedDescriptorIds,
  repeatsDocument: false,
};

/** Documents whose rows are rewritten at each write (design 14). */
export const documentGenerationV1: DocumentGeneration = {
  shape: shapeRulesV1,
  reading: readingRulesV1,
  writing: writingRulesV1,
  descriptors: descriptorRulesV1,
  identities: ({ dialect }) => storedReferentialIds[dialect],
  values: valueRulesV1,
  tracksChanges: false,
};
