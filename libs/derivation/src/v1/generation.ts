import type { Generation } from '../generation.ts';
import { deriveArrayUniqueness } from '../passes/derive-array-uniqueness.ts';
import { deriveDescriptorForeignKeys } from '../passes/derive-descriptor-foreign-keys.ts';
import { deriveNaturalKeys } from '../passes/derive-natural-keys.ts';
import { deriveReferenceConstraints } from '../passes/derive-reference-constraints.ts';
import { cascadeAll } from '../propagation/cascade-candidates.ts';
import type { PropagationPolicy } from '../propagation/propagation.ts';
import { draftRulesV1 } from './draft-rules.ts';
import { identityMutableResources } from './identity-mutable.ts';
import { propagateMssql } from './propagate-mssql.ts';

/** PostgreSQL (design 11 §2). */
const propagatePgsql: PropagationPolicy = (draft) => cascadeAll(draft, identityMutableResources(draft), true);

/** The first generation (design 02–05, 11). */
export const generationV1: Generation = {
  rules: draftRulesV1,
  constraintPasses: [deriveNaturalKeys, deriveReferenceConstraints, deriveArrayUniqueness, deriveDescriptorForeignKeys],
  strictPasses: new Set(),
  propagation: { pgsql: propagatePgsql, mssql: propagateMssql },
};
