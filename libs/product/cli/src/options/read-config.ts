/** A separate file, so that it is loaded only where a `dms.json` is given. */
export { readMappingSet } from '@dms/operations';
