import type { ModelDraft } from '../draft/model-draft.ts';
import { alignReferenceTypes } from './align-reference-types.ts';
import { bindReferences } from './bind-references.ts';
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
import { validateSchemaSet } from './validate-schema-set.ts';

/** One step of derivation: reads and extends the draft, or throws what is wrong. */
export type Pass = (draft: ModelDraft) => void;

/*
 * The passes that are the same for every dialect, in their fixed order, numbered as in design 02 §2; later ones read what earlier
 * ones produced. What a dialect decides then is in `assembling/dialect-decisions.ts`; indexes and triggers (15) are derived from
 * the finished model; final names and order (16, 17) are applied when it is assembled.
 */

/** Tables and columns. */
export const tablePasses: readonly Pass[] = [
  validateSchemaSet, //            0
  mapDescriptorPaths, //           0
  deriveResources, //              1
  markDescriptorResources, //      2
  deriveExtensionTables, //        3
  bindReferences, //               4
  alignReferenceTypes, //          4
  unifyKeys, //                    5
  deriveAbstractResources, //      6
];

/** Constraints. */
export const constraintPasses: readonly Pass[] = [
  deriveNaturalKeys, //            8
  deriveReferenceConstraints, //   9
  deriveArrayUniqueness, //       10
  deriveDescriptorForeignKeys, // 11
];
