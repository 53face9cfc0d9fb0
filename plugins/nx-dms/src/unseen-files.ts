import { lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { type Diagnostic, diagnostic } from '@dms/diagnostics';
import { isThere } from '@dms/files';
import { filesOf, type Ignored, ignoredFile, isIn, nxPath, type ReadPatterns, stepNames } from '@dms/operations';
import { compareBy, compareOrdinal } from '@dms/values';
import type { TargetPlaces } from './inference/targets.ts';

/*
 * Nx hashes a file again only when the file itself changes, but a symbolic link does not change with its target. Below
 * a link to a folder Nx hashes nothing at all. So a cached task must not read anything through a link (design 10 §6.5).
 */

/**
 * The symbolic link through which a file or folder is reached: the path itself, or the first folder on the way that is
 * a link.
 *
 * @param file a path relative to the workspace, like the result
 */
export function linkOnTheWay(workspaceRoot: string, file: string): string | undefined {
  // the workspace itself may be reached through links
  const parts = file === '.' ? [] : file.split('/');
  return parts
    .map((_, index) => parts.slice(0, index + 1).join('/'))
    .find((place) => isLink(path.join(workspaceRoot, place)));
}

/** The symbolic link on the way to a folder, or the first link in it whose name `counts`. */
function linkIn(workspaceRoot: string, folder: string, counts: (name: string) => boolean): string | undefined {
  const onTheWay = linkOnTheWay(workspaceRoot, folder);
  if (onTheWay !== undefined) return onTheWay;
  const [first] = linkedNames(path.join(workspaceRoot, folder)).filter(counts).sort();
  return first === undefined ? undefined : nxPath(first, folder);
}

/** The symbolic link through which an artifact in a folder is reached. */
export const linkToArtifacts = (workspaceRoot: string, folder: string): string | undefined =>
  linkIn(workspaceRoot, folder, (name) => artifactNames.includes(name));

/** The first symbolic link at any depth of a folder; Nx would hash nothing behind it. */
function linkBelow(workspaceRoot: string, folder: string): string | undefined {
  const onTheWay = linkOnTheWay(workspaceRoot, folder);
  if (onTheWay !== undefined) return onTheWay;
  return entriesBelow(workspaceRoot, folder).find(({ isLink: found }) => found)?.file;
}

/** The symbolic link through which a target reads one of its places; undefined if there is none. */
export function linkOfPlaces(workspaceRoot: string, { folder, documents, files }: TargetPlaces): string | undefined {
  return (
    (folder === null ? undefined : linkToArtifacts(workspaceRoot, folder)) ??
    (documents === null ? undefined : linkBelow(workspaceRoot, documents)) ??
    files.map((file) => linkOnTheWay(workspaceRoot, file)).find((link) => link !== undefined)
  );
}

/** The files and links at any depth of a folder, relative to the workspace; empty if the folder cannot be read. */
function entriesBelow(workspaceRoot: string, folder: string): { readonly file: string; readonly isLink: boolean }[] {
  try {
    return readdirSync(path.join(workspaceRoot, folder), { withFileTypes: true })
      .sort(compareBy(({ name }) => name))
      .flatMap((entry) => {
        const file = nxPath(entry.name, folder);
        return entry.isDirectory() ? entriesBelow(workspaceRoot, file) : [{ file, isLink: entry.isSymbolicLink() }];
      });
  } catch {
    return [];
  }
}

/**
 * The symbolic link that hides the ApiSchema file of a folder, or an ApiSchema file, from Nx; any JSON file
 * in the folder counts. Undefined if there is no link.
 */
export function linkedSchema(
  workspaceRoot: string,
  place: string,
): { readonly text: string; readonly details: Readonly<Record<string, string>> } | undefined {
  const link = linkIn(workspaceRoot, place, (name) => name.endsWith('.json'));
  if (link === undefined) return undefined;
  const text = `whose file Nx does not see: ${link} is a symbolic link. If it has replaced a file, run: npx nx reset`;
  return { text, details: { link } };
}

/** Whether a place is a symbolic link; false for a missing or unreadable place, whose reader reports the reason. */
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
 * The diagnostic about a `dms.json` behind a link, cached or not: targets and edges are inferred from it, and the
 * daemon keeps the old ones when the file behind the link changes.
 */
export function linkedMappingSet(workspaceRoot: string, file: string): Diagnostic | undefined {
  const link = linkOnTheWay(workspaceRoot, file);
  if (link === undefined) return undefined;
  const message = `${link} is a symbolic link, and Nx does not see when the file behind it changes; put the file itself there.`;
  return diagnostic('TASK_INPUT_LINKED', message, { file }, { link });
}

/** The diagnostic about a cached task that reads through a link. */
export function linkOfCachedTask(link: string): Diagnostic {
  const message = `${link} is a symbolic link, and Nx, which caches this task, does not see when the files behind it change; put the files themselves there, or set "cache" of the target to false. If the link is new, run: npx nx reset`;
  return diagnostic('TASK_INPUT_LINKED', message, { file: link }, { link });
}

/*
 * Nx does not hash files that a `.gitignore` or an `.nxignore` names, unless an input requests it with `includeIgnored`
 * (Nx 23.3). The result of a task that reads such a file would come from the cache even after the file has changed
 * (design 10 §6.6).
 */

/** The places that a target reads besides the outputs of other tasks, relative to the workspace. */
interface ReadPlaces extends TargetPlaces {
  /** The folder of the project. */
  readonly root: string;
  readonly outputDirectory: string;
}

/**
 * Whether a folder of artifacts contains more than artifacts for comparison. Ignored files there are then not inputs:
 * they may be all installed packages, or the outputs of the tasks.
 */
export function holdsMore(
  folder: string,
  { root, outputDirectory }: Pick<ReadPlaces, 'root' | 'outputDirectory'>,
): boolean {
  return folder === '.' || isIn(folder, root) || isIn(folder, outputDirectory);
}

const artifactNames = filesOf(stepNames).sort(compareOrdinal);

/**
 * A file that a target reads and Nx does not hash; undefined if Nx hashes all of them.
 *
 * @param isIgnoredHashed whether this version of Nx hashes ignored files if an input requests it
 */
export function unhashedFile(workspaceRoot: string, places: ReadPlaces, isIgnoredHashed: boolean): Ignored | undefined {
  const { folder, documents, files } = places;
  const isHashed = (each: string) => isIgnoredHashed && !holdsMore(each, places);
  const artifacts = folder === null || isHashed(folder) ? [] : artifactNames.map((name) => nxPath(name, folder));
  const below = documents === null || isHashed(documents) ? [] : entriesBelow(workspaceRoot, documents);
  const read = [
    ...(isIgnoredHashed ? [] : files),
    ...artifacts.filter((artifact) => isThere(path.join(workspaceRoot, artifact))),
    ...below.map(({ file }) => file),
  ];
  const known: ReadPatterns = new Map();
  for (const each of read) {
    const found = ignoredFile(workspaceRoot, each, known);
    if (found) return found;
  }
  return undefined;
}

/** How to make Nx see an ignored file. */
export function adviceOnIgnored({ place, patternFolder }: Ignored): string {
  const pattern = `!${path.posix.relative(patternFolder, place)}`;
  return `add ${JSON.stringify(pattern)} to ${nxPath('.nxignore', patternFolder)}`;
}

/** The warning about a task that always runs because of an ignored file. */
export function ignoredInput(ignored: Ignored): Diagnostic {
  const { file } = ignored;
  const message = `${file} is ignored by a pattern, and Nx does not see when it changes; so this task runs every time. To cache it, ${adviceOnIgnored(ignored)}.`;
  return diagnostic('TASK_INPUT_IGNORED', message, { file }, { file, place: ignored.place });
}

/** The warning about a list of databases that the daemon of Nx may have read before its last change. */
export function ignoredFleet(ignored: Ignored): Diagnostic {
  const { file } = ignored;
  const message = `${file} is ignored by a pattern, and the daemon of Nx does not see when it changes: the targets may be those of an earlier list. Run npx nx reset after a change, or ${adviceOnIgnored(ignored)}.`;
  return diagnostic('TASK_INPUT_IGNORED', message, { file }, { file, place: ignored.place });
}
