import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { counted, fail } from '@dms/diagnostics';
import { compareBy, inputError, readInput, statsAt } from '@dms/files';
import { unzipSync } from 'fflate';
import { parseTar } from 'nanotar';

/** A file with the name of an ApiSchema file. */
export interface SchemaSource {
  /** Its name in messages: its path, or the package and the path inside it. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The source of a generator: one file, or the candidates in a folder or a package. */
export type SchemaSources =
  | { readonly kind: 'file'; readonly sources: readonly [SchemaSource] }
  | { readonly kind: 'folder' | 'package'; readonly sources: readonly SchemaSource[] };

/** The same file names as in inference (design 10 §4.2). */
const schemaName = /^[^/]*(ApiSchema|api-schema)[^/]*\.json$/;

export function isSchemaName(file: string): boolean {
  return schemaName.test(path.posix.basename(file));
}

/** The largest unpacked size of a package; the schemas of the Ed-Fi data standard have 30 MB. */
const packageLimit = 1024 ** 3;

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
  const bytes = await readInput(file, from);
  const read = /\.(tgz|tar\.gz)$/i.test(file)
    ? entriesOfTarball
    : /\.(nupkg|zip)$/i.test(file)
      ? entriesOfZip
      : undefined;
  if (!read) return { kind: 'file', sources: [{ name: from, bytes }] };
  const sources = read(bytes, from)
    .map(({ name, bytes: content }) => ({ name: `${from}!/${name}`, bytes: content }))
    .sort(compareBy(({ name }) => name));
  return { kind: 'package', sources };
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

const isWanted = (name: string) => isSchemaName(name) && !name.split('/').includes('node_modules');

function entriesOfTarball(bytes: Uint8Array, from: string): SchemaSource[] {
  return unpacked(from, () => {
    const tar = gunzipSync(bytes, { maxOutputLength: packageLimit });
    return parseTar(tar, { filter: ({ name, type }) => type === 'file' && isWanted(name) }).map(({ name, data }) => {
      return { name, bytes: data ?? new Uint8Array() };
    });
  });
}

function entriesOfZip(bytes: Uint8Array, from: string): SchemaSource[] {
  return unpacked(from, () => {
    let size = 0;
    const files = unzipSync(bytes, {
      filter({ name, originalSize }) {
        if (!isWanted(name)) return false;
        size += originalSize;
        if (size > packageLimit) throw new Error(`it is larger than ${counted(packageLimit, 'byte')}`);
        return true;
      },
    });
    return Object.entries(files).map(([name, content]) => ({ name, bytes: content }));
  });
}

function unpacked<Result>(from: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    const message = `${from} cannot be unpacked (${cause}); name an npm tarball or a NuGet package.`;
    return fail('GENERATOR_SOURCE_INVALID', message, { file: from }, { path: from, cause });
  }
}
