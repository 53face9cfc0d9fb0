import { descriptorColumns } from '../statements/core-rows.ts';
import type { DescriptorRules } from '../writing/descriptor-rules.ts';

/** The row repeats the resource key; a trigger stamps the document, and an update takes over the letter case (design 17 §7.7). */
export const descriptorRulesV2: DescriptorRules = {
  columns: [
    ...descriptorColumns,
    { name: 'ResourceKeyId', type: 'smallint', of: ({ resourceKeyId }) => String(resourceKeyId) },
  ],
  update: 'all fields',
  repeatsDocument: true,
};
