export type { MappingVersion } from '@dms/api-schema';
export {
  bindingOrder,
  constraintOrder,
  edgeSourceOrder,
  orderColumns,
  type ReferenceGroup,
  tableOrder,
} from './canonical-order.ts';
export {
  core,
  coreV1,
  coreV2,
  descriptorLengths,
  descriptorMembers,
  referentialIdentityColumns,
} from './core-objects.ts';
export { type DocumentPlace, equalPlaces, itemReference } from './documents/document-rules.ts';
export {
  type DocumentArray,
  type DocumentLeaf,
  type DocumentNode,
  type DocumentObject,
  type DocumentReference,
  documentLeaf,
  documentTree,
  lastPart,
  type TreeTable,
} from './documents/document-tree.ts';
export { FullNames, qualified, type TableNameKey, unqualified } from './full-names.ts';
export { Identities, identityBlocksByResource } from './identity-elements.ts';
export { integerWidthDifferences } from './invariants/foreign-key-columns.ts';
export { structureFindings } from './invariants/table-shape.ts';
export { brokenInvariants, validateModel } from './invariants/validate-model.ts';
export { type LimitPlace, limitFinding, moreThanLimit } from './limit-finding.ts';
export type * from './model.ts';
export { fallbackDecimal, noSecurableElements, unspecifiedIdentity } from './model.ts';
export {
  type ArtifactKind,
  invalidArtifact,
  modelText,
  readArtifact,
  readJsonArtifact,
  readModel,
  readShape,
} from './model-file/model-file.ts';
export { type ModelIndex, modelIndex } from './model-index.ts';
export { mustExist } from './must-exist.ts';
export { findCollisions, type NameRegistration } from './naming/collisions.ts';
export { endpointName } from './naming/endpoint-name.ts';
export {
  authSchema,
  coreSchema,
  type FinalName,
  type FullName,
  isDescriptorRoleNamed,
  isFieldMatchedPart,
  isReferenceRoleNamed,
  pascalCase,
  pascalCaseAll,
  physicalSchemaName,
  singularize,
  usualSingular,
} from './naming/name-forms.ts';
export { namePartsOf, referentialIdNamespace } from './referential-id-name.ts';
export { type CopiedType, fittingCopies } from './room-of-copies.ts';
export type { DatabaseShape } from './shapes.ts';
export * as shapes from './shapes.ts';
export {
  isSyntheticFlag,
  presenceColumnsOf,
  resolveStorage,
  type StorageColumn,
  storedColumn,
  storedName,
} from './storage.ts';
export { constraintColumns, isMirroredKind, isWrittenByTriggers } from './table-facts.ts';
export {
  completeKeyedResource,
  type KeyedResource,
  keyedTableIdentity,
} from './v1/complete-model.ts';
