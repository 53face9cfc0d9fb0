import { globSync } from 'tinyglobby';
import { outsideNestedWorktrees } from './nested-worktrees.ts';
import { entryOfPlugin } from './seen-by-nx.ts';

/** The files of a workspace that match a pattern as Nx reads it. */
const filesOfPattern = (workspace: string, pattern: string) =>
  new Set(globSync(pattern, { cwd: workspace, dot: true, expandDirectories: false, ignore: ['**/node_modules/**'] }));

/** Whether patterns match a file: the last one that matches decides, and `!` in front of a pattern denies. */
function matcherOf(workspace: string, patterns: readonly string[]): (file: string) => boolean {
  const sets = patterns.map((pattern) => {
    const isDenial = pattern.startsWith('!');
    return { isDenial, files: filesOfPattern(workspace, isDenial ? pattern.slice(1) : pattern) };
  });
  const isFirstDenial = sets[0]?.isDenial === true;
  return (file) => {
    const last = sets.findLast(({ files }) => files.has(file));
    return last === undefined ? isFirstDenial : !last.isDenial;
  };
}

/**
 * Whether the plugin sees a file of a workspace, relative to it (design 10 §4.2); commands leave out the others, so that
 * a `dms.json` means the same to both. Patterns of `.gitignore` do not count.
 */
export function seenFiles(workspace: string): (file: string) => boolean {
  const { include = [], exclude = [] } = entryOfPlugin(workspace) ?? {};
  const isIncluded = include.length === 0 ? () => true : matcherOf(workspace, include);
  const isExcluded = exclude.length === 0 ? () => false : matcherOf(workspace, exclude);
  return (file) => isIncluded(file) && !isExcluded(file) && outsideNestedWorktrees(workspace, [file]).length > 0;
}
