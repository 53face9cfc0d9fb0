import { describe } from 'vitest';
import { someOf } from './property-runs.ts';

/**
 * Runs quick specs once more in a long one: their searches try as much as a long spec does, and what differs between
 * engines runs on the embedded one. A run takes half of the specs of a package, a thorough search all. A spec whose
 * searches deserve more than `npm test` gives them is named in the `quick-specs.long.spec.ts` of its package.
 *
 * @param folder of the long spec
 * @param specs paths from there
 */
export function onceMore(folder: string, specs: readonly string[]): void {
  // with a query it is a module of its own, also where the worker has run the quick spec
  describe.each(someOf(specs, 2))('%s', (spec) => import(/* @vite-ignore */ `${folder}/${spec}?long`));
}
