import { createRequire } from 'node:module';
import { DmsError, fail, formatDiagnostic } from '@dms/diagnostics';
import { isInside, nxPath } from '@dms/operations';
import type { Tree } from 'nx/src/devkit-exports';

/**
 * Formats the files written by a generator in the style of the workspace. `@nx/devkit` does this; without it the files
 * stay as written. The plugin does not depend on `@nx/devkit`, because npm would install its newest version beside any
 * version of Nx.
 */
export async function formatWritten(tree: Tree): Promise<void> {
  if (!isInstalled('@nx/devkit')) return;
  const devkit = await import('@nx/devkit');
  await devkit.formatFiles(tree);
}

/**
 * Whether a package exists, even if it is broken. All resolvers report a missing package with the same code, but with
 * different messages.
 */
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
 * Runs a generator and puts code, file and place of its diagnostics into the message of the exception, which Nx prints.
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
  /** The folder if the option is not given. */
  readonly usual: string;
  /** Whether it may be the workspace itself. */
  readonly mayBeWorkspace?: boolean;
  /** Whether a file prevents a project in its folder. */
  readonly isTaken: (file: string) => boolean;
}

/**
 * Normalizes a typed path, which may have backslashes from the completion of PowerShell: `.\schemas\campus\`. No folder
 * of Nx has a backslash in its name.
 */
export const typedPath = (text: string): string => nxPath(text.replaceAll('\\', '/'));

/**
 * The folder of a new project; it must be inside the workspace, and must not contain a file for which `isTaken` is
 * true. Throws `GENERATOR_OPTION_INVALID` and `GENERATOR_TARGET_EXISTS`.
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
