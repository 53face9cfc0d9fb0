import type { Pass } from '../generation.ts';
import { alignReferenceTypes, bindReferences } from './bind-references.ts';
import { deriveAbstractResources } from './derive-abstract-resources.ts';
import { deriveExtensionTables } from './derive-extension-tables.ts';
import { deriveResources } from './derive-resources.ts';
import { mapDescriptorPaths, markDescriptorResources } from './descriptors.ts';
import { unifyKeys } from './key-unification/unify-keys.ts';
import { validateSchemaSet } from './validate-schema-set.ts';

/*
 * The passes that all generations and dialects share, in their fixed order (design 02 §2); later passes read the
 * results of earlier ones. The constraint passes, which each generation lists (`v1/generation.ts`, `v2/generation.ts`),
 * follow. The decisions of a dialect are in `assembling/dialect-decisions.ts`; indexes and triggers are derived from
 * the finished model; final names and order are applied when the model is assembled.
 */

/** The passes that create tables and columns. */
export const tablePasses: readonly Pass[] = [
  validateSchemaSet,
  mapDescriptorPaths,
  deriveResources,
  markDescriptorResources,
  deriveExtensionTables,
  bindReferences,
  alignReferenceTypes,
  unifyKeys,
  deriveAbstractResources,
];
