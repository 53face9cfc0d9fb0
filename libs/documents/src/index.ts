export { type ChangesOptions, readChanges, type TrackedChange } from './changes/read-changes.ts';
export { checkDocument, documentProblems, referentialIdOf } from './check.ts';
export { idTexts } from './checking/check-document.ts';
export type { CheckedDocument, CheckOptions, CheckResult } from './checking/checked-document.ts';
export { defaultTextLimit, parseDocument, type TextLimits } from './checking/parse-document.ts';
export { mergedProblems, type SchemaCheck, schemaCheck } from './checking/schema-check.ts';
export { countedPage, readableDescriptors, readUuids, storedDocuments } from './checking/stored-documents.ts';
export { documentPlans } from './document-plans.ts';
export {
  type DocumentDesign,
  type DocumentSession,
  type DocumentWork,
  documentWork,
  onDocuments,
  readingWork,
  warnOfMoments,
} from './document-session.ts';
export {
  type BatchOptions,
  type DocumentStore,
  type IncomingDocument,
  openDocuments,
  type StoreOptions,
} from './document-store.ts';
export { valueRulesOf } from './generations.ts';
export { identityDescriptors } from './identity/identity-sources.ts';
export { keyIdentity } from './identity/key-identity.ts';
export { descriptorReferentialId, ReferentialIds } from './identity/referential-id.ts';
export type { SoughtIdentity } from './identity/sought-identity.ts';
export { type WriteGroup, writeGroups, writeOrder } from './ordering/write-order.ts';
export { plansElsewhere, type RowsElsewhere } from './plans-elsewhere.ts';
export { referentialIdsByUuid, uuidsByIdentity } from './reading/find-documents.ts';
export type { Page, Partitioning, Scan } from './reading/page.ts';
export type { DocumentFilter } from './reading/page-filters.ts';
export { scanDescriptors } from './reading/scan-descriptors.ts';
export type {
  IdentifiedDocument,
  StoredDocument,
  UnreadableDocument,
  UnreadableOptions,
} from './reading/stored-document.ts';
export { rewriteKey } from './rekeying/rewrite-key.ts';
export type { DocumentPlans, ResourcePlans } from './resource-plans.ts';
export type { WorldDescriptor, WorldDocument, WorldRules } from './sampling/document-world.ts';
export type { Fill } from './sampling/fill.ts';
export {
  type GeneratedDescriptor,
  type GeneratedDocument,
  type GeneratedDocuments,
  type GeneratedShape,
  type GenerationOptions,
  generateDocuments,
} from './sampling/generate-documents.ts';
export type { Identity } from './sampling/known-documents.ts';
export { type SampleDocument, type SampleOptions, sampleDocuments } from './sampling/sample-documents.ts';
export type { Scalar } from './sampling/scalar.ts';
export type { ExistingDescriptor } from './statements/descriptor-statements.ts';
export type { StoredRow } from './statements/document-statements.ts';
export { documentRows as documentRowsV1, resourceWriter as resourceWriterV1 } from './v1/table-rows.ts';
export { newDocumentRows as newDocumentRowsV2 } from './v2/new-document-rows.ts';
export { resourceWriter as resourceWriterV2 } from './v2/table-rows.ts';
export { finiteText, infiniteEnds, type Moments, type ValueRules } from './values/ends-of-time.ts';
export { dateText, dateTimeText, isPlainTime, plainTimeFault } from './values/time-text.ts';
export type { BatchTurn } from './writing/batch-turn.ts';
export { identityMayChange } from './writing/changed-identity.ts';
export { type Descriptor, descriptorUri, type FilePlace, whereOf } from './writing/descriptor.ts';
export type { WriteCondition } from './writing/expected-version.ts';
export { insertDescriptors, type NewDescriptor } from './writing/insert-descriptors.ts';
export { refuseOtherLetterCase } from './writing/letter-case.ts';
export type { OnExisting, Outcome, Written } from './writing/outcome.ts';
export { refusedDocument } from './writing/refusal.ts';
export type { ResolvedIds } from './writing/table-rows.ts';
export { type Holder, takenIdentity, takenUuid } from './writing/taken.ts';
export { unresolved } from './writing/targets.ts';
export {
  type DescriptorOutcome,
  descriptorBatch,
  descriptorOrder,
  type OnConflict,
  writeDescriptors,
} from './writing/write-descriptors.ts';
