import type { ModelDraft, SetDraft } from '../draft/model-draft.ts';
import { propagateIdentity } from '../propagation/propagate-identity.ts';
import { alignReferenceIntegers } from './align-reference-integers.ts';
import { bindReferences } from './bind-references.ts';
import { checkEngineSchemas } from './check-engine-schemas.ts';
import { checkNameCollisions } from './check-name-collisions.ts';
import { checkResourceLabels } from './check-resource-labels.ts';
import { checkUnusedOverrides } from './check-unused-overrides.ts';
import { deriveAbstractResources } from './derive-abstract-resources.ts';
import { deriveArrayUniqueness } from './derive-array-uniqueness.ts';
import { deriveDescriptorForeignKeys } from './derive-descriptor-foreign-keys.ts';
import { deriveExtensionTables } from './derive-extension-tables.ts';
import { deriveNaturalKeys } from './derive-natural-keys.ts';
import { deriveReferenceConstraints } from './derive-reference-constraints.ts';
import { deriveResources } from './derive-resources.ts';
import { unifyKeys } from './key-unification/unify-keys.ts';
import { mapDescriptorPaths } from './map-descriptor-paths.ts';
import { markDescriptorResources } from './mark-descriptor-resources.ts';
import { shortenConstraintNames } from './shorten-constraint-names.ts';
import { validateAliases } from './validate-aliases.ts';
import { validateForeignKeys } from './validate-foreign-keys.ts';
import { validateSchemaSet } from './validate-schema-set.ts';
import { warnOfLostLetters } from './warn-of-lost-letters.ts';

/** One step of derivation: reads and extends the draft, or throws what is wrong. */
export type Pass = (draft: ModelDraft) => void;

type SetPass = (draft: SetDraft) => void;

/*
 * The passes in their fixed order, numbered as in design 02 §2; later ones read what earlier ones produced. Indexes and
 * triggers (15) are derived from the finished model; final identifiers and order (16, 17) are applied when it is built. Most
 * know nothing of the dialect.
 */

/** Tables and columns. */
export const tablePasses: readonly SetPass[] = [
  validateSchemaSet, //            0
  mapDescriptorPaths, //           0
  deriveResources, //              1
  markDescriptorResources, //      2
  deriveExtensionTables, //        3
  bindReferences, //               4
  alignReferenceIntegers, //       4
  unifyKeys, //                    5
  deriveAbstractResources, //      6
];

/** Constraints. */
export const constraintPasses: readonly SetPass[] = [
  validateAliases, //              7
  deriveNaturalKeys, //            8
  deriveReferenceConstraints, //   9
  deriveArrayUniqueness, //       10
  deriveDescriptorForeignKeys, // 11
];

/** What a dialect makes of them. */
export const dialectPasses: readonly Pass[] = [
  checkEngineSchemas, //          12
  warnOfLostLetters, //           12
  propagateIdentity, //           12
  shortenConstraintNames, //      13
  validateForeignKeys, //         14
  checkNameCollisions, //         16
  checkResourceLabels, //         16
  checkUnusedOverrides, //        18
];
