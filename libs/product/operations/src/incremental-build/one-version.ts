import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fail } from '@dms/diagnostics';

/** The two packages with the program: they work only in the same version (design 10 §3.1). */
const packages = ['nx-dms', 'dms-ddl'] as const;

/** Those of the packages that a file in `folder` would load, with their versions. */
const packagesOf = (folder: string) =>
  packages.flatMap((name) => {
    try {
      const manifest = createRequire(path.join(folder, 'package.json')).resolve(`${name}/package.json`);
      const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
      return typeof version === 'string' ? [{ name, version }] : [];
    } catch {
      return [];
    }
  });

/**
 * Expects that the packages which the folders would load have the version of the running program. Throws
 * `CONFIG_VERSIONS_DIFFER`, which names both versions.
 *
 * @param running the program that runs: its package and version
 */
export function expectOneVersion(
  running: { readonly name: (typeof packages)[number]; readonly version: string },
  folders: readonly string[],
): void {
  const found = folders.flatMap(packagesOf);
  // a command alone may run in any folder, also beside another version of it
  if (running.name === 'dms-ddl' && found.every(({ name }) => name !== 'nx-dms')) return;
  const other = found.find(({ version }) => version !== running.version);
  if (other === undefined) return;
  const isOfWorkspace = `${running.name} ${running.version} runs in a workspace with ${other.name} ${other.version}`;
  const message = `${isOfWorkspace}; nx-dms and dms-ddl work together only in the same version. Name one version of both in package.json, and install again.`;
  fail('CONFIG_VERSIONS_DIFFER', message, { file: 'package.json' }, { running: { ...running }, other });
}
