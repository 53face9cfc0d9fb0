import { createRequire } from 'node:module';
import { DmsError, fail, formatDiagnostic } from '@dms/diagnostics';
import { isInside, nxPath } from '@dms/operations';
import type { Tree } from 'nx/src/devkit-exports';

/**
 * Formats the files written by a generator in the style of the workspace. `@nx/devkit` does this; without it the files
 * stay as written. The plugin does not depend on it, because npm would install the newest version beside any version of
 * Nx.
 */
export async function formatWritten(tree: Tree): Promise<void> {
  if (!isInstalled('@nx/devkit')) return;
  const devkit = await import('@nx/devkit');
  await devkit.formatFiles(tree);
}

/** Whether a package is there, even if it is broken. Each resolver has its own words for a missing one, and one code. */
export function isInstalled(
  name: string,
  resolve: (name: string) => string = createRequire(import.meta.url).resolve,
): boolean {
  try {
    resolve(name);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return error.code !== 'MODULE_NOT_FOUND';
    throw error;
  }
}

/**
 * Runs a generator so that Nx, which prints the message of an exception, prints the same as for a task: code, file and
 * place.
 */
export async function reporting<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DmsError) error.message = error.diagnostics.map((entry) => formatDiagnostic(entry)).join('\n');
    throw error;
  }
}

interface NewFolder {
  /** The option `directory`. */
  readonly directory: string | undefined;
  /** The folder without that option. */
  readonly usual: string;
  /** Whether it may be the workspace itself. */
  readonly mayBeWorkspace?: boolean;
  /** Whether a file is in the way. */
  readonly isTaken: (file: string) => boolean;
}

/** A path that was typed, as PowerShell completes it: `.\schemas\campus\`. No folder of Nx has a backslash in its name. */
export const typedPath = (text: string): string => nxPath(text.replaceAll('\\', '/'));

/**
 * The folder of a new project; it must be inside the workspace, and hold no file that is in the way. Throws
 * `GENERATOR_OPTION_INVALID` and `GENERATOR_TARGET_EXISTS`.
 */
export function newFolder(tree: Tree, { directory, usual, mayBeWorkspace = false, isTaken }: NewFolder): string {
  const folder = typedPath(directory ?? usual);
  if (!isInside(folder) || (folder === '.' && !mayBeWorkspace)) {
    const expected = 'a folder inside the workspace';
    const message = `--directory is ${JSON.stringify(directory)}; expected ${expected}.`;
    fail('GENERATOR_OPTION_INVALID', message, { file: folder }, { option: 'directory', expected });
  }
  const files = (tree.exists(folder) ? tree.children(folder) : []).filter(isTaken).map((file) => nxPath(file, folder));
  if (files.length > 0) {
    const message = `${files.join(', ')} exists already; remove it, or choose another folder with --directory.`;
    fail('GENERATOR_TARGET_EXISTS', message, { file: folder }, { path: folder, files });
  }
  return folder;
}
