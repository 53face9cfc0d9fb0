export { readChanges, type TrackedChange } from './changes/read-changes.ts';
export {
  checkDocument,
  documentDiagnostics,
  idTexts,
  referentialIdOf,
} from './checking/check-document.ts';
export type { CheckedDocument, CheckOfDocument, CheckOptions } from './checking/checked-document.ts';
export { givenDocument } from './checking/given-document.ts';
export { defaultTextLimit, parseDocument, type TextLimits } from './checking/parse-document.ts';
export { mergedDiagnostics, type SchemaCheck, schemaCheck, uncheckedDocuments } from './checking/schema-check.ts';
export { countedPage, readableDescriptors, readUuids, storedDocuments } from './checking/stored-documents.ts';
export { documentPlans, plansInMemory } from './document-plans.ts';
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
} from './document-store.ts';
export { valueRulesOf } from './generations.ts';
export { lowerCased } from './identity/descriptor-case.ts';
export { identityDescriptors, identityTextsOf, keyIdentity } from './identity/identity-sources.ts';
export {
  descriptorReferentialId,
  type IdentityValue,
  nameUuid,
  ReferentialIds,
  referentialIdOfText,
  type SoughtIdentity,
} from './identity/referential-id.ts';
export { type WriteGroup, writeGroups, writeOrder } from './ordering/write-order.ts';
export { isUuid } from './reading/document-uuid.ts';
export { identityLookup, scanDescriptors, storedUuids, uuidsByIdentity } from './reading/find-documents.ts';
export { lostAmong, lostDocuments } from './reading/lost-documents.ts';
export type {
  StoredDocument,
  UnreadableDocument,
} from './reading/stored-document.ts';
export { rewriteKey } from './rekeying/rewrite-key.ts';
export { type DocumentPlans, plansElsewhere, type ResourcePlans } from './resource-plans.ts';
export type { DocumentTableShape, ResourceShape } from './resource-shape.ts';
export {
  defaultRandom,
  type GeneratedDescriptor,
  type GeneratedDocument,
  type GeneratedDocuments,
  generateDocuments,
  sampleDocuments,
} from './sampling/sample-documents.ts';
export type { StoredRow } from './statements/document-statements.ts';
export { answerTo } from './statements/statement.ts';
export { documentRows as documentRowsV1, resourceWriter as resourceWriterV1 } from './v1/writing-rules.ts';
export { resourceWriter as resourceWriterV2 } from './v2/table-rows.ts';
export { newDocumentRows as newDocumentRowsV2 } from './v2/writing-rules.ts';
export { naturalKeyStatements } from './v2-natural/identity-statements.ts';
export { storedIdentities } from './v2-natural/stored-identities.ts';
export {
  dateText,
  dateTimeText,
  finiteText,
  isPlainTime,
  notPlainTime,
} from './values/dates-and-times.ts';
export { hashedText, storedValue } from './values/stored-value.ts';
export { valueKinds } from './values/value-kinds.ts';
export type { BatchTurn } from './writing/assign-ids.ts';
export { identityMayChange } from './writing/changed-identity.ts';
export {
  type Descriptor,
  descriptorUri,
  type FilePlace,
  rejectOtherLetterCase,
  whereOf,
} from './writing/descriptor.ts';
export type { OnExisting, WriteOutcome, Written } from './writing/outcome.ts';
export { type Referrer, referrersTo } from './writing/referrers.ts';
export { isTakenUuid, rejectedDocument, takenIdentity, takenUuid } from './writing/reject-diagnostics.ts';
export { StoredLookalikes } from './writing/stored-lookalikes.ts';
export type { ResolvedIds } from './writing/table-rows.ts';
export { unresolved } from './writing/targets.ts';
export {
  type DescriptorOutcome,
  descriptorBatch,
  descriptorOrder,
  insertDescriptors,
  type NewDescriptor,
  type OnConflict,
  uriClasses,
  writeDescriptors,
} from './writing/write-descriptors.ts';
