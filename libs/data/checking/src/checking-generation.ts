import type { DocumentCheck } from './derived-rows/data-finding.ts';
import { cachedDescriptors, descriptorRows } from './derived-rows/descriptor-rows.ts';
import { storedIds } from './derived-rows/document-pages.ts';
import { namingDocuments, referentialIdentities } from './derived-rows/referential-identities.ts';

/** The rules of one generation for the check of rows (design 09c §4). */
export interface CheckingGeneration {
  /** The checks in the order of their repairs: a check may rely on the repair of an earlier one. */
  readonly documentChecks: readonly DocumentCheck[];
}

/** The rules of a generation that stores referential ids. */
export const withStoredIds: CheckingGeneration = {
  documentChecks: [descriptorRows(storedIds, [namingDocuments, cachedDescriptors]), referentialIdentities],
};
