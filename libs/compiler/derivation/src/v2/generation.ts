import { isFieldMatchedPart } from '@dms/model';
import type { BoundParts, DraftIdentityPart, DraftRules } from '../draft/draft-rules.ts';
import type { Generation } from '../generation.ts';
import { deriveArrayUniqueness, deriveNaturalKeys, deriveReferenceConstraints } from '../passes/derive-constraints.ts';
import { deriveDescriptorForeignKeys } from '../passes/descriptors.ts';
import { cascadeAll, type PropagationPolicy } from '../propagation/propagation.ts';
import { abstractColumnName } from './abstract-column-name.ts';
import { transitivelyMutableResources } from './identity-mutable.ts';
import { propagateMssql } from './propagate-mssql.ts';
import { isReferenceRequired } from './reference-requiredness.ts';
import { representativePart } from './representative-part.ts';
import { readResourceMembers } from './resource-members.ts';
import { parentKey, tableShape } from './rows-and-locators.ts';
import { checkSemanticIdentities, deriveCollectionUniques, deriveSemanticIdentities } from './semantic-identities.ts';

/** The part of a reference that represents an identity path. */
function identityPart<Part extends DraftIdentityPart>(
  { referenceObjectPath, identityBindings }: BoundParts<Part>,
  path: string,
): Part | undefined {
  const parts = identityBindings.filter(({ referenceJsonPath }) => referenceJsonPath.canonical === path);
  return representativePart(parts, ({ referenceJsonPath, identityJsonPath }) =>
    isFieldMatchedPart(referenceObjectPath, referenceJsonPath, identityJsonPath),
  );
}

/** The second generation (design 15). */
const draftRulesV2: DraftRules = {
  tableShape,
  parentKey,
  referenceKey: (document, values) => [...values, document],
  identityPart,
  isReferenceRequired,
  abstractColumnName,
  abstractRowsNameResource: false,
  refusesLostDescriptorParts: true,
  resourceMembers: readResourceMembers,
};

/**
 * PostgreSQL (design 15 §9.2): every candidate cascades. The trigger of the document's root defers a key by which a
 * document can refer to itself, so that the statement that deletes a document in use is refused (design 16 §8.1).
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
  finish: (model) => model,
};
