import { descriptorColumns } from '../statements/core-rows.ts';
import type { DescriptorRules } from '../writing/descriptor-rules.ts';

/**
 * A descriptor keeps the letter case that it was first written with. The update of a descriptor also stamps its document
 * (design 09 §8.3).
 */
export const descriptorRulesV1: DescriptorRules = {
  columns: descriptorColumns,
  update: 'variable fields',
  repeatsDocument: false,
};
