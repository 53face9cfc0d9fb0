/** All executors by the names of their targets, with capitals for hyphens; each has a separate bundle. */
export { checkGolden } from './check-golden.ts';
export { checkDb, provisionDb, statusDb, upgradeDb } from './database-executors.ts';
export { normalizeSchema, normalizeSchemas } from './normalize-schema.ts';
export * from './step-executors.ts';
export { translateDocuments } from './translate-documents.ts';
