export { authColumns, authTable, hierarchyTriggerName } from './derive-hierarchy.ts';
export { deriveInventory } from './derive-inventory.ts';
export type * from './inventory.ts';
export { inventoryText, readInventory } from './inventory.ts';
export { type InventoryFindings, inventoryFindings } from './inventory-limits.ts';
export {
  type ManifestFingerprint,
  modelManifestText,
  projectRollUp,
  singleResourceManifest,
} from './manifest/model-manifest.ts';
export { maintainedIdentities, type NamedColumns, unknownColumn } from './unknown-column.ts';
