import path from 'node:path';
import { isThere } from '@dms/files';

/**
 * Converts a path to the form of Nx: relative to the workspace, with `/`, without `.` parts and without a trailing `/`;
 * the workspace itself is `.`. An absolute path stays absolute.
 */
export function nxPath(file: string, folder = '.'): string {
  if (path.posix.isAbsolute(file) || path.win32.isAbsolute(file)) return file;
  const joined = path.posix.join(folder, file);
  return joined.length > 1 && joined.endsWith('/') ? joined.slice(0, -1) : joined;
}

/** The path of a file or folder of the disk in the form of Nx. */
export const workspacePath = (workspace: string, place: string): string =>
  path.relative(workspace, path.resolve(place)).split(path.sep).join('/') || '.';

/** Whether a result of `nxPath` is the workspace or a path in it. */
export function isInside(file: string): boolean {
  return !path.posix.isAbsolute(file) && !path.win32.isAbsolute(file) && file !== '..' && !file.startsWith('../');
}

/** The characters that Nx reads as a pattern in the inputs and outputs of a target; they cannot be escaped. */
const patternCharacters = /[*?[\]{}()\\]/g;

/** The pattern characters, for messages. */
export const patternCharactersText = '* ? [ ] { } ( ) \\';

export function isPattern(file: string): boolean {
  return file.search(patternCharacters) >= 0;
}

/** Folders of tools, which may empty them or use their contents. */
const toolFolders = ['node_modules', '.git', '.nx'];

/**
 * The expected kind of folder, if a folder inside the workspace cannot be used for artifacts; undefined if it can. In
 * the workspace itself, the files would mix with those of all projects.
 */
export function expectedOutputFolder(folder: string): string | undefined {
  if (folder === '.') return 'a folder below the workspace, not the workspace itself';
  const parts = folder.split('/');
  const tool = toolFolders.find((name) => parts.includes(name));
  if (tool !== undefined) return `a folder that is not in ${tool}`;
  return isPattern(folder) ? `a name without ${patternCharactersText}` : undefined;
}

/** Whether a folder is `parent` or inside it; both paths are results of `nxPath`. */
export function isIn(parent: string, folder: string): boolean {
  return folder === parent || folder.startsWith(`${parent}/`);
}

/** The default folder for the artifacts of a project. */
export function usualOutputFolder(root: string, outputDirectory = 'dist'): string {
  return withoutPatterns(path.posix.join(outputDirectory, root));
}

/** The path with `_` in place of the pattern characters. */
function withoutPatterns(file: string): string {
  return file.replace(patternCharacters, '_');
}

/** The folder with an `nx.json` that contains a file; otherwise the folder of the file. */
export function workspaceOf(file: string): string {
  const own = path.dirname(path.resolve(file));
  for (let folder = own; ; folder = path.dirname(folder)) {
    if (isThere(path.join(folder, 'nx.json'))) return folder;
    if (folder === path.dirname(folder)) return own;
  }
}

/** A text as the name of a project: lower case, with `-` in place of everything but letters and digits. */
export const projectSlug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/**
 * The name of a project without a name of its own (design 10 §4.2): the base name of its folder, or its whole path if
 * nothing of that is left.
 *
 * @param root relative to the workspace; for the workspace itself, its base name
 */
export const usualProjectName = (root: string): string =>
  projectSlug(path.posix.basename(root)) || projectSlug(root) || 'project';
