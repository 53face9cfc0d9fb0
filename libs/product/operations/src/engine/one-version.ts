import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fail } from '@dms/diagnostics';

/** The two packages with the program: they work only in the same version (design 10 §3.1). */
const packages = ['nx-dms', 'dms-ddl'] as const;

/** The version of a package that a file in `folder` would load; undefined if it would find none. */
function versionFrom(folder: string, name: string): string | undefined {
  try {
    const manifest = createRequire(path.join(folder, 'package.json')).resolve(`${name}/package.json`);
    return JSON.parse(readFileSync(manifest, 'utf8')).version;
  } catch {
    return undefined;
  }
}

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
  const found = folders.flatMap((folder) => packages.map((name) => ({ name, version: versionFrom(folder, name) })));
  // a command alone may run in any folder, also beside another version of it
  if (running.name === 'dms-ddl' && !found.some((each) => each.name === 'nx-dms' && each.version !== undefined)) return;
  const { name, version } = found.find((each) => each.version !== undefined && each.version !== running.version) ?? {};
  if (name === undefined || version === undefined) return;
  const isOfWorkspace = `${running.name} ${running.version} runs in a workspace with ${name} ${version}`;
  const message = `${isOfWorkspace}; nx-dms and dms-ddl work together only in the same version. Name one version of both in package.json, and install again.`;
  fail(
    'CONFIG_VERSIONS_DIFFER',
    message,
    { file: 'package.json' },
    { running: { ...running }, other: { name, version } },
  );
}
