import { globSync } from 'tinyglobby';

/** The rooms whose behaviour depends on Node: files, streams, processes, sockets, JSON, bytes. */
const roomsOfNode = [
  'libs/base/files/',
  'libs/base/values/',
  'libs/compiler/api-schema/',
  'libs/compiler/packs/',
  'libs/data/databases/src/drivers/',
  'libs/data/databases/src/engines/',
  'libs/data/databases/src/failures/',
  'libs/data/databases/src/health/',
  'libs/data/databases/src/lent/',
  'libs/data/loading/src/files/',
  'libs/product/cli/',
  'plugins/',
];

/** Decides whether a spec file belongs to a tier; any other tier has all files. */
const tiers: ReadonlyMap<string, (file: string, isLong: boolean) => boolean> = new Map([
  ['quick', (_, isLong) => !isLong],
  ['rest', (_, isLong) => isLong],
  ['node', (file, isLong) => !isLong && roomsOfNode.some((room) => file.startsWith(room))],
]);

/**
 * The spec files of a tier: `quick` is `npm test`, all but `.long.spec.ts`; `rest` is the remaining ones; `node` is the
 * quick ones of the rooms that depend on Node; any other value is all of them. The returned function finds the files
 * that match patterns, as paths from the root.
 */
export function specsOfTier(tier: string): (patterns: readonly string[]) => string[] {
  const isOfTier = (file: string) => tiers.get(tier)?.(file, file.endsWith('.long.spec.ts')) ?? true;
  return (patterns) =>
    globSync([...patterns], { ignore: ['**/node_modules/**', '**/dist/**'] })
      .sort()
      .filter(isOfTier);
}
