/* The operations that the commands and the library share: the pipeline, and the position of a mistake in its file. */

export { check, emit } from './emit.ts';
export { hash } from './hash.ts';
export { readMappingSet } from './read-mapping-set.ts';
