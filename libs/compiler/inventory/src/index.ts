export { deriveInventory } from './derive-inventory.ts';
export {
  type AuthEdOrgEntity,
  type AuthEdOrgHierarchy,
  authColumns,
  authTable,
  type NamedColumns,
} from './hierarchy.ts';
export type * from './inventory.ts';
export { inventoryText, readInventory } from './inventory.ts';
export { inventoryFindings } from './inventory-limits.ts';
export { modelManifestText, resourceDetail } from './manifest/model-manifest.ts';
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
export {
  type AbstractIdentityTrigger,
  type AuthHierarchyTrigger,
  type DbTrigger,
  type DocumentStampingTrigger,
  hierarchyEvents,
  type IdentityPropagationTrigger,
  kindOfTrigger,
  maintainedIdentities,
  type ReferentialIdentityTrigger,
  type ReferrerUpdate,
  type TriggerEvent,
  triggerSentence,
  triggerWords,
} from './trigger-kinds.ts';
export { unknownColumn } from './unknown-column.ts';
