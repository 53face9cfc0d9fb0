import { type Dirent, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/*
 * Detects an outdated bundle in the development repository, where a bundle is built by hand and still runs after a
 * source changes.
 */

/** Whether a package is installed, and not in the repository where it is developed. */
export function isInstalled(packageFolder: string): boolean {
  return packageFolder.split(path.sep).includes('node_modules');
}

/**
 * Whether a source in the repository is newer than a bundle (design 10 §3.2). Tests are not in the bundle and do not
 * count.
 *
 * @param folders with the sources of the bundle
 */
export function isOlderThanSources(bundle: string, repository: string, folders: readonly string[]): boolean {
  const built = statSync(bundle).mtimeMs;
  const holdsNewer = (folder: string): boolean =>
    entriesOf(path.join(repository, folder)).some((entry) => {
      const file = path.join(folder, entry.name);
      return entry.isDirectory()
        ? holdsNewer(file)
        : isSource(file) && statSync(path.join(repository, file)).mtimeMs > built;
    });
  return folders.some(holdsNewer);
}

const isSource = (file: string) =>
  /[/\\](?:src|page)[/\\].*\.(?:tsx?|css|json)$/.test(file) && !/\.(?:spec|d)\.ts$/.test(file);

/** Empty if there is no such folder: the package may have been copied without its sources. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
