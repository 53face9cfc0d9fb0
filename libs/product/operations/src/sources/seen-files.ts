import path from 'node:path';
import { type FileSystemAdapter, globSync } from 'tinyglobby';
import { outsideNestedWorktrees } from './nested-worktrees.ts';
import { entriesOfPlugin } from './seen-by-nx.ts';

/** Folders in which Nx sees no file. */
const unseenFolders = ['**/node_modules/**', '**/.git/**', '.nx/**'];

/**
 * Whether a file matches a pattern as Nx reads it. The pattern is tried on a tree that holds this file alone: a pattern
 * with `**` in front would otherwise read every folder of the workspace.
 *
 * @param file relative to the workspace
 */
function matchesFile(pattern: string, file: string): boolean {
  const parts = file.split('/');
  const readdirSync = (folder: string) => {
    const above = path.relative(treeOfOne, folder).split(path.sep).filter(Boolean);
    const name = parts[above.length];
    return name === undefined || above.some((part, index) => part !== parts[index])
      ? []
      : [entryOf(name, above.length === parts.length - 1)];
  };
  const fs = { readdirSync } as unknown as FileSystemAdapter;
  const options = { cwd: treeOfOne, dot: true, expandDirectories: false, ignore: unseenFolders, fs };
  return globSync(pattern, options).length > 0;
}

/** The place of a tree with one file; it is never read. */
const treeOfOne = path.resolve('/workspace');

const entryOf = (name: string, isFile: boolean) => ({
  name,
  isFile: () => isFile,
  isDirectory: () => !isFile,
  isSymbolicLink: () => false,
});

/** Whether patterns match a file: the last one that matches decides, and `!` in front of a pattern denies. */
function matcherOf(patterns: readonly string[]): (file: string) => boolean {
  const isFirstDenial = patterns[0]?.startsWith('!') === true;
  return (file) => {
    const last = patterns.findLast((pattern) => matchesFile(pattern.replace(/^!/, ''), file));
    return last === undefined ? isFirstDenial : !last.startsWith('!');
  };
}

/**
 * Whether the plugin sees a file of a workspace, relative to it (design 10 §4.2); commands leave out the others, so that
 * a `dms.json` means the same to both. Patterns of `.gitignore` do not count.
 */
export function seenFiles(workspace: string): (file: string) => boolean {
  const entries = entriesOfPlugin(workspace).map(({ include = [], exclude = [] }) => {
    const isIncluded = include.length === 0 ? () => true : matcherOf(include);
    const isExcluded = exclude.length === 0 ? () => false : matcherOf(exclude);
    return (file: string) => isIncluded(file) && !isExcluded(file);
  });
  const isOfEntry = (file: string) => entries.length === 0 || entries.some((accepts) => accepts(file));
  return (file) => isOfEntry(file) && outsideNestedWorktrees(workspace, [file]).length > 0;
}
