import { readFileSync } from 'node:fs';
import { globSync } from 'tinyglobby';

/** Imports of what a quick run takes a smaller share of: seeds or engines. */
const shared = /import \{[^}]*\b(?:databaseEngines|provisionedEngines|propertyRuns|seeds|shareOf|isQuick)\b[^}]*\} from/;

/**
 * The spec files of a tier. `quick` is `npm test`: every rule, with a share of each search. `rest` is what that leaves: the specs that take long,
 * whose names end in `.long.spec.ts`, and those that took a share: their searches with more runs, and the engines that the quick run left out. Any
 * other value is all of them.
 *
 * @param {string} tier
 * @returns {(patterns: readonly string[]) => string[]} the files of the tier that the patterns match, as paths from the root
 */
export function specsOfTier(tier) {
  const found = (/** @type {readonly string[]} */ patterns) =>
    globSync([...patterns], { ignore: ['**/node_modules/**', '**/dist/**'] }).sort();
  if (tier !== 'quick' && tier !== 'rest') return found;
  const isLong = (/** @type {string} */ file) => file.endsWith('.long.spec.ts');
  const isOfTier = (/** @type {string} */ file) =>
    tier === 'quick' ? !isLong(file) : isLong(file) || shared.test(readFileSync(file, 'utf8'));
  return (patterns) => found(patterns).filter(isOfTier);
}
