import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { fail } from '@dms/diagnostics';
import { inputError, readInput, statsAt } from '@dms/files';
import { filesInPackage, isPackage, type PackedFile } from '@dms/operations';

/** A file with the name of an ApiSchema file; in messages it is called by its path, in a package by the path inside it. */
export type SchemaSource = PackedFile;

/** The source of a generator: one file, or the candidates in a folder or a package. */
export type SchemaSources =
  | { readonly kind: 'file'; readonly sources: readonly [SchemaSource] }
  | { readonly kind: 'folder' | 'package'; readonly sources: readonly SchemaSource[] };

/** The same file names as in inference (design 10 §4.2). */
const schemaName = /^[^/]*(ApiSchema|api-schema)[^/]*\.json$/;

export function isSchemaName(file: string): boolean {
  return schemaName.test(path.posix.basename(file));
}

/**
 * Finds the files to copy (design 10 §8): `from` is a file, a folder, an npm tarball (`.tgz`, `.tar.gz`) or a NuGet
 * package (`.nupkg`, `.zip`). In a folder it considers only the files directly in it, in a package all files except
 * those of nested packages.
 *
 * @param file absolute
 * @param from its name in messages
 */
export async function findSchemaSources(file: string, from: string): Promise<SchemaSources> {
  const found = statsAt(file, from);
  if (found === undefined) {
    const message = `${from} does not exist; name a file, a folder or a package, relative to the workspace.`;
    return fail('GENERATOR_SOURCE_MISSING', message, { file: from }, { path: from });
  }
  if (found.isDirectory()) return { kind: 'folder', sources: await inFolder(file, from) };
  if (isPackage(file)) return { kind: 'package', sources: await filesInPackage(file, from) };
  return { kind: 'file', sources: [{ name: from, bytes: await readInput(file, from) }] };
}

async function inFolder(folder: string, from: string): Promise<SchemaSource[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw inputError(error, folder, from);
  });
  const names = entries.filter((entry) => !entry.isDirectory() && isSchemaName(entry.name)).map(({ name }) => name);
  const shown = (name: string) => path.posix.join(from, name);
  return Promise.all(
    names
      .sort()
      .map(async (name) => ({ name: shown(name), bytes: await readInput(path.join(folder, name), shown(name)) })),
  );
}
