import type { Generation } from '../generation.ts';
import { deriveArrayUniqueness } from '../passes/derive-array-uniqueness.ts';
import { deriveDescriptorForeignKeys } from '../passes/derive-descriptor-foreign-keys.ts';
import { deriveNaturalKeys } from '../passes/derive-natural-keys.ts';
import { deriveReferenceConstraints } from '../passes/derive-reference-constraints.ts';
import { deriveCollectionUniques } from './derive-collection-uniques.ts';
import { checkSemanticIdentities, deriveSemanticIdentities } from './derive-semantic-identities.ts';
import { draftRulesV2 } from './draft-rules.ts';
import { propagateMssql } from './propagate-mssql.ts';
import { propagatePgsql } from './propagate-pgsql.ts';

/** The second generation (design 15). */
export const generationV2: Generation = {
  rules: draftRulesV2,
  constraintPasses: [
    deriveNaturalKeys, //            8
    deriveReferenceConstraints, //   9
    deriveSemanticIdentities, //     9
    checkSemanticIdentities, //      9
    deriveArrayUniqueness, //       10
    deriveCollectionUniques, //     10
    deriveDescriptorForeignKeys, // 11
  ],
  strictPasses: new Set([checkSemanticIdentities]),
  propagation: { pgsql: propagatePgsql, mssql: propagateMssql },
};
