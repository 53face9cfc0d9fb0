import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Whether a source in the repository of the plugin is newer than its bundle. Nx cannot know that, because the plugin is
 * built before Nx starts (design 10 §3.2). Tests are not in the bundle and do not count.
 *
 * @param bundle the built `index.js`
 * @param repository the workspace in which the plugin is developed
 */
export function isOlderThanSources(bundle: string, repository: string): boolean {
  const built = statSync(bundle).mtimeMs;
  const libraries = listFiles(path.join(repository, 'libs'), false).map((name) => path.join('libs', name, 'src'));
  return [...libraries, 'libs/explorer/page', 'plugins/nx-dms/src'].some((folder) => {
    const names = listFiles(path.join(repository, folder), true);
    return names
      .filter((name) => /\.(tsx?|css|json)$/.test(name) && !/\.(spec|d)\.ts$/.test(name))
      .some((name) => statSync(path.join(repository, folder, name)).mtimeMs > built);
  });
}

/** Empty if there is no such folder: the package may have been copied without its sources. */
function listFiles(folder: string, recursive: boolean): string[] {
  try {
    return readdirSync(folder, { recursive, encoding: 'utf8' });
  } catch {
    return [];
  }
}
