import path from 'node:path';
import type { MappingVersion } from '@dms/api-schema';
import { type Diagnostic, DmsError, fail, formatDiagnostic } from '@dms/diagnostics';
import {
  closingLines,
  commandsOfNx,
  defaultMappingVersion,
  dialects,
  findSchemaProject,
  isInside,
  isSchemaFile,
  lookupAmong,
  mappingSetFile,
  nxPath,
  type SqlDialect,
  setRefusals,
} from '@dms/operations';
import { compareOrdinal, parseJson } from '@dms/values';
import { createProjectGraphAsync, getProjects, logger, type Tree } from 'nx/src/devkit-exports';
import { type SchemaProject, schemaProjectsOf } from '../schema-projects.ts';
import { formatWritten, newFolder, reporting, typedPath } from './generator-run.ts';
import type { NewMappingSetOptions } from './generators.ts';
import { expectRegistered } from './registration.ts';

/**
 * Adds a mapping set: writes its `dms.json`, in which each schema is a relative folder (design 10 §8). By default it
 * contains all schema projects of the workspace.
 *
 * @param findProjects returns the schema projects of the workspace; called only if an entry is not a folder
 * @param ask returns the folders of chosen schema projects; called only without the option `schemas`
 */
export function mappingSetGenerator(
  tree: Tree,
  options: NewMappingSetOptions,
  findProjects = schemaProjectsOfWorkspace,
  ask: typeof askForSchemas = askForSchemas,
): Promise<void> {
  return reporting(() => addMappingSet(tree, options, findProjects, ask));
}

/** The schema projects of the workspace known to Nx. */
async function schemaProjectsOfWorkspace(): Promise<readonly SchemaProject[]> {
  const { nodes } = await createProjectGraphAsync({ exitOnError: false });
  return schemaProjectsOf(Object.fromEntries(Object.entries(nodes).map(([name, { data }]) => [name, data])));
}

/**
 * Asks on a terminal which schema projects to include, all by default; returns their folders. Undefined without a
 * terminal, or with fewer than two projects. Throws `GENERATOR_OPTION_INVALID` if the question is cancelled.
 */
async function askForSchemas(projects: readonly SchemaProject[]): Promise<readonly string[] | undefined> {
  if (projects.length < 2 || !canAsk()) return undefined;
  // loaded on demand: a run without a terminal does not need it
  const { isCancel, multiselect } = await import('@clack/prompts');
  const chosen = await multiselect({
    message: 'Which schema projects?',
    options: projects.map(({ name, root }) => ({ value: root, label: name, ...(name === root ? {} : { hint: root }) })),
    initialValues: projects.map(({ root }) => root),
  });
  if (!isCancel(chosen)) return chosen;
  const message = 'No schema project was chosen; nothing was written. Name them with --schemas.';
  return fail('GENERATOR_OPTION_INVALID', message, {}, { option: 'schemas', expected: 'schema projects' });
}

/** Whether a user can answer: `nx g` runs on a terminal, and no option or environment variable forbids prompts. */
function canAsk(): boolean {
  const isRefused = process.argv.some((argument) => /^--(?:no-interactive|interactive=false)$/.test(argument));
  const isSilent = isRefused || process.env.NX_INTERACTIVE === 'false' || (process.env.CI ?? 'false') !== 'false';
  return !isSilent && process.stdin.isTTY === true && process.stdout.isTTY === true;
}

async function addMappingSet(
  tree: Tree,
  options: NewMappingSetOptions,
  findProjects: typeof schemaProjectsOfWorkspace,
  ask: typeof askForSchemas,
): Promise<void> {
  const { name, mappingVersion, skipFormat = false } = options;
  expectRegistered(tree);
  expectFreeName(tree, name);
  const isTaken = (file: string) => file === mappingSetFile || isSchemaFile(file);
  const { directory } = options;
  const folder = newFolder(tree, { directory, usual: `mapping-sets/${name}`, mayBeWorkspace: true, isTaken });
  const content = {
    $schema: path.posix.relative(folder, 'node_modules/nx-dms/dms.schema.json'),
    name,
    schemas: await schemaFolders(
      tree,
      folder,
      splitList(options.schemas),
      findProjects,
      options.schemas === undefined ? ask : async () => undefined,
    ),
    dialects: chosenDialects(options.dialects),
    ...(mappingVersion === undefined ? {} : { mappingVersion }),
  };
  tree.write(nxPath(mappingSetFile, folder), `${JSON.stringify(content, null, 2)}\n`);
  if (!skipFormat) await formatWritten(tree);
  const next = commandsOfNx(name);
  logger.info(closingLines(mappingVersion ?? defaultMappingVersion, next).join('\n'));
  for (const entry of await refusals(tree, folder, content)) logger.warn(formatDiagnostic(entry));
}

/** Refuses a name that a project already has: with two projects of the same name, every command of Nx fails. */
function expectFreeName(tree: Tree, name: string): void {
  const other = getProjects(tree).get(name);
  if (!other) return;
  const message = `A project ${name} exists already, in ${other.root}; choose another name.`;
  fail(
    'GENERATOR_OPTION_INVALID',
    message,
    { file: other.root },
    { option: 'name', expected: 'a name that no project has' },
  );
}

async function schemaFolders(
  tree: Tree,
  folder: string,
  entries: readonly string[],
  find: typeof schemaProjectsOfWorkspace,
  ask: typeof askForSchemas,
): Promise<string[]> {
  const isSchemaFolder = (entry: string) => {
    const at = typedPath(entry);
    return isInside(at) && tree.exists(at) && !tree.isFile(at) && tree.children(at).some(isSchemaFile);
  };
  const areFolders = entries.length > 0 && entries.every(isSchemaFolder);
  const projects = areFolders ? [] : await find();
  const chosen = entries.length > 0 ? entries.map((entry) => rootOf(entry)) : await ask(projects);
  const roots = chosen ?? projects.map(({ root }) => root);
  if (roots.length === 0) {
    const message = 'There is no schema project in this workspace; add one with: npx nx g nx-dms:schema <file>';
    fail('GENERATOR_OPTION_INVALID', message, {}, { option: 'schemas', expected: 'schema projects' });
  }
  return [...new Set(roots)].map((root) => path.posix.relative(folder, root) || '.');

  function rootOf(entry: string): string {
    if (isSchemaFolder(entry)) return typedPath(entry);
    const found = findSchemaProject(entry, folder, lookupAmong(projects));
    if (found) return found.root;
    const known = projects.map(({ name }) => name).sort(compareOrdinal);
    const list = known.length > 0 ? `The schema projects are ${known.join(', ')}.` : 'There is none in this workspace.';
    const message = `--schemas has ${JSON.stringify(entry)}, which is neither a schema project nor its folder. ${list}`;
    return fail('CONFIG_SCHEMA_UNKNOWN', message, {}, { entry, candidates: known });
  }
}

/** Splits a list; a list typed at a prompt is one text with commas. */
function splitList(value: NewMappingSetOptions['schemas'] = []): string[] {
  return [value]
    .flat()
    .flatMap((text) => text.split(','))
    .map((text) => text.trim())
    .filter((text) => text !== '');
}

function chosenDialects(named: readonly string[] = dialects): SqlDialect[] {
  const unknown = named.find((name) => !dialects.some((dialect) => dialect === name));
  const repeated = named.find((name, index) => named.indexOf(name) < index);
  // at the prompt all can be unchecked
  if (unknown !== undefined || repeated !== undefined || named.length === 0) {
    const twice = repeated === undefined ? 'is empty' : `names ${repeated} twice`;
    const has = unknown === undefined ? twice : `has ${JSON.stringify(unknown)}`;
    const message = `--dialects ${has}; expected ${dialects.join(' or ')} or both.`;
    fail('GENERATOR_OPTION_INVALID', message, {}, { option: 'dialects', expected: [...dialects] });
  }
  return dialects.filter((dialect) => named.includes(dialect));
}

/** The members of a new `dms.json` that its model depends on. */
interface MappingSetContent {
  readonly schemas: readonly string[];
  readonly dialects: readonly SqlDialect[];
  readonly mappingVersion?: MappingVersion | undefined;
}

/**
 * The errors that `derive-model` will report for the set; empty if a file cannot be read, which its own target reports.
 */
async function refusals(
  tree: Tree,
  folder: string,
  { schemas, dialects: chosen, mappingVersion = defaultMappingVersion }: MappingSetContent,
): Promise<readonly Diagnostic[]> {
  const files = schemas.flatMap((entry) => {
    const place = nxPath(path.posix.join(folder, entry));
    return tree
      .children(place)
      .filter(isSchemaFile)
      .map((name) => path.posix.join(place, name));
  });
  if (files.length === 0) return [];
  try {
    const documents = files.map((file) => ({ file, root: parseJson(tree.read(file, 'utf8') ?? '', file) }));
    return await setRefusals(documents, mappingVersion, chosen);
  } catch (error) {
    if (error instanceof DmsError) return [];
    throw error;
  }
}
