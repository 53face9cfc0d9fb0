import { DmsError, formatDiagnostic } from '@dms/diagnostics';
import type { Tree } from 'nx/src/devkit-exports';

/**
 * Formats the files written by a generator in the style of the workspace. `@nx/devkit` does this; without it the files
 * stay as written. The plugin does not depend on it, because npm would install the newest version beside any version of
 * Nx.
 */
export async function formatWritten(tree: Tree): Promise<void> {
  const devkit = await import('@nx/devkit').catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  await devkit?.formatFiles(tree);
}

/** Whether the package is missing; a broken package is a different case. */
function isMissing(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  const isUnresolved = error.code === 'MODULE_NOT_FOUND' || error.code === 'ERR_MODULE_NOT_FOUND';
  return isUnresolved && /Cannot find (module|package) '@nx\/devkit'/.test(error.message);
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
