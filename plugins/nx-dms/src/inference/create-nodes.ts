import path from 'node:path';
import { compareBy, groupBy, readInput } from '@dms/canonical-json';
import { formatDiagnostic } from '@dms/diagnostics';
import { mappingSetFile, nxPath, withoutPatterns } from '@dms/pipeline';
import { AggregateCreateNodesError, type CreateNodesResultArray, type ProjectConfiguration } from '@nx/devkit';
import { conflictDiagnostics } from '../conflicts.ts';
import type { FileCache } from './file-cache.ts';
import { type MappingSetFacts, mappingSetTargets, readMappingSetFacts } from './mapping-set-project.ts';
import type { PluginOptions } from './options.ts';
import { projectNames } from './project-names.ts';
import { readSchemaFacts, type SchemaFacts, schemaTargets } from './schema-project.ts';
import { type TargetGroup, targetsInGroup } from './targets.ts';
import type { ToolSituation } from './tool-input.ts';

export type FileFacts = SchemaFacts | MappingSetFacts;

export interface InferenceContext {
  readonly workspaceRoot: string;
  readonly options: PluginOptions;
  readonly tool: ToolSituation;
  readonly cache: FileCache<FileFacts>;
}

/** A folder with files of the plugin: a schema project, a mapping set, or by mistake both. */
interface Folder {
  readonly root: string;
  /** Ordinal order; one, if all is well. */
  readonly schemaFiles: readonly string[];
  readonly schema: SchemaFacts | undefined;
  readonly mappingSet: MappingSetFacts | undefined;
}

/** Who writes to which folder. */
interface Claim {
  readonly root: string;
  readonly file: string;
  readonly output: string;
}

/**
 * Makes a project of each folder that holds ApiSchema files or a `dms.json` (design 10 §4.2). What a file says never throws: the
 * project is there under its usual name, and the tasks report what is wrong. Only a file that cannot be read at all is an
 * `AggregateCreateNodesError`.
 */
export async function inferProjects(files: readonly string[], context: InferenceContext): Promise<CreateNodesResultArray> {
  const { facts, errors } = await readFacts(files, context);
  const folders = groupByFolder(facts);
  const names = projectNames(
    folders.map(({ root }) => root),
    path.basename(context.workspaceRoot),
  );
  const claims = folders.flatMap((folder) => claimsOf(folder, context.options));
  const results: CreateNodesResultArray = folders.map((folder) => {
    const project = projectOf(folder, names.get(folder.root) ?? folder.root, claims, context);
    return [folder.schemaFiles[0] ?? mappingSetPath(folder.root), { projects: { [folder.root]: project } }];
  });
  if (errors.length > 0) throw new AggregateCreateNodesError(errors, results);
  return results;
}

async function readFacts(files: readonly string[], { workspaceRoot, cache }: InferenceContext) {
  const facts = new Map<string, FileFacts>();
  const errors: [file: string, error: Error][] = [];
  const contents = await Promise.allSettled(files.map((file) => readInput(path.join(workspaceRoot, file), file)));
  for (const [index, file] of files.entries()) {
    const content = contents[index];
    if (content?.status === 'rejected') errors.push([file, content.reason]);
    if (content?.status !== 'fulfilled') continue;
    const { value: bytes } = content;
    const read = () => readFileFacts(file, bytes);
    facts.set(file, cache.read(file, bytes, read));
  }
  cache.save();
  return { facts, errors };
}

function readFileFacts(file: string, bytes: Uint8Array): FileFacts {
  return path.posix.basename(file) === mappingSetFile ? readMappingSetFacts(file, bytes) : readSchemaFacts(file, bytes);
}

function groupByFolder(facts: ReadonlyMap<string, FileFacts>): Folder[] {
  const entries = [...facts].map(([file, entry]) => ({ file, entry })).sort(compareBy(({ file }) => file));
  return [...groupBy(entries, ({ file }) => path.posix.dirname(file))]
    .map(([root, here]) => {
      const schemas = here.flatMap(({ file, entry }) => (entry.kind === 'schema' ? [{ file, entry }] : []));
      const mappingSet = here.map(({ entry }) => entry).find((entry) => entry.kind === 'mapping-set');
      return { root, schemaFiles: schemas.map(({ file }) => file), schema: schemas[0]?.entry, mappingSet };
    })
    .sort(compareBy(({ root }) => root));
}

function claimsOf({ root, schemaFiles, mappingSet }: Folder, options: PluginOptions): Claim[] {
  const usual = withoutPatterns(path.posix.join(options.outputDirectory, root));
  const [schemaFile] = schemaFiles;
  return [
    ...(schemaFile === undefined ? [] : [{ root, file: schemaFile, output: usual }]),
    ...(mappingSet ? [{ root, file: mappingSetPath(root), output: mappingSet.outputDirectory ?? usual }] : []),
  ];
}

function projectOf(
  { root, schemaFiles, schema, mappingSet }: Folder,
  name: string,
  claims: readonly Claim[],
  { options, tool }: InferenceContext,
): ProjectConfiguration {
  const filesHere = [...schemaFiles, ...(mappingSet ? [mappingSetPath(root)] : [])];
  const conflicts: string[] = [];
  const targets = claims
    .filter((claim) => claim.root === root)
    .map(({ file, output }) => {
      const sharing = claims.filter((claim) => claim.output === output && claim.root !== root).map((claim) => claim.file);
      const others = [...filesHere.filter((other) => other !== file), ...sharing];
      conflicts.push(...conflictDiagnostics(file, others, output).map((entry) => formatDiagnostic(entry)));
      const common = { project: name, prefix: options.targetPrefix, tool, outputDirectory: output, others };
      return mappingSet && file === mappingSetPath(root)
        ? mappingSetTargets(root, mappingSet, common)
        : schemaTargets(schemaFiles, common);
    });
  const role = conflicts.length === 0 ? schema?.role : undefined;
  return {
    name,
    root,
    tags: [...(mappingSet ? ['dms:mapping-set'] : []), ...(schema ? ['dms:schema'] : []), ...(role ? [`dms:${role}`] : [])],
    metadata: {
      technologies: mappingSet ? ['ed-fi', 'sql'] : ['ed-fi'],
      description: conflicts[0] ?? mappingSet?.description ?? schema?.description ?? '',
      targetGroups: {
        ...(schema && { Schema: groupTargets('Schema', options) }),
        ...(mappingSet && {
          Model: groupTargets('Model', options),
          Database: groupTargets('Database', options),
        }),
      },
    },
    targets: Object.assign({}, ...targets),
  };
}

function groupTargets(group: TargetGroup, { targetPrefix }: PluginOptions): string[] {
  return targetsInGroup(group).map((target) => `${targetPrefix}${target}`);
}

function mappingSetPath(root: string): string {
  return nxPath(mappingSetFile, root);
}
