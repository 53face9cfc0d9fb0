import { lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { type Diagnostic, diagnostic } from '@dms/diagnostics';
import { filesOf, nxPath, stepNames } from '@dms/pipeline';

/*
 * Nx hashes a file anew when the file itself changes, and a symbolic link does not change with what it leads to. Below a link to a
 * folder Nx hashes nothing at all. So a task that Nx caches must read nothing through a link (design 10 §6.5).
 */

/**
 * The symbolic link through which a file or folder is reached: itself, or the first folder on the way to it that is one.
 *
 * @param file relative to the workspace, like the result
 */
export function linkOnTheWay(workspaceRoot: string, file: string): string | undefined {
  // the workspace itself may be reached through whatever there is
  const parts = file === '.' ? [] : file.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/')).find((place) => isLink(path.join(workspaceRoot, place)));
}

/** The symbolic link through which an artifact in a folder is reached: one on the way to the folder, or a file in it. */
export function linkToArtifacts(workspaceRoot: string, folder: string): string | undefined {
  const onTheWay = linkOnTheWay(workspaceRoot, folder);
  if (onTheWay !== undefined) return onTheWay;
  const [first] = linkedNames(path.join(workspaceRoot, folder))
    .filter((name) => artifactNames.has(name))
    .sort();
  return first === undefined ? undefined : nxPath(first, folder);
}

const artifactNames: ReadonlySet<string> = new Set(filesOf(stepNames));

/** A place that is missing or unreadable does not count: whoever reads it says what is wrong. */
function isLink(place: string): boolean {
  try {
    return lstatSync(place).isSymbolicLink();
  } catch {
    return false;
  }
}

function linkedNames(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isSymbolicLink()).map(({ name }) => name);
  } catch {
    return [];
  }
}

/**
 * What is wrong with a `dms.json` behind a link, cached or not: targets and edges are made of it, and the daemon keeps those of
 * before while the file behind the link has become another one.
 */
export function linkedMappingSet(workspaceRoot: string, file: string): Diagnostic | undefined {
  const link = linkOnTheWay(workspaceRoot, file);
  if (link === undefined) return undefined;
  const message = `${link} is a symbolic link, and Nx does not see when the file behind it changes; put the file itself there.`;
  return diagnostic('TASK_INPUT_LINKED', message, { file }, { link });
}

/** What is wrong with a task that Nx caches and that reads through a link. */
export function linkOfCachedTask(link: string): Diagnostic {
  const message = `${link} is a symbolic link, and Nx, which caches this task, does not see when the files behind it change; put the files themselves there, or set "cache" of the target to false. If the link is new, run: npx nx reset`;
  return diagnostic('TASK_INPUT_LINKED', message, { file: link }, { link });
}
