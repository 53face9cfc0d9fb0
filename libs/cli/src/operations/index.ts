/* What the commands and the library do alike: the pipeline, and where in a file a mistake is. */

export { check, emit } from './emit.ts';
export { hash } from './hash.ts';
export { readMappingSet } from './read-mapping-set.ts';
