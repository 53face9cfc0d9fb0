import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type ApiSchemaDocument, type ApiSchemaFile, normalizedSchemaText, readApiSchemaFiles } from '@dms/api-schema';
import { counted, diagnostic, fail, failIfAny, listOfNames } from '@dms/diagnostics';
import { inputSize, readInput, realName, statsAt } from '@dms/files';
import { compareBy, compareOrdinal, expectNoPointer, groupBy, isJsonObject, type JsonValue } from '@dms/values';
import { glob } from 'tinyglobby';

/** An ApiSchema file that was found. */
export interface FoundSchema {
  /** Its path, relative to the current folder if the place was given so; in a package `<package>!/<path>`. */
  readonly file: string;
  readonly project: string;
  /** The name of the project in API paths. */
  readonly endpoint: string;
  readonly version: string;
  readonly isExtension: boolean;
  /** The version of the ApiSchema format. */
  readonly format: string;
  /**
   * The version of the Ed-Fi data standard: of a core, or the one that an extension was made for; null if the file does
   * not say.
   */
  readonly standard: string | null;
}

/** The ApiSchema files in folders and packages. */
export interface FoundSchemas {
  /** One file per project, the core before its extensions. */
  readonly schemas: readonly FoundSchema[];
  /** Their contents, in the same order. */
  readonly documents: readonly ApiSchemaDocument[];
  /** Files in the format of the data standard 5.1, which have to be converted first. */
  readonly older: readonly string[];
  /** Whether a file is in a package. */
  isPacked(file: string): boolean;
  /** The bytes of a file. */
  bytesOf(file: string): Promise<Uint8Array>;
}

/**
 * Finds ApiSchema files: in folders at any depth, `node_modules` included, in packages of NuGet and npm, and named
 * directly (design 10 §5). A JSON file that only has the name of an ApiSchema file is left out.
 *
 * Throws `INPUT_FILE_NOT_FOUND` for a place that does not exist, and if there is no such file at all,
 * `INPUT_PACKAGE_INVALID`, `CONFIG_SCHEMA_DUPLICATE` for two files of one project, and the codes of reading a file.
 *
 * @param ignore patterns of files to leave out of folders
 */
export async function findSchemas(
  places: readonly string[],
  { ignore = [] }: { readonly ignore?: readonly string[] } = {},
): Promise<FoundSchemas> {
  const found = (await Promise.all(places.map((place) => candidatesAt(place, ignore)))).flat();
  const candidates = new Map(withoutLinks(found).map((candidate) => [candidate.file, candidate]));
  const files = [...candidates.values()];
  const { documents, unread } = await readApiSchemaFiles(files);
  failIfAny(unread);
  const readable = documents.flatMap((document) => {
    const schema = schemaOf(document);
    // throws the error of such a file
    if (schema === undefined && candidates.get(document.file)?.isNamed && !isOlder(document))
      normalizedSchemaText(document);
    return schema === undefined ? [] : [{ schema, document }];
  });
  readable.sort(
    (a, b) =>
      Number(a.schema.isExtension) - Number(b.schema.isExtension) || compareOrdinal(a.schema.project, b.schema.project),
  );
  const schemas = readable.map(({ schema }) => schema);
  const older = documents.filter(isOlder).map(({ file }) => file);
  if (schemas.length + older.length === 0) {
    const message = `${listOfNames(places)} has no ApiSchema file (*ApiSchema*.json); name the package, or the folder that it was unpacked in.`;
    fail('INPUT_FILE_NOT_FOUND', message, {}, { path: places.join(', ') });
  }
  checkOnce(schemas);
  const bytesIn = (file: string) => candidates.get(file)?.bytes;
  return {
    schemas,
    documents: readable.map(({ document }) => document),
    older,
    isPacked: (file) => bytesIn(file) !== undefined,
    bytesOf: async (file) => bytesIn(file) ?? (await readInput(file)),
  };
}

/** A file to check. If it was named directly, it must be an ApiSchema file. */
interface CandidateFile extends ApiSchemaFile {
  readonly isNamed?: true;
  /** The real path, to which all links to the file lead. */
  readonly real: string;
}

async function candidatesAt(place: string, ignore: readonly string[]): Promise<readonly CandidateFile[]> {
  const found = statsAt(place);
  if (found === undefined) {
    const message = `${place} does not exist; name a folder, a package (.nupkg, .tgz) or an ApiSchema file.`;
    return fail('INPUT_FILE_NOT_FOUND', message, { file: place }, { path: place });
  }
  if (found.isDirectory()) return inFolder(place, ignore);
  const real = await realName(place);
  if (!isPackage(place)) return [{ file: place, isNamed: true, real }];
  const packed = await filesInPackage(place);
  return packed.map(({ name, bytes }) => ({ file: name, bytes, real: `${real}${name.slice(place.length)}` }));
}

/** The patterns of the names of ApiSchema files, in any letter case. */
const schemaFiles = ['**/*ApiSchema*.json', '**/*api-schema*.json'];

async function inFolder(folder: string, ignore: readonly string[]): Promise<CandidateFile[]> {
  const options = { cwd: folder, dot: true, caseSensitiveMatch: false, expandDirectories: false, ignore: [...ignore] };
  const files = (await glob(schemaFiles, options)).map((name) => path.join(folder, name));
  return Promise.all(files.map(async (file) => ({ file, real: await realName(file) })));
}

/**
 * Each file once, by name: a file that was named directly comes before one in a folder; of several names of the same file
 * the first in order counts.
 */
function withoutLinks(found: readonly CandidateFile[]): readonly CandidateFile[] {
  const inOrder = [...found].sort((a, b) => compareOrdinal(a.file, b.file));
  const named = inOrder.filter(({ isNamed }) => isNamed);
  const first = new Map<string, CandidateFile>();
  for (const each of [...named, ...inOrder]) if (!first.has(each.real)) first.set(each.real, each);
  return [...first.values()].sort((a, b) => compareOrdinal(a.file, b.file));
}

function schemaOf({ file, root }: ApiSchemaDocument): FoundSchema | undefined {
  const schema = isJsonObject(root) ? root.get('projectSchema') : undefined;
  if (!isJsonObject(root) || !isJsonObject(schema)) return undefined;
  const project = text(schema.get('projectName'));
  if (project === '') return undefined;
  const version = text(schema.get('projectVersion'));
  const isExtension = schema.get('isExtensionProject') === true;
  return {
    file,
    project,
    endpoint: text(schema.get('projectEndpointName')),
    version,
    isExtension,
    format: text(root.get('apiSchemaVersion')),
    standard: isExtension ? text(schema.get('compatibleDsRange')) || null : standardOf(project, version),
  };
}

const text = (value: JsonValue | undefined) => (typeof value === 'string' ? value : '');

/** The data standard of a core: the first two numbers of its version. */
const standardOf = (project: string, version: string): string | null =>
  project === 'Ed-Fi' ? (/^\d+\.\d+/.exec(version)?.[0] ?? null) : null;

const isOlder = ({ root }: ApiSchemaDocument) => isJsonObject(root) && root.has('projectSchemas');

/** Refuses two files of the same project: two versions of it, or the same one twice. */
function checkOnce(schemas: readonly FoundSchema[]): void {
  failIfAny(
    [...groupBy(schemas, ({ project }) => project)].flatMap(([project, same]) => {
      const [, second] = same;
      if (second === undefined) return [];
      const places = same.map(({ file, version }) => `${file} (${version})`);
      const message = `${project} is in ${places.join(' and in ')}; name the folder or the package of the one that you want.`;
      return [diagnostic('CONFIG_SCHEMA_DUPLICATE', message, { file: second.file }, { project, paths: places })];
    }),
  );
}

/** A file in a package. */
export interface PackedFile {
  /** Its name in messages: the package, and the path inside it. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The names of ApiSchema files, in any letter case. */
const schemaName = /(ApiSchema|api-schema)[^/]*\.json$/i;

/** Limits for packages, which come from others: many times the size of the schemas of the data standard. */
const limits = { packed: 128 * 1024 ** 2, unpacked: 512 * 1024 ** 2 };

/** Unpacks one kind of package; each file has its name inside the package, and its bytes. */
type Unpack = (bytes: Uint8Array) => Promise<readonly PackedFile[]>;

const isWanted = (name: string) => schemaName.test(name) && !name.split(/[/\\]/).includes('node_modules');

/** All files of a tarball are compressed together, so unwanted files count towards the limit too. */
async function entriesOfTarball(bytes: Uint8Array): Promise<readonly PackedFile[]> {
  const { parseTar } = await import('nanotar');
  const tar = gunzipSync(bytes, { maxOutputLength: limits.unpacked });
  const found = parseTar(tar, { filter: ({ name, type }) => type === 'file' && isWanted(name) });
  return found.map(({ name, data }) => ({ name, bytes: data ?? new Uint8Array() }));
}

/** The reader allocates the sizes that an archive declares, so a file never becomes larger than that. */
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

/** Whether a path ends like a package: an npm tarball (`.tgz`, `.tar.gz`) or a NuGet package (`.nupkg`, `.zip`). */
export const isPackage = (file: string): boolean => readers.some(({ ending }) => ending.test(file));

/**
 * The files of a package with the name of an ApiSchema file, by name, without those of nested packages (design 10 §8).
 * Nothing is written, and paths in the package serve as names only. Throws `INPUT_PACKAGE_INVALID` for a file that
 * cannot be unpacked or is too large, `INPUT_LFS_POINTER`, and the `INPUT_FILE_*` codes.
 *
 * @param file a path for which {@link isPackage} is true
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
  expectNoPointer(bytes, from);
  const found = await unpack(bytes).catch((error: unknown) =>
    invalid(error instanceof Error ? error.message : String(error)),
  );
  return found
    .map(({ name, bytes: content }) => ({ name: `${from}!/${name}`, bytes: content }))
    .sort(compareBy(({ name }) => name));
}
