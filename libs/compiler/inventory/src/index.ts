export { authColumns, authTable, hierarchyTriggerName } from './derive-hierarchy.ts';
export { deriveInventory } from './derive-inventory.ts';
export type * from './inventory.ts';
export { inventoryText, readInventory } from './inventory.ts';
export { inventoryFindings } from './inventory-limits.ts';
export {
  modelManifestText,
  singleResourceManifest,
} from './manifest/model-manifest.ts';
export {
  columnTerm,
  constraintTerm,
  eventTerm,
  indexTerm,
  listed,
  type Phrase,
  pathTerm,
  phraseText,
  resourceTerm,
  type Term,
  tableTerm,
} from './phrase.ts';
export { maintainedIdentities, type NamedColumns, unknownColumn } from './unknown-column.ts';
