import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isThere } from '@dms/files';
import ignore from 'ignore';

/*
 * Files that Nx does not see (design 10 §6.6). The library of patterns is here and not in the plugin, each of whose
 * files would contain it.
 */

/** The files in which Nx looks for patterns; within one folder, patterns of the later file take precedence. */
const patternFiles = ['.gitignore', '.nxignore'];

/**
 * Why Nx does not see a file: a pattern names the file or a folder on the way to it. All paths are relative to the
 * workspace.
 */
export interface Ignored {
  readonly file: string;
  /** The file, or the ignored folder on the way to it. */
  readonly place: string;
  /** The folder with the pattern that decides. */
  readonly patternFolder: string;
}

/** The patterns of a folder. */
type Patterns = ReturnType<typeof ignore>;

/** The patterns that a run has read, by folder. */
export type ReadPatterns = Map<string, Patterns>;

/**
 * Why Nx ignores a file; undefined if it does not. Files in an ignored folder cannot be included again, so the first
 * such folder decides.
 *
 * @param known patterns of folders, to check many files
 */
export function ignoredFile(workspaceRoot: string, file: string, known: ReadPatterns = new Map()): Ignored | undefined {
  const parts = file === '.' ? [] : file.split('/');
  for (let length = 1; length <= parts.length; length += 1) {
    const place = parts.slice(0, length);
    const patternFolder = decidingFolder(workspaceRoot, place, length < parts.length, known);
    if (patternFolder !== undefined) return { file, place: place.join('/'), patternFolder };
  }
  return undefined;
}

/** The nearest folder with a verdict about a place, if the verdict is to ignore it. */
function decidingFolder(
  workspaceRoot: string,
  place: readonly string[],
  isFolder: boolean,
  known: ReadPatterns,
): string | undefined {
  for (let depth = place.length - 1; depth >= 0; depth -= 1) {
    const folder = place.slice(0, depth);
    const { ignored, unignored } = patternsIn(path.join(workspaceRoot, ...folder), known).test(
      `${place.slice(depth).join('/')}${isFolder ? '/' : ''}`,
    );
    if (ignored) return folder.join('/') || '.';
    if (unignored) return undefined;
  }
  return undefined;
}

function patternsIn(folder: string, known: ReadPatterns): Patterns {
  const read = known.get(folder);
  if (read) return read;
  const patterns = ignore();
  known.set(folder, patterns);
  for (const name of patternFiles) {
    const file = path.join(folder, name);
    if (isThere(file)) patterns.add(readFileSync(file, 'utf8'));
  }
  return patterns;
}
