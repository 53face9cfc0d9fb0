import path from 'node:path';
import {
  type ApiSchemaDocument,
  buildEffectiveSchema,
  coreFirst,
  defaultMappingVersion,
  generationPurposes,
  type MappingVersion,
  mappingVersions,
} from '@dms/api-schema';
import { type Diagnostic, diagnostic, fail, failIfAny, listOfNames, shellWord } from '@dms/diagnostics';
import { isThere, statsAt } from '@dms/files';
import { dialects as allDialects, productNames, type SqlDialect } from '@dms/sql';
import { setRefusals } from '../build-steps/set-refusals.ts';
import type { Context, OptionsOf } from '../declaring/operation.ts';
import { choice, dialectList, flag, matchingText, output, texts } from '../declaring/option.ts';
import { type FoundSchema, type FoundSchemas, findSchemas } from '../sources/find-schemas.ts';
import { ignoredFile, type ReadPatterns } from '../sources/ignored-file.ts';
import { type IgnoredOutput, ignoredOutput } from '../sources/mapping-set/ignored-output.ts';
import { mappingSetFile } from '../sources/mapping-set/mapping-set.ts';
import { notSearched, projectFolders, projectNamesOnDisk } from '../sources/mapping-set/project-names.ts';
import {
  findSchemaProject,
  type SchemaLookup,
  type SchemaProjectFolder,
} from '../sources/mapping-set/schema-entries.ts';
import { lookupOnDisk, schemasOfEntries } from '../sources/mapping-set/standalone-mapping-set.ts';
import { isIn, workspaceOf, workspacePath } from '../sources/mapping-set/workspace-path.ts';
import { matchingFiles, schemaFilesIn } from '../sources/schema-files.ts';
import { entriesOfPlugin } from '../sources/seen-by-nx.ts';

/*
 * A new `dms.json` (design 10 §5). The command `init` and the generator `mapping-set` are doors to this one operation,
 * with one list of options: they differ in how they write the planned files, and in the next commands that they print.
 */

/** The options of both doors; an option that only one of them has is marked so. */
export const newSetOptions = {
  name: matchingText(
    '<name>',
    'name of the mapping set, in lower case letters, digits and hyphens; its file goes to mapping-sets/<name> unless --output says otherwise',
    /^[a-z][a-z0-9-]*$/,
    { group: 'source' },
  ),
  schema: texts(
    '<file...>',
    'ApiSchema files, core and extensions, or folders with them; patterns (*, **); in a workspace of Nx also names of schema projects (repeatable)',
    { group: 'source' },
  ),
  dialect: dialectList('databases to compile for: pgsql, mssql, or both as in pgsql,mssql (default: both)'),
  mappingVersion: choice(
    '<version>',
    `generation of the mapping: ${mappingVersions.map((each) => `${each} ${generationPurposes[each]}`).join(', ')}`,
    mappingVersions,
    { group: 'source' },
  ),
  output: output(
    '<file>',
    `the file, or its folder (default: mapping-sets/<name> with a name, otherwise ${mappingSetFile} of the current folder)`,
  ),
  skipFormat: flag('leave the file as it is written, not in the style of the workspace', { door: 'generator' }),
} as const;

type NewSetOptions = OptionsOf<Omit<typeof newSetOptions, 'skipFormat'>>;

/** What the door writes and prints. */
export interface NewSet {
  /** The `dms.json`, relative to the current folder. */
  readonly file: string;
  readonly text: string;
  readonly set: Readonly<Record<string, unknown>>;
  /** The line for Git that keeps artifacts out, and the file that gets it; null if there is nothing to add. */
  readonly ignored: IgnoredOutput | null;
  readonly version: MappingVersion;
  /** Warnings: the errors that the model of the set will have. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Plans a new `dms.json`, and has Git ignore the folder of its artifacts; writes nothing. Missing options are asked for
 * if somebody can answer; otherwise the defaults apply. The schemas are read first, so that the file is usable. Without
 * `schema` they are all ApiSchema files below the current folder, in a workspace of Nx the schema projects there.
 *
 * Throws `CONFIG_EXISTS` for an existing file, `PROJECT_NAME_SHARED` and `PROJECT_KIND_AMBIGUOUS` for what Nx would
 * refuse, `CONFIG_SCHEMA_UNKNOWN`, and the codes of `findSchemas` and `buildEffectiveSchema`.
 */
export async function planNewSet(
  options: NewSetOptions,
  { onQuestion, onProgress }: Pick<Context, 'onQuestion' | 'onProgress'>,
): Promise<NewSet> {
  const file = placeOf(options);
  if (isThere(file)) {
    const text = `${file} is there already, and nothing is replaced; change it, or name another file with --output.`;
    fail('CONFIG_EXISTS', text, { file }, { path: file });
  }
  const workspace = workspaceOf(file);
  const isOfNx = isThere(path.join(workspace, 'nx.json'));
  const root = workspacePath(workspace, path.dirname(file));
  const place: SetPlace = { file, root, workspace, isOfNx, lookup: await lookupOnDisk(workspace, root) };
  if (isOfNx) await refuseConflicts(place, options.name);
  onProgress?.('read the schemas');
  const found = await chosenSchemas(options.schema, place, onQuestion);
  refusePackages(found);
  const dialects = await chosenDialects(options.dialect, onQuestion);
  const mappingVersion = await chosenVersion(options.mappingVersion, onQuestion);
  const version = mappingVersion ?? defaultMappingVersion;
  const documents: readonly ApiSchemaDocument[] = coreFirst(found.documents);
  // refuses a set that no command could use
  buildEffectiveSchema(documents, { mappingVersion: version });
  const folder = path.dirname(path.resolve(file));
  const relative = (other: string) => path.relative(folder, path.resolve(other)).replaceAll('\\', '/') || '.';
  // a project of Nx is its folder, whatever the name of its file
  const entry = (schema: FoundSchema) => relative(isOfNx ? path.dirname(schema.file) : schema.file);
  const jsonSchema = jsonSchemaFor(folder, workspace);
  const set = {
    ...(jsonSchema === undefined ? {} : { $schema: relative(jsonSchema) }),
    ...(options.name === undefined ? {} : { name: options.name }),
    schemas: found.schemas.map(entry),
    dialects,
    ...(mappingVersion === undefined ? {} : { mappingVersion }),
  };
  // the entries must be those that commands and targets find
  failIfAny((await schemasOfEntries(set.schemas, file)).diagnostics);
  return {
    file,
    text: `${JSON.stringify(set, null, 2)}\n`,
    set,
    ignored: ignoredOutput(file),
    version,
    diagnostics: await setRefusals(documents, version, dialects),
  };
}

/** The place of the new file: a path that ends in `.json` is the file, any other its folder. */
function placeOf({ name, output: given }: NewSetOptions): string {
  if (given === undefined && name === undefined) return mappingSetFile;
  const place = given ?? path.join('mapping-sets', name ?? '');
  const stats = statsAt(place);
  const isFile = stats === undefined ? /\.json$/i.test(place) : !stats.isDirectory();
  return isFile ? place : path.join(place, mappingSetFile);
}

/** Refuses a folder with an ApiSchema file, and a name that a project has: the tasks of both would fail. */
async function refuseConflicts(place: SetPlace, name: string | undefined): Promise<void> {
  const { file, workspace } = place;
  const folder = path.dirname(file);
  const isRegistered = entriesOfPlugin(workspace).length > 0;
  const schemas = isRegistered && isThere(folder) ? schemaFilesIn(folder) : [];
  if (schemas.length > 0) {
    const files = schemas.map((each) => path.join(folder, each));
    const text = `${folder} holds an ApiSchema file (${files.join(', ')}), and Nx takes a folder for a schema project or a mapping set, not for both; name another folder with --output.`;
    fail('PROJECT_KIND_AMBIGUOUS', text, { file }, { files });
  }
  if (name === undefined) return;
  const other = await folderOfProject(place, name);
  if (other === undefined) return;
  const text = `A project ${name} exists already, in ${other}; choose another name.`;
  fail('PROJECT_NAME_SHARED', text, { file: other }, { projects: [other] });
}

/** Where the new file is. */
interface SetPlace {
  readonly file: string;
  /** The folder of the file, relative to the workspace. */
  readonly root: string;
  readonly workspace: string;
  readonly isOfNx: boolean;
  /** The schema projects of the workspace, which are read once. */
  readonly lookup: SchemaLookup<SchemaProjectFolder>;
}

/** The folder of another project with the name, relative to the workspace; undefined if there is none. */
async function folderOfProject(place: SetPlace, name: string): Promise<string | undefined> {
  const { root, workspace } = place;
  const nameOf = await projectNamesOnDisk(workspace);
  // a project in the folder of the new file is the same project
  const others = (await projectFolders(workspace)).filter((folder) => folder !== root);
  return (
    others.find((folder) => nameOf(folder) === name) ?? projectsOf(place).find((project) => project.name === name)?.root
  );
}

type AskUser = Context['onQuestion'];

const titleOf = ({ project, version, isExtension }: FoundSchema) =>
  `${project} ${version}, ${isExtension ? 'an extension' : 'the core'}`;

/** The schema files to name: the given ones, or all, from which the user may choose. */
async function chosenSchemas(given: readonly string[] = [], place: SetPlace, ask: AskUser): Promise<FoundSchemas> {
  if (given.length > 0) return findSchemas(await placesOf(given, place));
  const found = await (place.isOfNx
    ? findSchemas(filesOfWorkspace(place))
    : findSchemas(['.'], { ignore: notSearched }));
  const { schemas } = found;
  if (ask === undefined || schemas.length < 2) return found;
  const answers = schemas.map((schema) => ({ value: schema.file, label: titleOf(schema), hint: schema.file }));
  const all = schemas.map(({ file }) => file);
  return findSchemas(await ask({ text: 'Which schemas?', option: 'schema', answers, chosen: all, several: true }));
}

/** The schema projects of a workspace of Nx that Git does not ignore. */
function projectsOf({ workspace, lookup }: SetPlace) {
  const known: ReadPatterns = new Map();
  const isIgnored = (each: string) => ignoredFile(workspace, each, known) !== undefined;
  return lookup.all().filter(({ files }) => !files.every(isIgnored));
}

const here = (workspace: string, place: string) => path.relative('.', path.join(workspace, place)) || '.';

/** The files of the schema projects below the current folder. */
function filesOfWorkspace(place: SetPlace): readonly string[] {
  const { workspace } = place;
  const folder = workspacePath(workspace, '.');
  const files = projectsOf(place)
    .filter(({ root }) => folder === '.' || isIn(folder, root))
    .flatMap((project) => project.files);
  if (files.length > 0) return files.map((file) => here(workspace, file));
  const where = folder === '.' ? 'this workspace' : `the folder ${folder} of this workspace`;
  const advice =
    entriesOfPlugin(workspace).length > 0
      ? 'name schemas with --schema, or add a project with: npx nx g nx-dms:schema <file>'
      : 'name schemas with --schema';
  return fail('INPUT_FILE_NOT_FOUND', `There is no schema project in ${where}; ${advice}`, {}, { path: folder });
}

/** The files and folders of the entries; in a workspace of Nx an entry may be the name of a schema project. */
async function placesOf(entries: readonly string[], place: SetPlace): Promise<readonly string[]> {
  const found = await Promise.all(entries.map((entry) => matchingFiles(entry, { matchesFolders: true })));
  const { root, lookup } = place;
  return found.flat().map((entry) => {
    if (!place.isOfNx || statsAt(entry) !== undefined) return entry;
    const project = findSchemaProject(entry, root, lookup);
    if (project !== undefined) return here(place.workspace, project.root);
    const names = lookup.all().map(({ name }) => name);
    const list =
      names.length > 0 ? `The schema projects are ${listOfNames(names)}.` : 'There is none in this workspace.';
    const text = `--schema has ${JSON.stringify(entry)}, which is neither a schema project nor its folder. ${list}`;
    return fail('CONFIG_SCHEMA_UNKNOWN', text, {}, { entry, candidates: names });
  });
}

async function chosenDialects(given: readonly SqlDialect[] | undefined, ask: AskUser): Promise<readonly SqlDialect[]> {
  if (given !== undefined || ask === undefined) return allDialects.filter((each) => given?.includes(each) ?? true);
  const answers = allDialects.map((value) => ({ value, label: productNames[value] }));
  const chosen = await ask({
    text: 'Which databases?',
    option: 'dialect',
    answers,
    chosen: [...allDialects],
    several: true,
  });
  return allDialects.filter((each) => chosen.includes(each));
}

async function chosenVersion(given: MappingVersion | undefined, ask: AskUser): Promise<MappingVersion | undefined> {
  if (given !== undefined || ask === undefined) return given;
  const answers = mappingVersions.map((value) => ({ value, label: `${value}, ${generationPurposes[value]}` }));
  const text = 'Which generation of the mapping?';
  const [chosen] = await ask({
    text,
    option: 'mappingVersion',
    answers,
    chosen: [defaultMappingVersion],
    several: false,
  });
  return mappingVersions.find((each) => each === chosen);
}

function refusePackages({ schemas, isPacked }: FoundSchemas): void {
  const packed = schemas.find(({ file }) => isPacked(file));
  if (packed === undefined) return;
  const [name = packed.file] = packed.file.split('!/');
  const text = `${name} is a package, and a dms.json names files. Write them first: dms-ddl schemas ${shellWord(name)} --output schemas`;
  failIfAny([diagnostic('CONFIG_INVALID', text, { file: name }, { expected: 'ApiSchema files' })]);
}

/**
 * The published JSON schema of the file, in a package that is installed in the folder, or in one above it up to the
 * workspace or the current folder.
 */
function jsonSchemaFor(folder: string, workspace: string): string | undefined {
  const tops = [workspace, path.resolve('.')];
  for (let place = folder; ; place = path.dirname(place)) {
    const found = ['nx-dms', 'dms-ddl']
      .map((name) => path.join(place, 'node_modules', name, 'dms.schema.json'))
      .find(isThere);
    if (found !== undefined || tops.includes(place) || place === path.dirname(place)) return found;
  }
}
