import { globSync } from 'tinyglobby';

/**
 * The spec files of a tier, which the name of a file tells: `quick` is `npm test`, all but `.long.spec.ts`; `rest` is
 * what that leaves; any other value is all of them. The function gives the files that match patterns, as paths from the
 * root.
 */
export function specsOfTier(tier: string): (patterns: readonly string[]) => string[] {
  const isOfTier = (file: string) =>
    (tier !== 'quick' && tier !== 'rest') || file.endsWith('.long.spec.ts') === (tier === 'rest');
  return (patterns) =>
    globSync([...patterns], { ignore: ['**/node_modules/**', '**/dist/**'] })
      .sort()
      .filter(isOfTier);
}
