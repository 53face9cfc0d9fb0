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
  // every run in the repository checks more than a thousand files, so paths are joined without normalizing them
  const holdsNewer = (folder: string, isOfSources: boolean): boolean =>
    entriesOf(folder).some((entry) => {
      const { name } = entry;
      if (entry.isDirectory()) return holdsNewer(`${folder}/${name}`, isOfSources || sourceFolders.has(name));
      return isOfSources && isSource(name) && statSync(`${folder}/${name}`).mtimeMs > built;
    });
  return folders.some((folder) => holdsNewer(path.join(repository, folder), false));
}

const sourceFolders: ReadonlySet<string> = new Set(['src', 'page']);

const isSource = (name: string) => /\.(?:tsx?|css|json)$/.test(name) && !/\.(?:spec|d)\.ts$/.test(name);

/** Empty if there is no such folder: the package may have been copied without its sources. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
