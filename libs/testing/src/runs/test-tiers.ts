import { globSync } from 'tinyglobby';

/**
 * Specs that replace modules: each file has a worker of its own. The others leave nothing behind but in databases and
 * folders of their own, so their files share workers.
 */
export const actingSpecs = [
  'libs/product/cli/test/databases/restricted-login.long.spec.ts',
  'libs/product/operations/src/incremental-build/killed-step.long.spec.ts',
  'libs/base/files/src/{file-identity,mounted-output,new-folder,open-files,real-name,replace-files}.spec.ts',
  'libs/base/files/src/open-files.long.spec.ts',
  'plugins/nx-dms/src/generators/generators.spec.ts',
  'plugins/nx-dms/src/index.spec.ts',
  'tests/{added-kinds-in-use,open-files-of-commands,stub-generation}.long.spec.ts',
];

/**
 * Slow specs with short texts, the slowest first. Without earlier runs Vitest starts them late, by their size, so that
 * the other workers of a run, above all of a shard, would wait for them.
 */
export const slowSpecs = [
  'libs/product/cli/test/guides/guides-in-order.long.spec.ts',
  'libs/product/cli/test/program/ended-early.long.spec.ts',
  'libs/product/cli/test/databases/killed-provision.long.spec.ts',
  'libs/product/cli/test/guides/moving-guide.long.spec.ts',
];

/**
 * The rooms whose behaviour depends on Node: files, streams, processes, sockets, JSON, bytes. `ci.yml` runs every quick
 * spec under each version of Node, also the commands on databases, which use Node by way of these rooms.
 */
const roomsOfNode = [
  'libs/base/files/',
  'libs/base/values/',
  'libs/compiler/api-schema/',
  'libs/compiler/packs/',
  'libs/data/databases/src/drivers/',
  'libs/data/databases/src/engines/',
  'libs/data/databases/src/failures/',
  'libs/data/databases/src/lent/',
  'libs/data/loading/src/files/',
  'libs/product/cli/src/',
  'libs/product/cli/test/artifacts/',
  'libs/product/cli/test/clients/',
  'libs/product/cli/test/documents/',
  'libs/product/cli/test/program/',
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
