import path from 'node:path';
import {
  alternatives,
  type Diagnostic,
  diagnostic,
  fail,
  failIfAny,
  listOfNames,
  mostExamples,
} from '@dms/diagnostics';
import { isThere, readInput, statsAt } from '@dms/files';
import { compareOrdinal } from '@dms/values';
import { parse } from 'jsonc-parser';
import { glob } from 'tinyglobby';
import * as z from 'zod/mini';
import { schemaFilesIn } from '../schema-files.ts';
import {
  type EarlierVersion,
  type MappingSet,
  mappingSetFile,
  parseMappingSet,
  translationWith,
} from './mapping-set.ts';
import { entrySpelling, spellingDiagnostic } from './path-spelling.ts';
import { usualOutputFolder, workspaceOf } from './workspace-path.ts';

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

/** The output folder of the plugin, from its options in `nx.json`. */
export async function outputRoot(workspace: string): Promise<string> {
  const file = path.join(workspace, 'nx.json');
  if (!isThere(file)) return 'dist';
  // `nx.json` may contain comments
  const { plugins } = options.safeParse(parse((await readInput(file)).toString('utf8'))).data ?? {};
  return plugins?.find((entry) => entry?.plugin === 'nx-dms')?.options?.outputDirectory ?? 'dist';
}

/** The relevant parts of `nx.json`; the plugin reports mistakes in the rest. */
const options = z.object({
  plugins: z.optional(
    z.array(
      z.union([
        z.object({ plugin: z.string(), options: z.optional(z.object({ outputDirectory: z.optional(z.string()) })) }),
        z.pipe(
          z.unknown(),
          z.transform(() => undefined),
        ),
      ]),
    ),
  ),
});

/**
 * Reads a `dms.json` for use without Nx (design 10 §5) and reports all its errors at once. An entry of `schemas` is an
 * ApiSchema file, a folder with one, or the name of such a folder; paths are relative to the file or to the workspace.
 *
 * Throws `CONFIG_*`, `PROJECT_FILES_AMBIGUOUS` and `INPUT_FILE_*`.
 */
export async function readMappingSet(file: string): Promise<StandaloneMappingSet> {
  await expectFile(file);
  const bytes = await readInput(file);
  const workspace = workspaceOf(file);
  const inWorkspace = path.relative(workspace, path.resolve(file)).split(path.sep).join('/');
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
  const place = { file, inWorkspace, relative, folder: path.dirname(path.resolve(file)), workspace };
  const resolved = await Promise.all(mappingSet.schemas.map((entry, index) => resolveEntry(entry, index, place)));
  const schemas = resolved.filter((each): each is string => typeof each === 'string');
  const lost = resolved.filter((each): each is Diagnostic => typeof each !== 'string');
  failIfAny([...named, ...lost, ...duplicates(resolved, file)]);
  const { dialects, mappingVersion, choosesVersion, databases, emit, verify, reporting, outputDirectory } = mappingSet;
  const inRun = (place: string) => relative(path.join(workspace, place));
  const odsOverrides = mappingSet.odsOverrides === null ? null : inRun(mappingSet.odsOverrides);
  const earlier = mappingSet.earlier && {
    ...mappingSet.earlier,
    artifacts: inRun(mappingSet.earlier.artifacts),
    translation: translationWith(mappingSet.earlier.translation, inRun),
  };
  const output = outputDirectory ?? usualOutputFolder(path.posix.dirname(inWorkspace), await outputRoot(workspace));
  const folder = inRun(output);
  return {
    file,
    schemas,
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
 * Refuses a folder in place of a `dms.json`, and suggests the file in it that may be meant: `INPUT_FILE_UNREADABLE`.
 */
async function expectFile(place: string): Promise<void> {
  if (kindOf(place) !== 'folder') return;
  const schemas = (await schemaFilesIn(place)).map((name) => `--schema ${path.join(place, name)}`);
  const advice = isThere(path.join(place, mappingSetFile))
    ? `name the file in it: ${path.join(place, mappingSetFile)}`
    : schemas.length > 0
      ? `name its ApiSchema files: ${schemas.slice(0, 5).join(' ')}`
      : 'name a dms.json, or ApiSchema files with --schema';
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

interface Resolution {
  readonly file: string;
  /** The same file, relative to the workspace. */
  readonly inWorkspace: string;
  /** Writes a path as a user would, relative to the current folder. */
  readonly relative: (absolute: string) => string;
  readonly folder: string;
  readonly workspace: string;
}

/**
 * The ApiSchema file of an entry: the entry itself, the file in its folder, or the file in the only folder of that
 * name.
 */
async function resolveEntry(entry: string, index: number, place: Resolution): Promise<string | Diagnostic> {
  const where = { file: place.file, path: `/schemas/${index}` };
  const misspelt = entrySpelling(place.workspace, place.inWorkspace, entry, where.path);
  const places = misspelt ? [] : [path.resolve(place.folder, entry), path.resolve(place.workspace, entry)];
  for (const absolute of places) {
    const kind = kindOf(absolute);
    if (kind === 'file') return place.relative(absolute);
    if (kind === 'folder') return fileInFolder(absolute, where, place);
  }
  const folders = await schemaFolders(place.workspace);
  const [named, ...others] = /[/\\]/.test(entry) ? [] : (folders.get(entry) ?? []);
  if (named !== undefined && others.length === 0) return fileInFolder(named, where, place);
  if (misspelt) return { ...misspelt, where };
  const candidates = named === undefined ? [...folders.keys()] : [named, ...others].map(place.relative);
  const advice =
    named === undefined ? alternatives(path.basename(entry), candidates) : `; it may be ${listOfNames(candidates)}.`;
  const message = `${where.path} names ${JSON.stringify(entry)}, which is neither an ApiSchema file nor a folder with one${advice}`;
  return diagnostic('CONFIG_SCHEMA_UNKNOWN', message, where, { entry, candidates: candidates.slice(0, mostExamples) });
}

async function fileInFolder(
  folder: string,
  where: { readonly file: string; readonly path: string },
  { relative }: Resolution,
): Promise<string | Diagnostic> {
  const candidates = await schemaFilesIn(folder);
  const [file, ...others] = candidates;
  if (file !== undefined && others.length === 0) return relative(path.join(folder, file));
  const details = { entry: relative(folder), candidates };
  if (file === undefined) {
    const message = `${where.path} names the folder ${relative(folder)}, which has no ApiSchema file (*ApiSchema*.json).`;
    return diagnostic('CONFIG_SCHEMA_UNKNOWN', message, where, details);
  }
  const message = `${where.path} names the folder ${relative(folder)}, which has several ApiSchema files: ${details.candidates.join(', ')}; name one of them.`;
  return diagnostic('PROJECT_FILES_AMBIGUOUS', message, where, { files: details.candidates });
}

/** The folders of the workspace with an ApiSchema file, by their own name. */
async function schemaFolders(workspace: string): Promise<Map<string, string[]>> {
  const files = await glob(['**/*ApiSchema*.json', '**/*api-schema*.json'], {
    cwd: workspace,
    ignore: ['**/node_modules/**', '**/dist/**', '**/.*/**'],
    absolute: true,
  });
  const folders = [...new Set(files.map((file) => path.dirname(file)))].sort(compareOrdinal);
  const byName = new Map<string, string[]>();
  for (const folder of folders)
    byName.set(path.basename(folder), [...(byName.get(path.basename(folder)) ?? []), folder]);
  return byName;
}

function duplicates(resolved: readonly (string | Diagnostic)[], file: string): Diagnostic[] {
  return resolved.flatMap((schema, index) => {
    const first = resolved.indexOf(schema);
    if (first === index || typeof schema !== 'string') return [];
    const paths = [`/schemas/${first}`, `/schemas/${index}`];
    const message = `${paths.join(' and ')} both name ${schema}; remove one of them.`;
    return [
      diagnostic('CONFIG_SCHEMA_DUPLICATE', message, { file, path: `/schemas/${index}` }, { paths, project: schema }),
    ];
  });
}
