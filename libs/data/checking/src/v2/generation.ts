import type { CheckingGeneration } from '../checking-generation.ts';
import { cachedDescriptors, descriptorRows } from '../derived-rows/descriptor-rows.ts';
import { storedIds } from '../derived-rows/document-pages.ts';
import { namingDocuments, referentialIdentities } from '../derived-rows/referential-identities.ts';
import { type IdentityTexts, withoutTrailingZeros } from '../derived-rows/referential-rows.ts';

/** Hashed names contain times with their fraction, and infinite dates (design 16 §6.4). */
export const identityTextsV2: IdentityTexts = { identityTime: withoutTrailingZeros, takesInfinity: true };

export const checkingGenerationV2: CheckingGeneration = {
  documentChecks: [
    descriptorRows(storedIds, [namingDocuments(identityTextsV2), cachedDescriptors]),
    referentialIdentities(identityTextsV2),
  ],
};
