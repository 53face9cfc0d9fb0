export { checkDocument, referentialIdOf } from './check.ts';
export type { CheckedDocument, CheckOptions, CheckResult } from './checking/checked-document.ts';
export { parseDocument } from './checking/parse-document.ts';
export { type DocumentPlans, documentPlans, type ResourcePlans } from './document-plans.ts';
export {
  type BatchOptions,
  type DocumentStore,
  type IncomingDocument,
  openDocuments,
  type StoreOptions,
} from './document-store.ts';
export { type DumpedResource, type DumpOptions, dumpDocuments } from './dumping/dump-documents.ts';
export { DocumentFolder } from './files/document-folder.ts';
export { SampleConflict } from './generation/compose-document.ts';
export { DocumentWorld, type WorldDescriptor, type WorldDocument, type WorldRules } from './generation/document-world.ts';
export type { Fill } from './generation/fill.ts';
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
export { descriptorReferentialId } from './identity/referential-id.ts';
export { type ConvertedDocuments, type ConvertOptions, convertDocuments } from './loading/convert-documents.ts';
export { type LoadOptions, loadDocuments } from './loading/load-documents.ts';
export type { LoadCounts, LoadProgress, LoadReject, LoadSummary } from './loading/load-report.ts';
export { writeOrder } from './ordering/write-order.ts';
export type { DocumentFilter, Page, Scan } from './reading/page.ts';
export { snapshotWarnings } from './reading/snapshot-warning.ts';
export type { IdentifiedDocument, StoredDocument } from './reading/stored-document.ts';
export type { Descriptor } from './seeding/descriptor-entry.ts';
export {
  type DescriptorSet,
  type ReadDescriptorsOptions,
  readDescriptorSet,
  type Seeded,
  type SeedOptions,
  seedDescriptors,
} from './seeding/seed-descriptors.ts';
export type { OnConflict } from './seeding/write-descriptors.ts';
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
export { insertDescriptors, type NewDescriptor } from './writing/insert-descriptors.ts';
export type { OnExisting, Outcome, Written } from './writing/outcome.ts';
