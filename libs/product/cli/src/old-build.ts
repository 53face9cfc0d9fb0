import path from 'node:path';
import { isThere } from '@dms/files';
import { isInstalled, isOlderThanSources } from '@dms/operations';

/**
 * The warning of the program in its own repository if a source is newer than its bundle (design 10 §3.2); undefined
 * elsewhere, because the package has no sources.
 */
export function oldBuildWarning(bundle: string): string | undefined {
  const packageFolder = path.dirname(path.dirname(bundle));
  if (isInstalled(packageFolder) || !isThere(path.join(packageFolder, 'src', 'main.ts'))) return undefined;
  return isOlderThanSources(bundle, path.join(packageFolder, '../../..'), ['libs'])
    ? 'dms-ddl is older than its sources: run npm run prepare'
    : undefined;
}
