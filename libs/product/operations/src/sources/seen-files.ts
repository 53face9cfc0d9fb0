import { globSync } from 'tinyglobby';
import { outsideNestedWorktrees } from './nested-worktrees.ts';
import { entriesOfPlugin } from './seen-by-nx.ts';

/** Folders in which Nx sees no file. */
const unseenFolders = ['**/node_modules/**', '**/.git/**', '.nx/**'];

/** The files of a workspace that match a pattern as Nx reads it. */
const filesOfPattern = (workspace: string, pattern: string) =>
  new Set(globSync(pattern, { cwd: workspace, dot: true, expandDirectories: false, ignore: unseenFolders }));

/** Whether patterns match a file: the last one that matches decides, and `!` in front of a pattern denies. */
function matcherOf(workspace: string, patterns: readonly string[]): (file: string) => boolean {
  const ofPatterns = patterns.map((pattern) => {
    const isDenial = pattern.startsWith('!');
    let files: ReadonlySet<string> | undefined;
    const has = (file: string) => {
      // the folders are walked only if a file is asked for
      files ??= filesOfPattern(workspace, isDenial ? pattern.slice(1) : pattern);
      return files.has(file);
    };
    return { isDenial, has };
  });
  const isFirstDenial = ofPatterns[0]?.isDenial === true;
  return (file) => {
    const last = ofPatterns.findLast(({ has }) => has(file));
    return last === undefined ? isFirstDenial : !last.isDenial;
  };
}

/**
 * Whether the plugin sees a file of a workspace, relative to it (design 10 §4.2); commands leave out the others, so that
 * a `dms.json` means the same to both. Patterns of `.gitignore` do not count.
 */
export function seenFiles(workspace: string): (file: string) => boolean {
  const entries = entriesOfPlugin(workspace).map(({ include = [], exclude = [] }) => {
    const isIncluded = include.length === 0 ? () => true : matcherOf(workspace, include);
    const isExcluded = exclude.length === 0 ? () => false : matcherOf(workspace, exclude);
    return (file: string) => isIncluded(file) && !isExcluded(file);
  });
  const isOfEntry = (file: string) => entries.length === 0 || entries.some((accepts) => accepts(file));
  return (file) => isOfEntry(file) && outsideNestedWorktrees(workspace, [file]).length > 0;
}
