import type { DocumentCheck } from './derived-rows/data-finding.ts';
import { descriptorFold } from './derived-rows/descriptor-fold.ts';
import { cachedDescriptors, descriptorContradictions, descriptorRows } from './derived-rows/descriptor-rows.ts';
import { storedIds } from './derived-rows/document-pages.ts';
import { namingDocuments, referentialIdentities } from './derived-rows/referential-identities.ts';

/** The rules of one generation for the check of rows (design 09c §4). */
export interface CheckingGeneration {
  /** The name of the rows that these checks repair. */
  readonly repairedFirst: string;
  /** The checks in the order of their repairs: a check may rely on the repair of an earlier one. */
  readonly documentChecks: readonly DocumentCheck[];
}

/** The rules of a generation that stores referential ids. */
export const withStoredIds: CheckingGeneration = {
  repairedFirst: 'Referential ids or descriptors',
  documentChecks: [descriptorRows(storedIds, [namingDocuments, cachedDescriptors]), referentialIdentities],
};

/** The rules of a generation that finds documents by their natural keys (design 09c §4). */
export const withNaturalKeys: CheckingGeneration = {
  repairedFirst: 'Descriptors',
  documentChecks: [descriptorFold, descriptorContradictions],
};
