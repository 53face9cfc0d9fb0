import path from 'node:path';
import { type Diagnostic, diagnostic, listOfNames, meantNames, nearNames } from '@dms/diagnostics';
import { artifactFile, nxPath, usualOutputFolder } from '@dms/operations';
import { compareBy } from '@dms/values';
import type { ProjectConfiguration, TargetConfiguration } from 'nx/src/devkit-exports';

/** A schema project from the point of view of mapping sets; all paths are relative to the workspace. */
export interface SchemaProject {
  readonly name: string;
  readonly root: string;
  /** The ApiSchema file. */
  readonly source: string;
  /** The normalized schema. */
  readonly output: string;
  /** The name of the target that writes the normalized schema; an option of the plugin may add a prefix. */
  readonly target: string;
}

/** The default path of the normalized schema of an ApiSchema file; both relative to the workspace. */
export function normalizedFile(source: string): string {
  return nxPath(artifactFile('normalizedSchema'), usualOutputFolder(path.posix.dirname(source)));
}

/** Finds the target without a list of all targets, because a mapping set may have thousands. */
function normalizingTarget(
  targets: NonNullable<ProjectConfiguration['targets']>,
): { readonly target: string; readonly options: TargetConfiguration['options'] } | undefined {
  for (const target in targets)
    if (targets[target]?.executor === 'nx-dms:normalize-schema') return { target, options: targets[target]?.options };
  return undefined;
}

/** The schema projects among `projects`, recognized by their target, because users may change tags and names. */
export function schemaProjectsOf(projects: Readonly<Record<string, ProjectConfiguration>>): SchemaProject[] {
  return Object.entries(projects)
    .flatMap(([name, { root, targets = {} }]) => {
      const { target, options } = normalizingTarget(targets) ?? {};
      if (!options || target === undefined) return [];
      const source = String(options.source);
      return [{ name, root, source, target, output: String(options.output ?? normalizedFile(source)) }];
    })
    .sort(compareBy(({ name }) => name));
}

/** The folders that an entry can refer to, relative to the workspace. */
const foldersOf = (entry: string, mappingSetRoot: string) => [nxPath(entry, mappingSetRoot), nxPath(entry)];

/**
 * The schema project of an entry of `schemas`: by its name, otherwise by its folder relative to the mapping set,
 * otherwise by its folder relative to the workspace (design 10 §4.4).
 */
export function findSchemaProject(
  entry: string,
  mappingSetRoot: string,
  schemaProjects: readonly SchemaProject[],
): SchemaProject | undefined {
  const folders = foldersOf(entry, mappingSetRoot);
  return (
    schemaProjects.find(({ name }) => name === entry) ??
    folders.flatMap((folder) => schemaProjects.filter(({ root }) => root === folder))[0]
  );
}

/** What the disk says about a folder, relative to the workspace. */
interface OnDisk {
  /**
   * The symbolic link through which the schema of a folder is reached: the daemon of Nx may not have seen that it
   * replaced a file.
   */
  readonly linkTo: (folder: string) => string | undefined;
  /** The diagnostic about an entry that names a folder in another spelling than the disk. */
  readonly spellingOf: (entry: string, pointer: string) => Diagnostic | undefined;
}

/**
 * Finds the project of every entry of `schemas`, in the order written. `diagnostics` has a `CONFIG_SCHEMA_UNKNOWN` for
 * each entry without a project, and a `CONFIG_SCHEMA_DUPLICATE` for each entry that repeats a project.
 *
 * An entry that names a folder in another spelling than the disk is a `CONFIG_PATH_SPELLING`.
 */
export function resolveSchemas(
  schemas: readonly string[],
  file: string,
  schemaProjects: readonly SchemaProject[],
  { linkTo, spellingOf }: OnDisk = { linkTo: () => undefined, spellingOf: () => undefined },
): { readonly resolved: readonly SchemaProject[]; readonly diagnostics: readonly Diagnostic[] } {
  const mappingSetRoot = path.posix.dirname(file);
  const resolved = new Map<SchemaProject, number>();
  const diagnostics: Diagnostic[] = [];
  schemas.forEach((entry, index) => {
    const project = findSchemaProject(entry, mappingSetRoot, schemaProjects);
    const earlier = project && resolved.get(project);
    const where = { file, path: `/schemas/${index}` };
    const misspelt = project ? undefined : spellingOf(entry, where.path);
    if (misspelt) diagnostics.push(misspelt);
    else if (!project) {
      const link = foldersOf(entry, mappingSetRoot)
        .map(linkTo)
        .find((found) => found !== undefined);
      diagnostics.push(unknownSchema(entry, where, mappingSetRoot, schemaProjects, link));
    } else if (earlier === undefined) resolved.set(project, index);
    else {
      const message = `/schemas/${earlier} and ${where.path} both name the schema project ${project.name}; remove one of them.`;
      diagnostics.push(
        diagnostic('CONFIG_SCHEMA_DUPLICATE', message, where, {
          paths: [`/schemas/${earlier}`, where.path],
          project: project.name,
        }),
      );
    }
  });
  return { resolved: [...resolved.keys()], diagnostics };
}

function unknownSchema(
  entry: string,
  where: { readonly file: string; readonly path: string },
  mappingSetRoot: string,
  schemaProjects: readonly SchemaProject[],
  link: string | undefined,
): Diagnostic {
  const baseName = path.posix.basename(entry);
  const asWritten = ({ root }: SchemaProject) => path.posix.relative(mappingSetRoot, root) || '.';
  const sameName = schemaProjects.filter(({ root }) => path.posix.basename(root) === baseName).map(asWritten);
  const names = schemaProjects.map(({ name }) => name);
  const near = nearNames(baseName, names);
  const candidates = sameName.length > 0 ? sameName : near.length > 0 ? near : names;
  const list = listOfNames(candidates);
  const advice =
    sameName.length > 1
      ? `. Several schema folders have that name; write one of ${list}.`
      : sameName.length === 1 || near.length > 0
        ? meantNames(candidates)
        : candidates.length > 0
          ? `. The schema projects are ${list}.`
          : '. There is no schema project in this workspace.';
  const reason =
    link === undefined
      ? `which is neither a schema project nor its folder${advice}`
      : `whose file Nx does not see: ${link} is a symbolic link. If it has replaced a file, run: npx nx reset`;
  const message = `${where.path} names ${JSON.stringify(entry)}, ${reason}`;
  const details = { entry, candidates: candidates.slice(0, 20), ...(link === undefined ? {} : { link }) };
  return diagnostic('CONFIG_SCHEMA_UNKNOWN', message, where, details);
}
