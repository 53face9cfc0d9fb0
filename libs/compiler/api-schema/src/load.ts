import { append, type Diagnostic, DmsError, failIfAny } from '@dms/diagnostics';
import { readInput } from '@dms/files';
import { isJsonObject, type JsonValue } from '@dms/values';
import { parseApiSchema } from './parse-api-schema.ts';

/** A parsed ApiSchema file; `file` is its name in messages. */
export interface ApiSchemaDocument {
  readonly file: string;
  readonly root: JsonValue;
}

/** A file to load. */
export interface ApiSchemaFile {
  readonly file: string;
  /** Its name in messages; default: its path. */
  readonly name?: string;
  /** Its content, if it has been read already. */
  readonly bytes?: Uint8Array;
}

async function load({ file, name = file, bytes }: ApiSchemaFile): Promise<ApiSchemaDocument> {
  return { file: name, root: parseApiSchema(bytes ?? (await readInput(file, name)), name) };
}

/** Reads and parses one file (design 01 §3). Throws `INPUT_FILE_*`, `INPUT_TOO_LARGE`,
 * `INPUT_UNICODE_INVALID` and the `INPUT_JSON_*` codes. */
export function loadApiSchemaFile(file: string, name: string = file): Promise<ApiSchemaDocument> {
  return load({ file, name });
}

/** The parsed documents of a list of files, and the errors of the other files, in the given order. */
export interface ReadApiSchemas {
  readonly documents: ApiSchemaDocument[];
  readonly unread: readonly Diagnostic[];
}

/**
 * Reads the given files; unreadable files are reported in the result. Codes: `INPUT_FILE_*`, `INPUT_TOO_LARGE`,
 * `INPUT_UNICODE_INVALID`, `INPUT_JSON_*`.
 */
export async function readApiSchemaFiles(files: readonly ApiSchemaFile[]): Promise<ReadApiSchemas> {
  const results = await Promise.allSettled(files.map(load));
  const unread: Diagnostic[] = [];
  const documents: ApiSchemaDocument[] = [];
  for (const result of results) {
    if (result.status === 'fulfilled') documents.push(result.value);
    else if (result.reason instanceof DmsError) append(unread, result.reason.diagnostics);
    else throw result.reason;
  }
  return { documents, unread };
}

/** Reads the given files; throws the diagnostics of all files together. */
export async function loadApiSchemaFiles(files: readonly ApiSchemaFile[]): Promise<ApiSchemaDocument[]> {
  const { documents, unread } = await readApiSchemaFiles(files);
  failIfAny(unread);
  return documents;
}

/**
 * Commands take files in any order. If exactly one document has `isExtensionProject: false`, it comes first; otherwise
 * the order stays. This only determines which file messages call `core`.
 */
export function coreFirst(documents: readonly ApiSchemaDocument[]): ApiSchemaDocument[] {
  const isCore = ({ root }: ApiSchemaDocument) => {
    const project = isJsonObject(root) ? root.get('projectSchema') : undefined;
    return isJsonObject(project) && project.get('isExtensionProject') === false;
  };
  const cores = documents.filter(isCore);
  if (cores.length !== 1) return [...documents];
  return [...cores, ...documents.filter((document) => !isCore(document))];
}

/** `core` for the first document, `extension[i]` for the others: the short names that messages and details use. */
export function sourceLabel(index: number): string {
  return index === 0 ? 'core' : `extension[${index - 1}]`;
}
