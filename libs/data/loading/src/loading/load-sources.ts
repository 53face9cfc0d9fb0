import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { resourceLabel } from '@dms/api-schema';
import { append, type Diagnostic, DmsError, diagnostic, fail, failIfAny } from '@dms/diagnostics';
import { inputError, inputSize, isThere, isUndecoded, realName, undecodedText } from '@dms/files';
import type { RelationalModelSet } from '@dms/model';
import { compareBy, compareOrdinal } from '@dms/values';
import { ResourcePlaces } from '../files/endpoint-names.ts';
import { formOf, type RecordForm } from '../files/text-records.ts';

export type LoadSource = { readonly file: string; readonly bytes: number } & (
  | { readonly kind: 'documents' | 'descriptors'; readonly resource: string; readonly form: RecordForm }
  /** Each record names its resource. */
  | { readonly kind: 'mixed'; readonly form: RecordForm }
  /** Deletes and changed keys (design 19a §11). */
  | { readonly kind: 'changes'; readonly form: RecordForm }
  /** An interchange (design 14a §2). */
  | { readonly kind: 'xml' }
);

/** A file with the documents or descriptors of a single resource. */
export type ResourceSource = Extract<LoadSource, { readonly resource: string }>;

/** The diagnostics of files of a folder. */
interface SourceDiagnostics {
  /** Files that name no resource. */
  readonly unknown: Diagnostic[];
  /** Files that cannot be opened because of their names. */
  readonly unnamed: Diagnostic[];
}

/**
 * The files of some paths, in the order of the paths; the files of a folder by name (design 14a §1). These are files
 * that name the resource of each document, interchanges, `changes.ndjson`, and folders with
 * `<project>/<endpoint>.jsonl` or `.json`, compressed or not.
 *
 * @param onUnnamed takes files of folders that cannot be opened because of their names; without it they are errors
 */
export async function loadSources(
  model: RelationalModelSet,
  paths: readonly string[],
  onUnnamed?: (error: DmsError) => void,
): Promise<readonly LoadSource[]> {
  const places = new ResourcePlaces(model);
  const diagnostics: SourceDiagnostics = { unknown: [], unnamed: [] };
  const sources: LoadSource[] = [];
  for (const place of paths) {
    const count = () => sources.length + diagnostics.unknown.length + diagnostics.unnamed.length;
    const before = count();
    const isFolder = await stat(place).then(
      (found) => found.isDirectory(),
      (error: unknown) => {
        throw inputError(error, place);
      },
    );
    append(sources, isFolder ? await folderSources(place, places, diagnostics) : await ownSources(place));
    if (count() === before) {
      const what = isFolder
        ? `no folder ${[...places.folders].sort(compareOrdinal).join(' or ')} with files`
        : 'another name';
      const text = `${place} holds no documents: it has ${what}. Files end in .jsonl, .json or .xml; compressed files add .gz.`;
      fail('INPUT_NO_FILES', text, { file: place }, { path: place });
    }
  }
  failIfAny([...diagnostics.unknown, ...(onUnnamed ? [] : diagnostics.unnamed)]);
  if (onUnnamed) for (const each of diagnostics.unnamed) onUnnamed(new DmsError([each]));
  return distinct(sources);
}

/** The files of a folder, and of the project folders in it. */
async function folderSources(
  folder: string,
  places: ResourcePlaces,
  diagnostics: SourceDiagnostics,
): Promise<LoadSource[]> {
  const projects = new Set(places.folders.map((name) => name.toLowerCase()));
  const sources: LoadSource[] = [];
  for (const entry of await listEntries(folder, diagnostics)) {
    const inner = path.join(folder, entry.name);
    if (!entry.isDirectory()) append(sources, await ownSources(inner));
    else if (projects.has(entry.name.toLowerCase())) append(sources, await projectSources(inner, places, diagnostics));
  }
  return sources;
}

/** The entries of a folder, without files whose names are not UTF-8: nothing can open these. */
async function listEntries(folder: string, diagnostics: SourceDiagnostics): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw inputError(error, folder);
  });
  const isUnnamed = ({ name }: Dirent) => isUndecoded(name) && !isThere(path.join(folder, name));
  for (const entry of entries.filter(isUnnamed))
    if (entry.isDirectory() || formOf(entry.name) !== undefined)
      diagnostics.unnamed.push(unreadableName(path.join(folder, entry.name)));
  return entries.filter((entry) => !isUnnamed(entry)).sort(compareBy(({ name }) => name));
}

function unreadableName(file: string): Diagnostic {
  return diagnostic('INPUT_FILE_UNREADABLE', undecodedText(file), { file }, { path: file, cause: 'name' });
}

/** The name of a file with deletes and changed keys, as `read-ods --since` writes it. */
const changesPattern = /^changes\.ndjson(?:\.gz)?$/i;

/** The source for a file outside of a project folder; none for a file of another kind. */
async function ownSources(file: string): Promise<LoadSource[]> {
  if (changesPattern.test(path.basename(file)))
    return [{ kind: 'changes', file, bytes: await inputSize(file), form: 'lines' }];
  const form = formOf(file);
  if (form === undefined) return [];
  const bytes = await inputSize(file);
  return [form === 'xml' ? { kind: 'xml', file, bytes } : { kind: 'mixed', file, bytes, form }];
}

/** The files of a project folder: `<endpoint>.jsonl` and similar. */
async function projectSources(
  folder: string,
  places: ResourcePlaces,
  diagnostics: SourceDiagnostics,
): Promise<LoadSource[]> {
  const sources: LoadSource[] = [];
  for (const entry of await listEntries(folder, diagnostics)) {
    const form = formOf(entry.name);
    if (entry.isDirectory() || form === undefined) continue;
    const file = path.join(folder, entry.name);
    const bytes = await inputSize(file);
    if (form === 'xml') {
      sources.push({ kind: 'xml', file, bytes });
      continue;
    }
    const name = entry.name.replace(/\.(?:jsonl|json)(?:\.gz)?$/i, '');
    const found = places.find(path.basename(folder), name);
    if (!found) {
      const text = `${name} is neither an endpoint nor a resource of the project ${path.basename(folder)}; name the file after one, or leave it out.`;
      diagnostics.unknown.push(diagnostic('DOCUMENT_RESOURCE_UNKNOWN', text, { file }, { name }));
      continue;
    }
    const kind = found.storageKind === 'SharedDescriptorTable' ? 'descriptors' : 'documents';
    sources.push({ kind, resource: resourceLabel(found.resourceKey), file, bytes, form });
  }
  return sources;
}

/** A file that several paths lead to is loaded once, at its first place. */
async function distinct(sources: readonly LoadSource[]): Promise<readonly LoadSource[]> {
  const named = await Promise.all(sources.map(async (source) => [await realName(source.file), source] as const));
  const first = new Map<string, LoadSource>();
  for (const [name, source] of named) if (!first.has(name)) first.set(name, source);
  return [...first.values()];
}
