import { readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { type ApiSchemaDocument, type ReadApiSchemas, readApiSchemaFiles } from '@dms/api-schema';
import { diagnostic, fail, failIfAny } from '@dms/diagnostics';
import { compareOrdinal, isThere } from '@dms/files';

/** An ApiSchema text in memory, with a name for messages. */
export interface SchemaText {
  readonly name: string;
  /** Bytes are UTF-8. */
  readonly content: string | Uint8Array;
}

/** An ApiSchema: the path of its file, or a text in memory. */
export type SchemaInput = string | SchemaText;

/** The unique name of a file, however it was given; a missing file is reported later. */
const realName = (file: string) => realpath(file).catch(() => path.resolve(file));

/**
 * Refuses a file that is given twice, by the same name or by two. Otherwise the error would be about two projects with
 * the same name.
 */
async function checkDistinct(inputs: readonly SchemaInput[]): Promise<void> {
  const files = inputs.filter((input) => typeof input === 'string');
  const named = await Promise.all(files.map(async (file) => [await realName(file), file] as const));
  const known = new Map<string, string>();
  failIfAny(
    named.flatMap(([name, file]) => {
      const first = known.get(name);
      if (first === undefined) {
        known.set(name, file);
        return [];
      }
      const text =
        first === file ? `${file} is given twice` : `${file} is the same file as ${first}, which is given already`;
      return [diagnostic('CONFIG_SCHEMA_DUPLICATE', `${text}; leave one of them out.`, { file }, { file, first })];
    }),
  );
}

/**
 * Reads ApiSchemas as far as they can be read, in the given order; derivation goes on with those. Throws
 * `CONFIG_SCHEMA_DUPLICATE` for a file that is given twice; codes: `INPUT_*`.
 */
export async function readSchemas(inputs: readonly SchemaInput[]): Promise<ReadApiSchemas> {
  await checkDistinct(inputs);
  return readApiSchemaFiles(
    inputs.map((input) =>
      typeof input === 'string' ? { file: input } : { file: input.name, bytes: Buffer.from(input.content) },
    ),
  );
}

/** The same; throws the problems of all files together. */
export async function loadSchemas(inputs: readonly SchemaInput[]): Promise<ApiSchemaDocument[]> {
  const { documents, unread } = await readSchemas(inputs);
  failIfAny(unread);
  return documents;
}

/** The files that the plugin treats as ApiSchema files, unless its option `schemaPattern` says otherwise. */
const isSchemaFile = (name: string) => /(ApiSchema|api-schema).*\.json$/.test(name);

/** The names of the ApiSchema files in a folder, in ordinal order. */
export const schemaFilesIn = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder)).filter(isSchemaFile).sort(compareOrdinal);

/**
 * The one ApiSchema file of a folder. Throws `INPUT_FILE_NOT_FOUND` where there is none, and
 * `PROJECT_FILES_AMBIGUOUS` where there are several.
 */
export async function schemaFileIn(folder: string): Promise<string> {
  const [file, ...others] = await schemaFilesIn(folder);
  const where = { file: folder };
  if (file === undefined)
    return fail('INPUT_FILE_NOT_FOUND', `${folder} has no ApiSchema file (*ApiSchema*.json); name one.`, where, {
      path: folder,
    });
  if (others.length === 0) return path.join(folder, file);
  const files = [file, ...others].map((name) => path.join(folder, name));
  const text = `${folder} has several ApiSchema files: ${files.join(', ')}; name one of them.`;
  return fail('PROJECT_FILES_AMBIGUOUS', text, where, { files });
}

/**
 * The files of a path or pattern: a file with exactly that name, otherwise the files that match, in ordinal order.
 * Throws `INPUT_FILE_NOT_FOUND` for a pattern without matches; for a missing path the reader reports the error.
 */
export async function matchingFiles(pattern: string): Promise<readonly string[]> {
  // a file whose name looks like a pattern takes precedence
  if (isThere(pattern)) return [pattern];
  // loaded on demand, because few runs need it
  const { glob, isDynamicPattern } = await import('tinyglobby');
  if (!isDynamicPattern(pattern)) return [pattern];
  const slashed = process.platform === 'win32' ? pattern.replaceAll('\\', '/') : pattern;
  const files = await glob(slashed, { ignore: '**/node_modules/**', expandDirectories: false });
  if (files.length > 0) return files.sort(compareOrdinal);
  return fail('INPUT_FILE_NOT_FOUND', `No file matches ${pattern}; check the pattern.`, {}, { path: pattern });
}
