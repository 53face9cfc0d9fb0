import type { CheckingGeneration } from '../checking-generation.ts';
import { cachedDescriptors, descriptorRows } from '../derived-rows/descriptor-rows.ts';
import { storedIds } from '../derived-rows/document-pages.ts';
import { namingDocuments, referentialIdentities } from '../derived-rows/referential-identities.ts';
import type { IdentityTexts } from '../derived-rows/referential-rows.ts';

/** Hashed names contain times without a fraction (design 07 §9.2). */
export const identityTextsV1: IdentityTexts = { identityTime: (shown) => shown.slice(0, 'HH:MM:SS'.length) };

export const checkingGenerationV1: CheckingGeneration = {
  documentChecks: [
    descriptorRows(storedIds, [namingDocuments(identityTextsV1), cachedDescriptors]),
    referentialIdentities(identityTextsV1),
  ],
};
