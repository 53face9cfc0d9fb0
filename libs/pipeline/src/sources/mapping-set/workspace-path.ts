import path from 'node:path';

/**
 * A path as Nx writes it: relative to the workspace, with `/`, without `.` parts and without one at the end; the workspace itself
 * is `.`. An absolute path stays absolute.
 */
export function nxPath(file: string, folder = '.'): string {
  if (path.posix.isAbsolute(file) || path.win32.isAbsolute(file)) return file;
  const joined = path.posix.join(folder, file);
  return joined.length > 1 && joined.endsWith('/') ? joined.slice(0, -1) : joined;
}

/** Whether a result of `nxPath` is the workspace or lies in it. */
export function isInside(file: string): boolean {
  return !path.posix.isAbsolute(file) && !path.win32.isAbsolute(file) && file !== '..' && !file.startsWith('../');
}

/** What Nx takes for a pattern in the inputs and outputs of a target, where a name cannot be written so that it is none. */
const patternCharacters = /[*?[\]{}()\\]/g;

/** As messages name them. */
export const patternCharactersText = '* ? [ ] { } ( ) \\';

export function isPattern(file: string): boolean {
  return file.search(patternCharacters) >= 0;
}

/** The path with `_` in place of what would make it a pattern. */
function withoutPatterns(file: string): string {
  return file.replace(patternCharacters, '_');
}

/** Folders that belong to tools, which may empty them or take what lies in them for their own. */
const toolFolders = ['node_modules', '.git', '.nx'];

/**
 * What is expected of a folder inside the workspace that artifacts are to be written to, when it is not that. Files in the
 * workspace itself would lie among those of all projects.
 */
export function outputFolderFault(folder: string): string | undefined {
  if (folder === '.') return 'a folder below the workspace, not the workspace itself';
  const parts = folder.split('/');
  const tool = toolFolders.find((name) => parts.includes(name));
  if (tool !== undefined) return `a folder that is not in ${tool}`;
  return isPattern(folder) ? `a name without ${patternCharactersText}` : undefined;
}

/** Whether a folder is `parent` or lies in it; both are results of `nxPath`. */
export function isIn(parent: string, folder: string): boolean {
  return folder === parent || folder.startsWith(`${parent}/`);
}

/** The folder of the artifacts of a project where nothing else is said. */
export function usualOutputFolder(root: string, outputDirectory = 'dist'): string {
  return withoutPatterns(path.posix.join(outputDirectory, root));
}
