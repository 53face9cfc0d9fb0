import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * The files that are not in a worktree of the same repository: `git worktree add ./wt` puts a second copy of all
 * projects into the workspace, and each would be a project with the name of the first (design 10 §4.2). Files of a
 * submodule or of another repository are kept.
 *
 * @param files relative to the workspace
 */
export function outsideNestedWorktrees(workspaceRoot: string, files: readonly string[]): readonly string[] {
  const own = repositoryAround(workspaceRoot);
  if (own === undefined) return files;
  const known = new Map<string, boolean>([['.', false]]);
  const isInWorktree = (folder: string): boolean => {
    const cached = known.get(folder);
    if (cached !== undefined) return cached;
    const found =
      repositoryOfWorktree(path.join(workspaceRoot, folder)) === own || isInWorktree(path.posix.dirname(folder));
    known.set(folder, found);
    return found;
  };
  return files.filter((file) => !isInWorktree(path.posix.dirname(file)));
}

/** The `.git` folder of the repository around a folder, which may itself be a worktree. */
function repositoryAround(folder: string): string | undefined {
  const entry = path.join(folder, '.git');
  if (statsOf(entry)?.isDirectory()) return entry;
  const parent = path.dirname(folder);
  return repositoryOfWorktree(folder) ?? (parent === folder ? undefined : repositoryAround(parent));
}

/**
 * The stats of a path; undefined if it does not exist, or if the system denies access: a closed folder has no projects.
 */
function statsOf(place: string) {
  try {
    return statSync(place);
  } catch {
    return undefined;
  }
}

/** The `.git` folder of the repository of a worktree; undefined for any other folder. */
function repositoryOfWorktree(folder: string): string | undefined {
  const place = readText(path.join(folder, '.git'))?.match(/^gitdir: (.+)/)?.[1];
  if (place === undefined) return undefined;
  const gitFolder = path.resolve(folder, place.trim());
  // Git writes this file only for worktrees
  const common = readText(path.join(gitFolder, 'commondir'));
  return common === undefined ? undefined : path.resolve(gitFolder, common.trim());
}

/** The text of a file; undefined if it does not exist or cannot be read. */
function readText(file: string): string | undefined {
  try {
    return statsOf(file)?.isFile() ? readFileSync(file, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}
