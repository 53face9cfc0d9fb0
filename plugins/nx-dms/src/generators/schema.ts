import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { normalizedSchemaText, parseApiSchema } from '@dms/api-schema';
import { DmsError, fail } from '@dms/diagnostics';
import { inputError, readInput, statsAt } from '@dms/files';
import { filesInPackage, isPackage, isSchemaFile, type PackedFile } from '@dms/operations';
import { isJsonObject, type JsonValue } from '@dms/values';
import type { Tree } from 'nx/src/devkit-exports';
import { newFolder, reporting } from './generator-run.ts';
import type { SchemaGeneratorOptions } from './generators.ts';
import { expectRegistered } from './registration.ts';

/** An ApiSchema file for a new schema project. */
interface IdentifiedSchema extends PackedSchema {
  /** The name of the project in API paths of Ed-Fi; the folder is named after it. */
  readonly endpointName: string;
  readonly projectName: string;
}

/**
 * Adds schema projects: copies ApiSchema files byte for byte, each into a separate folder, without formatting (design
 * 10 §8).
 */
export function schemaGenerator(tree: Tree, options: SchemaGeneratorOptions): Promise<void> {
  return reporting(() => addSchemas(tree, options));
}

async function addSchemas(tree: Tree, options: SchemaGeneratorOptions): Promise<void> {
  expectRegistered(tree);
  const { from, directory, name, project } = options;
  const found = chosenSchemas(await findSchemaSources(path.resolve(tree.root, from), from), from, project);
  if (found.length > 1 && (directory !== undefined || name !== undefined)) {
    const list = found.map(({ endpointName }) => endpointName).join(', ');
    const option = directory === undefined ? 'name' : 'directory';
    const message = `--${option} is for one schema, but ${from} holds ${found.length}: ${list}; choose one with --project.`;
    fail('GENERATOR_OPTION_INVALID', message, { file: from }, { option, expected: list });
  }
  const targets = found.map((schema) => ({ schema, folder: targetFolder(tree, schema, directory) }));
  for (const { schema, folder } of targets) {
    const base = path.posix.basename(schema.name.replaceAll('\\', '/'));
    tree.write(`${folder}/${isSchemaFile(base) ? base : 'ApiSchema.json'}`, Buffer.from(schema.bytes));
    if (name !== undefined) tree.write(`${folder}/project.json`, `${JSON.stringify({ name }, null, 2)}\n`);
  }
}

function chosenSchemas(
  { kind, sources }: SchemaSources,
  from: string,
  project: string | undefined,
): IdentifiedSchema[] {
  if (sources.length === 0) {
    const message = `${from} holds no ApiSchema file (*ApiSchema*.json, *api-schema*.json).`;
    fail('GENERATOR_SOURCE_AMBIGUOUS', message, { file: from }, { path: from, files: [] });
  }
  const read = sources.map(readSchema);
  // other files of a package may have similar names
  const schemas = read.flatMap((entry) => (entry instanceof DmsError ? [] : [entry]));
  const [firstError] = read.filter((entry) => entry instanceof DmsError);
  if (firstError && (schemas.length === 0 || kind !== 'package')) throw firstError;
  const isChosen = ({ endpointName, projectName }: IdentifiedSchema) =>
    project === endpointName || project === projectName;
  const chosen = project === undefined ? schemas : schemas.filter(isChosen);
  if (chosen.length === 0) {
    const list = schemas.map(({ endpointName }) => endpointName);
    const message = `${from} holds no schema of the project ${JSON.stringify(project)}; it has ${list.join(', ')}.`;
    fail('GENERATOR_OPTION_INVALID', message, { file: from }, { option: 'project', expected: list });
  }
  const isOnce = new Set(chosen.map(({ endpointName }) => endpointName)).size === chosen.length;
  if (chosen.length > 1 && (kind === 'folder' || !isOnce)) {
    const files = chosen.map((schema) => schema.name);
    const message = `${from} holds several ApiSchema files: ${files.join(', ')}; name one of them${isOnce ? ', or its project with --project' : ''}.`;
    fail('GENERATOR_SOURCE_AMBIGUOUS', message, { file: from }, { path: from, files });
  }
  return chosen;
}

function readSchema(source: PackedSchema): IdentifiedSchema | DmsError {
  const { name, bytes } = source;
  try {
    const root = parseApiSchema(bytes, name);
    // normalize-schema will make the same check
    normalizedSchemaText({ file: name, root });
    const text = (member: string) => projectMember(root, member);
    return { ...source, endpointName: text('projectEndpointName'), projectName: text('projectName') };
  } catch (error) {
    if (error instanceof DmsError) return error;
    throw error;
  }
}

function projectMember(root: JsonValue, member: string): string {
  const project = isJsonObject(root) ? root.get('projectSchema') : undefined;
  const value = isJsonObject(project) ? project.get(member) : undefined;
  return typeof value === 'string' ? value : '';
}

/** The new folder for a schema; it must not exist yet. */
function targetFolder(tree: Tree, { name, endpointName }: IdentifiedSchema, directory: string | undefined): string {
  if (directory === undefined && !/^[a-z0-9][a-z0-9-]*$/i.test(endpointName)) {
    const message = `The project of ${name} is called ${JSON.stringify(endpointName)}, which is not a name for a folder; say where it goes with --directory.`;
    fail('GENERATOR_OPTION_INVALID', message, { file: name }, { option: 'directory', expected: 'a folder' });
  }
  const isTaken = (file: string) => isSchemaFile(file) || isProjectFile(file);
  return newFolder(tree, { directory, usual: `schemas/${endpointName}`, isTaken });
}

function isProjectFile(file: string): boolean {
  return file === 'dms.json' || file === 'project.json';
}

/** A file named like an ApiSchema file; messages use its path, for a package the path inside it. */
type PackedSchema = PackedFile;

/** The source of a generator: one file, or the candidates in a folder or a package. */
type SchemaSources =
  | { readonly kind: 'file'; readonly sources: readonly [PackedSchema] }
  | { readonly kind: 'folder' | 'package'; readonly sources: readonly PackedSchema[] };

/**
 * Finds the files to copy (design 10 §8): `from` is a file, a folder, an npm tarball (`.tgz`, `.tar.gz`) or a NuGet
 * package (`.nupkg`, `.zip`). In a folder it considers only the files directly in it, in a package all files except
 * those of nested packages.
 *
 * @param file an absolute path
 * @param from its name in messages
 */
async function findSchemaSources(file: string, from: string): Promise<SchemaSources> {
  const found = statsAt(file, from);
  if (found === undefined) {
    const message = `${from} does not exist; name a file, a folder or a package, relative to the workspace.`;
    return fail('GENERATOR_SOURCE_MISSING', message, { file: from }, { path: from });
  }
  if (found.isDirectory()) return { kind: 'folder', sources: await inFolder(file, from) };
  if (isPackage(file)) return { kind: 'package', sources: await filesInPackage(file, from) };
  return { kind: 'file', sources: [{ name: from, bytes: await readInput(file, from) }] };
}

async function inFolder(folder: string, from: string): Promise<PackedSchema[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw inputError(error, folder, from);
  });
  const names = entries.filter((entry) => !entry.isDirectory() && isSchemaFile(entry.name)).map(({ name }) => name);
  const shown = (name: string) => path.posix.join(from, name);
  return Promise.all(
    names
      .sort()
      .map(async (name) => ({ name: shown(name), bytes: await readInput(path.join(folder, name), shown(name)) })),
  );
}
