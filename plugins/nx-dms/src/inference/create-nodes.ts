import path from 'node:path';
import { append, DmsError, formatDiagnostic } from '@dms/diagnostics';
import { caselessName, isThere, readInput } from '@dms/files';
import { mappingSetFile, nxPath, outsideNestedWorktrees, targetGroups, usualOutputFolder } from '@dms/operations';
import { compareBy, groupBy } from '@dms/values';
import {
  AggregateCreateNodesError,
  type CreateNodesResultArray,
  type ProjectConfiguration,
  readJsonFile,
} from 'nx/src/devkit-exports';
import { conflictDiagnostics } from '../conflicts.ts';
import { linkedMappingSet } from '../unseen-files.ts';
import type { ContentHashes, FileCache } from './file-cache.ts';
import {
  type FleetFacts,
  type MappingSetFacts,
  mappingSetTargets,
  readFleetFacts,
  readMappingSetFacts,
} from './mapping-set-project.ts';
import type { PluginOptions } from './options.ts';
import { type ProjectName, projectNames } from './project-names.ts';
import { readSchemaFacts, type SchemaFacts, schemaTargets } from './schema-project.ts';
import type { NamedTargets } from './target-configuration.ts';
import { targetDefinitions, targetNames } from './targets.ts';
import type { ToolSituation } from './tool-input.ts';

export type FileFacts = SchemaFacts | MappingSetFacts | FleetFacts;

interface InferenceContext {
  readonly workspaceRoot: string;
  readonly options: PluginOptions;
  readonly tool: ToolSituation;
  /** Whether Nx can hash files that Git ignores. */
  readonly isIgnoredHashed: boolean;
  readonly cache: FileCache<FileFacts>;
  readonly hashes: ContentHashes;
}

/** A project with its file and the folder that it writes to. */
interface Claim {
  readonly root: string;
  readonly file: string;
  readonly output: string;
}

/**
 * Turns each folder with ApiSchema files or a `dms.json` into a project (design 10 §4.2). The contents of a file never
 * cause an exception: the project exists under its usual name, and its tasks report the mistakes. Only a file that
 * cannot be read at all is an `AggregateCreateNodesError`.
 */
export async function inferProjects(
  found: readonly string[],
  context: InferenceContext,
): Promise<CreateNodesResultArray> {
  const files = outsideNestedWorktrees(context.workspaceRoot, found);
  const { facts, fleets, errors } = await readFacts(files, context);
  const folders = groupByFolder(facts);
  const names = projectNames(
    folders.map(({ root, mappingSet }) => {
      return { root, explicit: nameInProjectFile(context.workspaceRoot, root) ?? mappingSet?.name ?? undefined };
    }),
    path.basename(context.workspaceRoot),
  );
  const fileOf = new Map(folders.map((folder) => [folder.root, folder.schemaFiles[0] ?? mappingSetPath(folder.root)]));
  const claims = claimedFolders(folders, context.options);
  const results: CreateNodesResultArray = folders.map((folder) => {
    const named = names.get(folder.root);
    if (named === undefined) throw new Error(`the name of the project in ${folder.root} is missing`);
    const files = named.namesakes.map((root) => fileOf.get(root) ?? root);
    const project = inferProject(folder, { name: named.name, namesakes: files }, { claims, fleets }, context);
    return [fileOf.get(folder.root) ?? folder.root, { projects: { [folder.root]: project } }];
  });
  if (errors.length > 0) throw new AggregateCreateNodesError(errors, results);
  return results;
}

async function readFacts(files: readonly string[], context: InferenceContext) {
  const facts = new Map<string, FileFacts>();
  const errors: [file: string, error: Error][] = [];
  const found = await Promise.allSettled(files.map((file) => factsOf(file, context)));
  for (const [index, file] of files.entries()) {
    const result = found[index];
    if (result?.status === 'rejected') errors.push([file, result.reason]);
    if (result?.status === 'fulfilled') facts.set(file, result.value);
  }
  const fleets = await readFleets(facts, context);
  context.cache.save();
  return { facts, fleets, errors };
}

async function factsOf(
  file: string,
  { workspaceRoot, cache, hashes }: InferenceContext,
  read: (file: string, bytes: Uint8Array) => FileFacts = readFileFacts,
): Promise<FileFacts> {
  const place = path.join(workspaceRoot, file);
  const same = hashes.unlessChanged(place);
  const known = same === undefined ? undefined : cache.known(file, same);
  if (known) return known;
  const { bytes, hash } = await hashes.read(place, () => readInput(place, file));
  return cache.read(file, hash, () => read(file, bytes));
}

function readFileFacts(file: string, bytes: Uint8Array): FileFacts {
  return path.posix.basename(file) === mappingSetFile ? readMappingSetFacts(file, bytes) : readSchemaFacts(file, bytes);
}

/** The facts of the files that mapping sets name as their fleets, by file. */
async function readFleets(facts: ReadonlyMap<string, FileFacts>, context: InferenceContext) {
  const files = [...facts.values()].flatMap((entry) =>
    entry.kind === 'mapping-set' && 'file' in entry.fleet ? [entry.fleet.file] : [],
  );
  const fleets = new Map<string, FleetFacts>();
  for (const file of new Set(files)) {
    try {
      const entry = await factsOf(file, context, readFleetFacts);
      if (entry.kind === 'fleet') fleets.set(file, entry);
    } catch (error) {
      if (!(error instanceof DmsError)) throw error;
      // a missing file must not stop other commands of Nx
      fleets.set(file, { kind: 'fleet', databases: [], diagnostic: formatDiagnostic(error.diagnostics[0]) });
    }
  }
  return fleets;
}

/** A folder with files of the plugin: a schema project, a mapping set, or, by mistake, both. */
interface Folder {
  readonly root: string;
  /** In ordinal order; only one file if there is no conflict. */
  readonly schemaFiles: readonly string[];
  readonly schema: SchemaFacts | undefined;
  readonly mappingSet: MappingSetFacts | undefined;
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

/** The name in a `project.json`, which overrides the name from a plugin. */
function nameInProjectFile(workspaceRoot: string, root: string): string | undefined {
  const file = path.join(workspaceRoot, root, 'project.json');
  try {
    // few folders have this file, and checking is cheaper than failing
    if (!isThere(file)) return undefined;
    // comments are allowed, as in Nx
    const { name } = readJsonFile<{ readonly name?: unknown }>(file);
    return typeof name === 'string' && name !== '' ? name : undefined;
  } catch {
    // Nx itself reports mistakes in this file
    return undefined;
  }
}

function mappingSetPath(root: string): string {
  return nxPath(mappingSetFile, root);
}

/**
 * The claims by project folder and by output folder; indexed, because there may be hundreds. The folders are compared
 * without letter case: on Windows and macOS two that differ only there are one.
 */
interface ClaimedFolders {
  readonly byRoot: ReadonlyMap<string, readonly Claim[]>;
  readonly byOutput: ReadonlyMap<string, readonly Claim[]>;
}

function claimedFolders(folders: readonly Folder[], options: PluginOptions): ClaimedFolders {
  const claims = folders.flatMap((folder) => listClaims(folder, options));
  return {
    byRoot: groupBy(claims, ({ root }) => caselessName(root)),
    byOutput: groupBy(claims, ({ output }) => caselessName(output)),
  };
}

function listClaims({ root, schemaFiles, mappingSet }: Folder, options: PluginOptions): Claim[] {
  const usual = usualOutputFolder(root, options.outputDirectory);
  const [schemaFile] = schemaFiles;
  return [
    ...(schemaFile === undefined ? [] : [{ root, file: schemaFile, output: usual }]),
    ...(mappingSet ? [{ root, file: mappingSetPath(root), output: mappingSet.outputDirectory ?? usual }] : []),
  ];
}

function inferProject(
  { root, schemaFiles, schema, mappingSet }: Folder,
  { name, namesakes }: ProjectName,
  { claims, fleets }: { readonly claims: ClaimedFolders; readonly fleets: ReadonlyMap<string, FleetFacts> },
  { workspaceRoot, options, tool, isIgnoredHashed }: InferenceContext,
): ProjectConfiguration {
  const filesHere = [...schemaFiles, ...(mappingSet ? [mappingSetPath(root)] : [])];
  const linked = mappingSet && linkedMappingSet(workspaceRoot, mappingSetPath(root));
  const fleet = mappingSet && fleetOf(mappingSet, fleets);
  const conflicts: string[] = [];
  const targets = (claims.byRoot.get(caselessName(root)) ?? [])
    .filter((claim) => claim.root === root)
    .map((claim) => {
      const { file, output } = claim;
      const others = [...filesHere.filter((other) => other !== file), ...disturbed(claim, claims)];
      append(
        conflicts,
        conflictDiagnostics(file, { others, namesakes }, output).map((entry) => formatDiagnostic(entry)),
      );
      const common = {
        workspaceRoot,
        root,
        project: name,
        prefix: options.targetPrefix,
        tool,
        isIgnoredHashed,
        outputDirectory: output,
        others,
        namesakes,
      };
      return mappingSet && file === mappingSetPath(root)
        ? mappingSetTargets(mappingSet, {
            ...common,
            isLinked: linked !== undefined,
            databases: fleet?.databases ?? [],
          })
        : schemaTargets(schemaFiles, common);
    });
  if (linked) conflicts.push(formatDiagnostic(linked));
  const role = conflicts.length === 0 ? schema?.role : undefined;
  // a mapping set may have thousands of targets
  const [only = {}, ...further] = targets;
  const allTargets: NamedTargets = further.length === 0 ? only : Object.assign({}, only, ...further);
  return {
    name,
    root,
    tags: [
      ...(mappingSet ? ['dms:mapping-set'] : []),
      ...(schema ? ['dms:schema'] : []),
      ...(role ? [`dms:${role}`] : []),
    ],
    metadata: {
      technologies: mappingSet ? ['ed-fi', 'sql'] : ['ed-fi'],
      description: conflicts[0] ?? fleet?.diagnostic ?? mappingSet?.description ?? schema?.description ?? '',
      targetGroups: groupTargets(allTargets, options),
    },
    targets: allTargets,
  };
}

/** The fleet of a mapping set: the names of its databases, and the diagnostic about its file. */
function fleetOf({ fleet }: MappingSetFacts, fleets: ReadonlyMap<string, FleetFacts>): Omit<FleetFacts, 'kind'> {
  if (!('file' in fleet)) return { databases: fleet.databases, diagnostic: null };
  return fleets.get(fleet.file) ?? { databases: [], diagnostic: null };
}

/**
 * The files of other projects that conflict with `claim`: they write to the same folder, or own it or a folder around
 * it.
 */
function disturbed({ root, output }: Claim, { byRoot, byOutput }: ClaimedFolders): string[] {
  const folder = caselessName(output);
  const parents = folder.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));
  const owners = parents.flatMap((parent) => byRoot.get(parent) ?? []);
  const found = [...(byOutput.get(folder) ?? []), ...owners].filter((claim) => claim.root !== root);
  return [...new Set(found.map(({ file }) => file))];
}

/** The target groups of Nx Console. */
function groupTargets(targets: NamedTargets, { targetPrefix }: PluginOptions): Record<string, string[]> {
  const groups = targetGroups.map((group) => {
    const ofGroup = targetNames.filter((name) => targetDefinitions[name].group === group);
    return [group, ofGroup.map((name) => `${targetPrefix}${name}`).filter((name) => name in targets)] as const;
  });
  const ofNoFleet = new Set(targetNames.map((name) => `${targetPrefix}${name}`));
  const ofFleet = Object.keys(targets).filter((name) => !ofNoFleet.has(name));
  return Object.fromEntries([...groups, ['Fleet', ofFleet] as const].filter(([, names]) => names.length > 0));
}
