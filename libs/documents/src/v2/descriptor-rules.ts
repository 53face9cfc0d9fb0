import { descriptorColumns } from '../statements/core-rows.ts';
import type { DescriptorRules } from '../writing/descriptor-rules.ts';

/** The row mirrors the resource key. A trigger stamps the document, and an update also changes the letter case (design 17 §7.7). */
export const descriptorRulesV2: DescriptorRules = {
  columns: [
    ...descriptorColumns,
    { name: 'ResourceKeyId', type: 'smallint', mssqlType: 'smallint', of: ({ resourceKeyId }) => String(resourceKeyId) },
  ],
  update: 'all fields',
  repeatsDocument: true,
};
