export { authTable, hierarchyIndexName } from './auth-table.ts';
export { modelTables } from './derive-indexes.ts';
export { deriveInventory } from './derive-inventory.ts';
