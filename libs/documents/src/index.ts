export { DocumentFolder } from './files/document-folder.ts';
export { SampleConflict } from './generation/compose-document.ts';
export { DocumentWorld, type WorldDescriptor, type WorldDocument, type WorldRules } from './generation/document-world.ts';
export { type Fill, full, minimal, some } from './generation/fill.ts';
export {
  type GeneratedDescriptor,
  type GeneratedDocument,
  type GeneratedDocuments,
  type GeneratedShape,
  type GenerationOptions,
  generateDocuments,
} from './generation/generate-documents.ts';
export type { Identity } from './generation/known-documents.ts';
export { type SampleDocument, type SampleOptions, sampleDocuments } from './generation/sample-documents.ts';
export type { Scalar } from './generation/sample-values.ts';
export { type NextNumber, seededNumbers } from './generation/seeded-numbers.ts';

import type { JsonValue } from '@dms/canonical-json';
import { DmsError } from '@dms/diagnostics';
import type { QualifiedResourceName } from '@dms/model';
import { checkDocument as check } from './checking/check-document.ts';
import type { CheckOptions, CheckResult } from './checking/checked-document.ts';
import type { DocumentPlans } from './document-plans.ts';

export type { CheckedDocument, CheckOptions, CheckResult } from './checking/checked-document.ts';
export { defaultTextLimit, parseDocument, type TextLimits } from './checking/parse-document.ts';
export { type DocumentPlans, documentPlans, type ResourcePlans } from './document-plans.ts';
export {
  type BatchOptions,
  type DocumentStore,
  type IncomingDocument,
  openDocuments,
  type StoreOptions,
} from './document-store.ts';
export {
  descriptorIdentityText,
  descriptorReferentialId,
  lowerCased,
  referentialIdOfText,
} from './identity/referential-id.ts';
export { nearestName } from './nearest-name.ts';
export type { DocumentFilter, Page, Scan } from './reading/page.ts';
export type { StoredDocument } from './reading/stored-document.ts';
export type {
  ArrayShape,
  LeafShape,
  ObjectShape,
  ReferencePart,
  ReferenceShape,
  ResourceShape,
  Shape,
  TableShape,
  UniqueShape,
} from './shape/resource-shape.ts';
export type { OnExisting, Outcome, Written } from './writing/outcome.ts';

/** Checks a document against the model, before any SQL: all problems together (design 14 §1). Throws `DOCUMENT_RESOURCE_UNKNOWN`. */
export function checkDocument(
  plans: DocumentPlans,
  resource: QualifiedResourceName,
  document: JsonValue,
  options?: CheckOptions,
): CheckResult {
  return check(plans, plans.of(resource), document, options);
}

/** The referential id of a document, which its trigger writes too (design 14 §2). Throws the problems of its check. */
export function referentialIdOf(plans: DocumentPlans, resource: QualifiedResourceName, document: JsonValue): string {
  const result = checkDocument(plans, resource, document);
  if (result.document) return result.document.referentialId;
  const [first, ...others] = result.problems;
  if (!first) throw new Error('a document without problems was not made');
  throw new DmsError([first, ...others]);
}
export { type Descriptor, descriptorUri } from './seeding/descriptor-entry.ts';
export {
  type DescriptorSet,
  type ReadDescriptorsOptions,
  readDescriptorSet,
  type Seeded,
  type SeedOptions,
  seedDescriptors,
} from './seeding/seed-descriptors.ts';
export type { OnConflict } from './seeding/write-descriptors.ts';
