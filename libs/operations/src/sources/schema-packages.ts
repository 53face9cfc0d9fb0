import { gunzipSync } from 'node:zlib';
import { counted, fail } from '@dms/diagnostics';
import { compareBy, inputSize, readInput } from '@dms/files';

/** A file in a package. */
export interface PackedFile {
  /** Its name in messages: the package, and the path inside it. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The names that ApiSchema files have, in any letter case. */
const schemaName = /(ApiSchema|api-schema)[^/]*\.json$/i;

/** A package comes from somebody else: these limits are many times what the schemas of the data standard have. */
const limits = { packed: 128 * 1024 ** 2, unpacked: 512 * 1024 ** 2 };

/** What a reader of one kind of package returns: a name inside the package, and bytes. */
type Unpack = (bytes: Uint8Array) => Promise<readonly PackedFile[]>;

const isWanted = (name: string) => schemaName.test(name) && !name.split(/[/\\]/).includes('node_modules');

/** The files are compressed together, so what is not wanted counts too. */
async function entriesOfTarball(bytes: Uint8Array): Promise<readonly PackedFile[]> {
  const { parseTar } = await import('nanotar');
  const tar = gunzipSync(bytes, { maxOutputLength: limits.unpacked });
  const found = parseTar(tar, { filter: ({ name, type }) => type === 'file' && isWanted(name) });
  return found.map(({ name, data }) => ({ name, bytes: data ?? new Uint8Array() }));
}

/** The sizes that an archive declares are those that the reader makes room for: a file never becomes larger. */
async function entriesOfZip(bytes: Uint8Array): Promise<readonly PackedFile[]> {
  const { unzipSync } = await import('fflate');
  let size = 0;
  const files = unzipSync(bytes, {
    filter({ name, originalSize }) {
      if (!isWanted(name)) return false;
      size += originalSize;
      if (size > limits.unpacked) throw new Error(`it has more than ${counted(limits.unpacked, 'byte')} of schemas`);
      return true;
    },
  });
  return Object.entries(files).map(([name, content]) => ({ name, bytes: content }));
}

const readers: readonly { readonly ending: RegExp; readonly unpack: Unpack }[] = [
  { ending: /\.(tgz|tar\.gz)$/i, unpack: entriesOfTarball },
  { ending: /\.(nupkg|zip)$/i, unpack: entriesOfZip },
];

/** Whether a path has the ending of a package: an npm tarball (`.tgz`, `.tar.gz`) or a NuGet package (`.nupkg`, `.zip`). */
export const isPackage = (file: string): boolean => readers.some(({ ending }) => ending.test(file));

/**
 * The files of a package with the name of an ApiSchema file, by name, without those of nested packages (design 10 §8).
 * Nothing is written, and no path of the package is used for anything but its name. Throws `INPUT_PACKAGE_INVALID` for a
 * file that cannot be unpacked or is too large, and the `INPUT_FILE_*` codes.
 *
 * @param file with an ending that {@link isPackage} knows
 * @param from its name in messages
 */
export async function filesInPackage(file: string, from: string = file): Promise<readonly PackedFile[]> {
  const { unpack } = readers.find(({ ending }) => ending.test(file)) ?? {};
  if (unpack === undefined) throw new Error(`${from} is not called like a package.`);
  const invalid = (cause: string): never => {
    const text = `${from} cannot be unpacked (${cause}); name an npm tarball or a NuGet package.`;
    return fail('INPUT_PACKAGE_INVALID', text, { file: from }, { path: from, cause });
  };
  if ((await inputSize(file)) > limits.packed) invalid(`it has more than ${counted(limits.packed, 'byte')}`);
  const bytes = await readInput(file, from);
  const found = await unpack(bytes).catch((error: unknown) =>
    invalid(error instanceof Error ? error.message : String(error)),
  );
  return found
    .map(({ name, bytes: content }) => ({ name: `${from}!/${name}`, bytes: content }))
    .sort(compareBy(({ name }) => name));
}
