import path from 'node:path';
import { type Diagnostic, diagnostic, fail, failIfAny } from '@dms/diagnostics';
import { isThere, readInput, statsAt } from '@dms/files';
import { compareBy, compareOrdinal } from '@dms/values';
import { globSync } from 'tinyglobby';
import { reasonOnDisk, schemaFilesIn } from '../schema-files.ts';
import { outputRoot } from '../seen-by-nx.ts';
import { seenFiles } from '../seen-files.ts';
import {
  type EarlierVersion,
  type MappingSet,
  mappingSetFile,
  parseMappingSet,
  translationWith,
} from './mapping-set.ts';
import { entrySpelling, placeOnDisk, spellingDiagnostic } from './path-spelling.ts';
import { notSearched, projectNamesOnDisk } from './project-names.ts';
import { resolveSchemas, type SchemaLookup, type SchemaProjectFolder } from './schema-entries.ts';
import { isInside, nxPath, usualOutputFolder, workspaceOf, workspacePath } from './workspace-path.ts';

/** A `dms.json` that is used without Nx. */
export interface StandaloneMappingSet
  extends Pick<
    MappingSet,
    'dialects' | 'mappingVersion' | 'choosesVersion' | 'databases' | 'emit' | 'verify' | 'reporting'
  > {
  /** The path of the `dms.json`, as given. */
  readonly file: string;
  /** The ApiSchema file of each entry of `schemas`, in the order of the entries. */
  readonly schemas: readonly string[];
  /** The folder of the artifacts, which is also that of the Nx targets. */
  readonly outputDirectory: string;
  /** The file of ODS overrides. */
  readonly odsOverrides: string | null;
  /** The earlier version for which reports keep working. */
  readonly earlier: EarlierVersion | null;
  /** Folder that paths in `databases` are relative to. */
  readonly workspace: string;
}

/**
 * Reads a `dms.json` for use without Nx (design 10 §5) and reports all its errors at once. The entries of `schemas` are
 * read as by the plugin (`schema-entries.ts`).
 *
 * Throws `CONFIG_*`, `PROJECT_FILES_AMBIGUOUS` and `INPUT_FILE_*`.
 */
export async function readMappingSet(file: string): Promise<StandaloneMappingSet> {
  expectFile(file);
  const bytes = await readInput(file);
  const workspace = workspaceOf(file);
  const inWorkspace = workspacePath(workspace, file);
  const { mappingSet, diagnostics, places } = parseMappingSet(bytes, inWorkspace);
  if (diagnostics.length > 0 && isApiSchema(bytes)) {
    const text = `${file} is an ApiSchema file, not a dms.json; name it with --schema, or under "schemas" of a dms.json.`;
    fail('CONFIG_INVALID', text, { file });
  }
  const misspelt = places.flatMap((named) => spellingDiagnostic(workspace, inWorkspace, named) ?? []);
  const found = [...diagnostics.map((entry) => entry.diagnostic), ...misspelt];
  // name the file as given, not relative to the workspace
  const named = found.map((entry) => ({ ...entry, where: { ...entry.where, file } }));
  const relative = (absolute: string) => (path.isAbsolute(file) ? absolute : path.relative('.', absolute) || '.');
  const { schemas, diagnostics: ofEntries } = await schemasOfEntries(mappingSet.schemas, file);
  failIfAny([...named, ...ofEntries]);
  const { dialects, mappingVersion, choosesVersion, databases, emit, verify, reporting, outputDirectory } = mappingSet;
  const inRun = (place: string) => relative(path.join(workspace, place));
  const odsOverrides = mappingSet.odsOverrides === null ? null : inRun(mappingSet.odsOverrides);
  const earlier = mappingSet.earlier && {
    ...mappingSet.earlier,
    artifacts: inRun(mappingSet.earlier.artifacts),
    translation: translationWith(mappingSet.earlier.translation, inRun),
  };
  const output = outputDirectory ?? usualOutputFolder(path.posix.dirname(inWorkspace), outputRoot(workspace));
  const folder = inRun(output);
  return {
    file,
    schemas: schemas.map((place) => relative(path.resolve(workspace, place))),
    dialects,
    mappingVersion,
    choosesVersion,
    databases,
    emit,
    verify,
    reporting,
    odsOverrides,
    earlier,
    workspace,
    outputDirectory: folder,
  };
}

/**
 * Refuses a folder where a `dms.json` is wanted, and suggests the files in it that may be meant:
 * `INPUT_FILE_UNREADABLE`, `INPUT_FILE_NOT_FOUND`.
 */
function expectFile(file: string): void {
  const folder = path.dirname(file);
  const isMissing = kindOf(file) === undefined && path.basename(file) === mappingSetFile && kindOf(folder) === 'folder';
  if (!isMissing && kindOf(file) !== 'folder') return;
  const place = isMissing ? folder : file;
  const schemas = schemaFilesIn(place).map((name) => `--schema ${path.join(place, name)}`);
  const advice = isThere(path.join(place, mappingSetFile))
    ? `name the file in it: ${path.join(place, mappingSetFile)}`
    : schemas.length > 0
      ? `name its ApiSchema files: ${schemas.slice(0, 5).join(' ')}`
      : 'name a dms.json, or ApiSchema files with --schema';
  if (isMissing) fail('INPUT_FILE_NOT_FOUND', `${file} does not exist; ${advice}.`, { file }, { path: file });
  fail('INPUT_FILE_UNREADABLE', `${place} is a folder; ${advice}.`, { file: place }, { path: place, cause: 'EISDIR' });
}

function kindOf(place: string): 'file' | 'folder' | undefined {
  const found = statsAt(place);
  if (found === undefined) return undefined;
  return found.isDirectory() ? 'folder' : 'file';
}

/** Whether a file that was given as a `dms.json` is in fact an ApiSchema, in the current or the older format. */
function isApiSchema(bytes: Uint8Array): boolean {
  try {
    const { projectSchema, projectSchemas, schemas } = JSON.parse(new TextDecoder().decode(bytes)) ?? {};
    return schemas === undefined && (projectSchema ?? projectSchemas) !== undefined;
  } catch {
    return false;
  }
}

/**
 * The ApiSchema files that entries of `schemas` name, relative to the workspace, with the errors of the entries:
 * `CONFIG_SCHEMA_UNKNOWN`, `CONFIG_SCHEMA_DUPLICATE`, `CONFIG_PATH_SPELLING`, `PROJECT_FILES_AMBIGUOUS`.
 *
 * @param file the `dms.json`, which need not exist
 */
export async function schemasOfEntries(
  entries: readonly string[],
  file: string,
): Promise<{ readonly schemas: readonly string[]; readonly diagnostics: readonly Diagnostic[] }> {
  const workspace = workspaceOf(file);
  const inWorkspace = workspacePath(workspace, file);
  const lookup = await lookupOnDisk(workspace, path.posix.dirname(inWorkspace));
  const schemas = resolveSchemas(entries, inWorkspace, lookup, {
    spellingOf: (entry, pointer) => entrySpelling(workspace, inWorkspace, entry, pointer),
    reasonAt: (place) => reasonOnDisk(workspace, place, true),
    foldersNear: (place) => foldersNear(workspace, place),
  });
  const ambiguous = schemas.resolved.flatMap(({ root, files }, index) => {
    if (files.length === 1) return [];
    const pointer = `/schemas/${schemas.positions[index]}`;
    const message = `${pointer} names the folder ${root}, which has several ApiSchema files: ${files.join(', ')}; put each into a folder of its own.`;
    return [diagnostic('PROJECT_FILES_AMBIGUOUS', message, { file, path: pointer }, { files })];
  });
  return {
    schemas: schemas.resolved.flatMap(({ files }) => files.slice(0, 1)),
    // name the file as given, not relative to the workspace
    diagnostics: [...schemas.diagnostics.map((entry) => ({ ...entry, where: { ...entry.where, file } })), ...ambiguous],
  };
}

/**
 * Finds schema projects on the disk. In a workspace of Nx they must be files that the plugin sees. Elsewhere a file
 * with another name than that of an ApiSchema file is a project of its own, unless its folder is one.
 */
export async function lookupOnDisk(
  workspace: string,
  mappingSetRoot: string,
): Promise<SchemaLookup<SchemaProjectFolder>> {
  const isOfNx = isThere(path.join(workspace, 'nx.json'));
  const isSeen = isOfNx ? seenFiles(workspace) : () => true;
  const nameOf = await projectNamesOnDisk(workspace);
  const at = (root: string): SchemaProjectFolder | undefined => {
    const isHere = isInside(root);
    if (isOfNx && !isHere) return undefined;
    const place = path.resolve(workspace, root);
    const kind = kindOf(place);
    if (kind === undefined || (isHere && placeOnDisk(workspace, mappingSetRoot, root) !== undefined)) return undefined;
    if (kind === 'file') {
      const isAlone = !isOfNx && schemaFilesIn(path.dirname(place)).length === 0;
      return isAlone ? { name: path.basename(place), root, files: [root] } : undefined;
    }
    const files = schemaFilesIn(place)
      .map((name) => path.posix.join(root, name))
      .filter(isSeen);
    return files.length === 0 ? undefined : { name: nameOf(nxPath(root)), root, files };
  };
  let found: readonly SchemaProjectFolder[] | undefined;
  const all = () => {
    found ??= schemaFolders(workspace)
      .flatMap((folder) => at(folder) ?? [])
      .sort(compareBy(({ name }) => name));
    return found;
  };
  return { at, all };
}

/** The folders of schemas beside a folder or file that does not exist, relative to the workspace; none in one of Nx. */
function foldersNear(workspace: string, place: string): readonly string[] {
  if (isThere(path.join(workspace, 'nx.json'))) return [];
  const folder = place.endsWith('.json') ? path.posix.dirname(place) : place;
  const parent = path.posix.dirname(folder);
  const files = globSync(['*/*ApiSchema*.json', '*/*api-schema*.json'], { cwd: path.resolve(workspace, parent) });
  return [...new Set(files.map((file) => path.posix.join(parent, path.posix.dirname(file))))].sort(compareOrdinal);
}

/** The folders of the workspace with an ApiSchema file, relative to it. */
function schemaFolders(workspace: string): readonly string[] {
  const files = globSync(['**/*ApiSchema*.json', '**/*api-schema*.json'], {
    cwd: workspace,
    ignore: notSearched,
  });
  return [...new Set(files.map((file) => path.posix.dirname(file)))].sort(compareOrdinal);
}
