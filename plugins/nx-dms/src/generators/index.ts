/** All generators; each has a bundle of its own. */
export { mappingSetGenerator } from './mapping-set.ts';
export { initGenerator, removeGenerator } from './registration.ts';
export { schemaGenerator } from './schema.ts';
