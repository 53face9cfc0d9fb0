import path from 'node:path';
import { normalizedSchemaText } from '@dms/api-schema';
import { DmsError, fail } from '@dms/diagnostics';
import { decodeUtf8, isJsonObject, type JsonValue, parseJson } from '@dms/files';
import { isInside, nxPath } from '@dms/operations';
import type { Tree } from 'nx/src/devkit-exports';
import type { SchemaOptions } from '../generators.ts';
import { expectRegistered } from '../registration.ts';
import { reporting } from '../reporting.ts';
import { findSchemaSources, isSchemaName, type SchemaSource, type SchemaSources } from './schema-sources.ts';

/** An ApiSchema file that will become a schema project. */
interface FoundSchema extends SchemaSource {
  /** The name of the project in paths of the Ed-Fi API; the folder is named after it. */
  readonly endpointName: string;
  readonly projectName: string;
}

/**
 * Adds schema projects: copies ApiSchema files byte for byte, each into a folder of its own, without formatting (design
 * 10 §8).
 */
export default function schemaGenerator(tree: Tree, options: SchemaOptions): Promise<void> {
  return reporting(() => addSchemas(tree, options));
}

async function addSchemas(tree: Tree, options: SchemaOptions): Promise<void> {
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
    tree.write(`${folder}/${isSchemaName(base) ? base : 'ApiSchema.json'}`, Buffer.from(schema.bytes));
    if (name !== undefined) tree.write(`${folder}/project.json`, `${JSON.stringify({ name }, null, 2)}\n`);
  }
}

function chosenSchemas({ kind, sources }: SchemaSources, from: string, project: string | undefined): FoundSchema[] {
  if (sources.length === 0) {
    const message = `${from} holds no ApiSchema file (*ApiSchema*.json, *api-schema*.json).`;
    fail('GENERATOR_SOURCE_AMBIGUOUS', message, { file: from }, { path: from, files: [] });
  }
  const read = sources.map(readSchema);
  // other files of a package may have a similar name
  const schemas = read.flatMap((entry) => (entry instanceof DmsError ? [] : [entry]));
  const [firstFault] = read.filter((entry) => entry instanceof DmsError);
  if (firstFault && (schemas.length === 0 || kind !== 'package')) throw firstFault;
  const isChosen = ({ endpointName, projectName }: FoundSchema) => project === endpointName || project === projectName;
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

function readSchema(source: SchemaSource): FoundSchema | DmsError {
  const { name, bytes } = source;
  try {
    const root = parseJson(decodeUtf8(bytes, name), name);
    // the check that normalize-schema will make
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

/** The folder for a schema; it must not exist yet. */
function targetFolder(tree: Tree, { name, endpointName }: FoundSchema, directory: string | undefined): string {
  if (directory === undefined && !/^[a-z0-9][a-z0-9-]*$/i.test(endpointName)) {
    const message = `The project of ${name} is called ${JSON.stringify(endpointName)}, which is not a name for a folder; say where it goes with --directory.`;
    fail('GENERATOR_OPTION_INVALID', message, { file: name }, { option: 'directory', expected: 'a folder' });
  }
  const folder = nxPath(directory ?? `schemas/${endpointName}`);
  if (!isInside(folder) || folder === '.') {
    const message = `--directory is ${JSON.stringify(directory)}; expected a folder inside the workspace.`;
    fail(
      'GENERATOR_OPTION_INVALID',
      message,
      { file: folder },
      { option: 'directory', expected: 'a folder inside the workspace' },
    );
  }
  const there = tree.exists(folder)
    ? tree.children(folder).filter((file) => isSchemaName(file) || isProjectFile(file))
    : [];
  if (there.length > 0) {
    const files = there.map((file) => `${folder}/${file}`);
    const message = `${files.join(', ')} exists already; remove it, or choose another folder with --directory.`;
    fail('GENERATOR_TARGET_EXISTS', message, { file: folder }, { path: folder, files });
  }
  return folder;
}

function isProjectFile(file: string): boolean {
  return file === 'dms.json' || file === 'project.json';
}
