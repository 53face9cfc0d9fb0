import type { Tree } from 'nx/src/devkit-exports';

/**
 * Formats what a generator has written, as the workspace formats its files. `@nx/devkit` knows how; where it is not installed the
 * files stay as they are written. The plugin does not ask for it: npm would add the newest one, whatever Nx there is.
 */
export async function formatWritten(tree: Tree): Promise<void> {
  const devkit = await import('@nx/devkit').catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  await devkit?.formatFiles(tree);
}

/** Whether the package itself is not there; one that is broken is another matter. */
function isMissing(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  const isUnresolved = error.code === 'MODULE_NOT_FOUND' || error.code === 'ERR_MODULE_NOT_FOUND';
  return isUnresolved && /Cannot find (module|package) '@nx\/devkit'/.test(error.message);
}
