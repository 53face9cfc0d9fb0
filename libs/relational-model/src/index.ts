export { type DerivedModel, type DeriveModelSettings, deriveModel } from './derive-model.ts';
export { type ManifestFingerprint, modelManifestText } from './manifest/model-manifest.ts';
export {
  projectRollUp,
  resourceDetail,
  singleResourceManifest,
  singleResourceManifestText,
} from './manifest/resource-manifest.ts';
export { FullNames } from './model/full-names.ts';
export { type IdentityFacts, identityColumns } from './model/identity-elements.ts';
export type * from './model/inventory.ts';
export type * from './model/model.ts';
export { isSyntheticFlag, presenceColumnsOf, resolveStorage } from './model/storage.ts';
export { inventoryText, modelText, readInventory, readModel } from './model-file/model-file.ts';
export { findCollisions, type NameRegistration } from './naming/collisions.ts';
export { isDocumentIdName } from './naming/constraint-name.ts';
export { authSchema, coreSchema, physicalSchemaName } from './naming/physical-schema.ts';
