import { describe } from 'vitest';
import { isThorough, someOf } from './property-runs.ts';

// the query makes it a separate module, even if the worker has already run the quick spec
const again = (folder: string) => (spec: string) => import(/* @vite-ignore */ `${folder}/${spec}?long`);

/**
 * Runs quick specs once more in a long one: their searches run as often as in a long spec, and tests that depend on the
 * engine use the embedded one. A run takes half of the specs of a package, a thorough search all. The
 * `quick-specs.long.spec.ts` of a package lists the specs whose searches should run more often than in `npm test`.
 *
 * @param folder the folder of the long spec
 * @param specs paths relative to that folder
 */
export function onceMore(folder: string, specs: readonly string[]): void {
  describe.each(someOf(specs, 2))('%s', again(folder));
}

/** The same for quick specs that try more cases in a thorough search only: other runs would repeat `npm test`. */
export function onceMoreInSearches(folder: string, specs: readonly string[]): void {
  describe.runIf(isThorough).each(specs)('%s (needs DMS_PROPERTY_RUNS above 1)', again(folder));
}
