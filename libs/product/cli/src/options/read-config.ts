/** A separate file, so that it is loaded only if a `dms.json` is given. */
export { readMappingSet } from '@dms/operations';
