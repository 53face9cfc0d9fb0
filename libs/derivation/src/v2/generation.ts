import type { Generation } from '../generation.ts';
import { deriveArrayUniqueness } from '../passes/derive-array-uniqueness.ts';
import { deriveDescriptorForeignKeys } from '../passes/derive-descriptor-foreign-keys.ts';
import { deriveNaturalKeys } from '../passes/derive-natural-keys.ts';
import { deriveReferenceConstraints } from '../passes/derive-reference-constraints.ts';
import { cascadeAll } from '../propagation/cascade-candidates.ts';
import type { PropagationPolicy } from '../propagation/propagation.ts';
import { deriveCollectionUniques } from './derive-collection-uniques.ts';
import { checkSemanticIdentities, deriveSemanticIdentities } from './derive-semantic-identities.ts';
import { draftRulesV2 } from './draft-rules.ts';
import { transitivelyMutableResources } from './identity-mutable.ts';
import { propagateMssql } from './propagate-mssql.ts';

/**
 * PostgreSQL (design 15 §9.2): every candidate cascades. A key with which a document can refer to itself is deferred by
 * the trigger of the document's root, so that the statement that deletes a document in use is refused (design 16 §8.1).
 */
const propagatePgsql: PropagationPolicy = (draft) =>
  cascadeAll(draft, transitivelyMutableResources(draft), 'InitiallyImmediate');

/** The second generation (design 15). */
export const generationV2: Generation = {
  rules: draftRulesV2,
  constraintPasses: [
    deriveNaturalKeys,
    deriveReferenceConstraints,
    deriveSemanticIdentities,
    checkSemanticIdentities,
    deriveArrayUniqueness,
    deriveCollectionUniques,
    deriveDescriptorForeignKeys,
  ],
  strictPasses: new Set([checkSemanticIdentities]),
  propagation: { pgsql: propagatePgsql, mssql: propagateMssql },
};
