/** All generators; each has a separate bundle. */
export { mappingSetGenerator } from './mapping-set.ts';
export { initGenerator, removeGenerator } from './registration.ts';
export { schemaGenerator } from './schema.ts';
