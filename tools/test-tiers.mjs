import { globSync } from 'tinyglobby';

/**
 * The spec files of a tier, which the name of a file tells: `quick` is `npm test`, all but `.long.spec.ts`; `rest` is what that leaves. Any
 * other value is all of them.
 *
 * @param {string} tier
 * @returns {(patterns: readonly string[]) => string[]} the files of the tier that the patterns match, as paths from the root
 */
export function specsOfTier(tier) {
  const isOfTier = (/** @type {string} */ file) =>
    (tier !== 'quick' && tier !== 'rest') || file.endsWith('.long.spec.ts') === (tier === 'rest');
  return (patterns) =>
    globSync([...patterns], { ignore: ['**/node_modules/**', '**/dist/**'] })
      .sort()
      .filter(isOfTier);
}
