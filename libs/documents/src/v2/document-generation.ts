import type { DocumentGeneration } from '../document-generation.ts';
import { descriptorColumns } from '../statements/core-rows.ts';
import { storedDescriptorIds, storedReferentialIds } from '../statements/stored-referential-ids.ts';
import type { DescriptorRules } from '../writing/descriptor-rules.ts';
import { readingRulesV2 } from './reading-rules.ts';
import { shapeRulesV2 } from './shape-rules.ts';
import { valueRulesV2 } from './value-rules.ts';
import { writingRulesV2 } from './writing-rules.ts';

/**
 * The row mirrors the resource key. A trigger stamps the document, and an update also changes the letter case (design
 * 17 §7.7).
 */
const descriptorRulesV2: DescriptorRules = {
  columns: [
    ...descriptorColumns,
    {
      name: 'ResourceKeyId',
      type: 'smallint',
      mssqlType: 'smallint',
      of: ({ resourceKeyId }) => String(resourceKeyId),
    },
  ],
  update: 'all fields',
  identities: storedDescriptorIds,
  repeatsDocument: true,
};

/** Documents whose rows keep their ids (design 17 §7). */
export const documentGenerationV2: DocumentGeneration = {
  shape: shapeRulesV2,
  reading: readingRulesV2,
  writing: writingRulesV2,
  descriptors: descriptorRulesV2,
  identities: ({ dialect }) => storedReferentialIds[dialect],
  values: valueRulesV2,
  tracksChanges: true,
};
