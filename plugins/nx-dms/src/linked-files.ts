import { lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { type Diagnostic, diagnostic } from '@dms/diagnostics';
import { filesOf, nxPath, stepNames } from '@dms/operations';

/*
 * Nx hashes a file again when the file itself changes, and a symbolic link does not change with its target. Below a
 * link to a folder Nx hashes nothing at all. So a cached task must not read anything through a link (design 10 §6.5).
 */

/**
 * The symbolic link through which a file or folder is reached: the path itself, or the first folder on the way that is
 * a link.
 *
 * @param file relative to the workspace, like the result
 */
export function linkOnTheWay(workspaceRoot: string, file: string): string | undefined {
  // the workspace itself may be reached through links
  const parts = file === '.' ? [] : file.split('/');
  return parts
    .map((_, index) => parts.slice(0, index + 1).join('/'))
    .find((place) => isLink(path.join(workspaceRoot, place)));
}

/**
 * The symbolic link through which an artifact in a folder is reached: a link on the way to the folder, or a file in it.
 */
export function linkToArtifacts(workspaceRoot: string, folder: string): string | undefined {
  const onTheWay = linkOnTheWay(workspaceRoot, folder);
  if (onTheWay !== undefined) return onTheWay;
  const [first] = linkedNames(path.join(workspaceRoot, folder))
    .filter((name) => artifactNames.has(name))
    .sort();
  return first === undefined ? undefined : nxPath(first, folder);
}

/**
 * The symbolic link through which the ApiSchema file of a folder is reached: a link on the way, or a JSON file in it.
 */
export function linkToSchema(workspaceRoot: string, folder: string): string | undefined {
  const onTheWay = linkOnTheWay(workspaceRoot, folder);
  if (onTheWay !== undefined) return onTheWay;
  const [first] = linkedNames(path.join(workspaceRoot, folder))
    .filter((name) => name.endsWith('.json'))
    .sort();
  return first === undefined ? undefined : nxPath(first, folder);
}

const artifactNames: ReadonlySet<string> = new Set(filesOf(stepNames));

/** A missing or unreadable place does not count; its reader reports the problem. */
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
 * The problem of a `dms.json` behind a link, cached or not: targets and edges are made from it, and the daemon keeps
 * the old ones when the file behind the link changes.
 */
export function linkedMappingSet(workspaceRoot: string, file: string): Diagnostic | undefined {
  const link = linkOnTheWay(workspaceRoot, file);
  if (link === undefined) return undefined;
  const message = `${link} is a symbolic link, and Nx does not see when the file behind it changes; put the file itself there.`;
  return diagnostic('TASK_INPUT_LINKED', message, { file }, { link });
}

/** The problem of a cached task that reads through a link. */
export function linkOfCachedTask(link: string): Diagnostic {
  const message = `${link} is a symbolic link, and Nx, which caches this task, does not see when the files behind it change; put the files themselves there, or set "cache" of the target to false. If the link is new, run: npx nx reset`;
  return diagnostic('TASK_INPUT_LINKED', message, { file: link }, { link });
}
