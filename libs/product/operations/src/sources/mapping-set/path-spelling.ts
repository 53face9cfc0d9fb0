import path from 'node:path';
import { type Diagnostic, diagnostic } from '@dms/diagnostics';
import { isThere, otherSpelling } from '@dms/files';
import { mappingSetFile } from './mapping-set.ts';
import { isInside, nxPath } from './workspace-path.ts';

/** A text in a `dms.json` that names a file or folder of the workspace. */
interface WrittenPlace {
  readonly pointer: string;
  readonly written: string;
  /** Relative to the workspace. */
  readonly place: string;
}

/**
 * The place as the disk spells it, relative to the workspace, if `dms.json` spells it otherwise. The folders that hold
 * the `dms.json` too are taken as they are: the file does not spell them.
 *
 * @param folder the folder of the `dms.json`, relative to the workspace, like `place`
 */
export function placeOnDisk(workspaceRoot: string, folder: string, place: string): string | undefined {
  const above = nxPath(folder).split('/');
  const parts = place.split('/');
  const differs = parts.findIndex((part, index) => part !== above[index]);
  if (place === '.' || differs < 0) return undefined;
  const shared = parts.slice(0, differs).join('/');
  const right = otherSpelling(path.join(workspaceRoot, shared), parts.slice(differs).join('/'));
  return right === undefined ? undefined : nxPath(right, shared);
}

/**
 * `CONFIG_PATH_SPELLING` for a place that the disk spells otherwise; undefined if it is right, or if it does not exist.
 * Patterns of Nx and most file systems of Linux know letter case: a task would not run again after a change of the
 * file, and a clone elsewhere would not find it (design 10 §5).
 *
 * @param file the `dms.json`, relative to the workspace
 */
export function spellingDiagnostic(
  workspaceRoot: string,
  file: string,
  { pointer, written, place }: WrittenPlace,
): Diagnostic | undefined {
  const folder = path.posix.dirname(file);
  const onDisk = placeOnDisk(workspaceRoot, folder, place);
  if (onDisk === undefined) return undefined;
  const expected = path.posix.relative(folder, onDisk);
  return misspelt(pointer, { written, expected }, { file, path: pointer });
}

function misspelt(
  named: string,
  { written, expected }: { readonly written: string; readonly expected: string },
  where: Diagnostic['where'],
): Diagnostic {
  // two texts that differ only in how letters are composed look the same
  const how =
    expected.normalize('NFC') === nxPath(written).normalize('NFC') ? ', with its letters composed otherwise' : '';
  const message = `${named} is ${JSON.stringify(written)}, but the name on the disk is ${JSON.stringify(expected)}${how}; correct it. Nx, and other systems, would not find it as it is written.`;
  return diagnostic('CONFIG_PATH_SPELLING', message, where, { path: written, expected });
}

/** `CONFIG_PATH_SPELLING` for the option `source` of a target that somebody has written by hand, if it is misspelt. */
export function sourceSpelling(workspaceRoot: string, source: string): Diagnostic | undefined {
  const written = nxPath(source);
  const expected = isInside(written) ? placeOnDisk(workspaceRoot, '.', written) : undefined;
  return expected === undefined ? undefined : misspelt('The option "source"', { written, expected }, { file: source });
}

/**
 * `CONFIG_PATH_SPELLING` for an entry of `schemas` that names a folder or a file in another spelling than the disk,
 * relative to the `dms.json` or to the workspace.
 */
export function entrySpelling(
  workspaceRoot: string,
  file: string,
  entry: string,
  pointer: string,
): Diagnostic | undefined {
  for (const from of [file, mappingSetFile]) {
    const place = nxPath(entry, path.posix.dirname(from));
    if (!isInside(place)) continue;
    const found = spellingDiagnostic(workspaceRoot, from, { pointer, written: entry, place });
    if (found) return { ...found, where: { file, path: pointer } };
    if (isThere(path.join(workspaceRoot, place))) return undefined;
  }
  return undefined;
}
