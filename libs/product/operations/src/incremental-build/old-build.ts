import { readdirSync, statSync } from 'node:fs';
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
  return folders.some((folder) =>
    listFiles(path.join(repository, folder))
      .filter(
        (name) => /(?:^|[/\\])(?:src|page)[/\\].*\.(?:tsx?|css|json)$/.test(name) && !/\.(?:spec|d)\.ts$/.test(name),
      )
      .some((name) => statSync(path.join(repository, folder, name)).mtimeMs > built),
  );
}

/** Empty if there is no such folder: the package may have been copied without its sources. */
function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
}
