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
const patternCharacters = /[*?[\]{}]|[!+@](?=\()/g;

export function isPattern(file: string): boolean {
  return file.search(patternCharacters) >= 0;
}

/** The path with `_` in place of what would make it a pattern. */
export function withoutPatterns(file: string): string {
  return file.replace(patternCharacters, '_');
}
