import path from 'node:path';
import {
  type AddingMember,
  dialects,
  dryRunConfiguration,
  isInside,
  mappingSetFile,
  nxPath,
  type SqlDialect,
  singleDatabase,
} from '@dms/operations';
import type { TargetConfiguration } from 'nx/src/devkit-exports';
import {
  allArtifacts,
  dependenciesOf,
  dialectPattern,
  type MemberSelection,
  patternsReadBy,
  type TargetName,
  targetDefinitions,
} from './targets.ts';
import { type TargetInputs, type ToolSituation, toolInputs } from './tool-input.ts';

/** The context that the targets of a project share. */
export interface ProjectTargets {
  /** The folder of the project, relative to the workspace. */
  readonly root: string;
  /** The absolute folder of the workspace. */
  readonly workspaceRoot: string;
  readonly project: string;
  /** The prefix of each target name. */
  readonly prefix: string;
  readonly tool: ToolSituation;
  /** Whether Nx can hash files that Git ignores. */
  readonly isIgnoredHashed: boolean;
  /** The folder of the artifacts, relative to the workspace. */
  readonly outputDirectory: string;
  /** Empty for a schema project. */
  readonly dialects: readonly SqlDialect[];
  /** The members of `dms.json` that add targets, as far as it has them; none for a schema project. */
  readonly named: readonly AddingMember[];
  readonly others: readonly string[];
  readonly namesakes: readonly string[];
}

export type NamedTargets = Readonly<Record<string, TargetConfiguration>>;

/** Files that a target reads. */
export interface ReadFiles {
  /** A path or a pattern, relative to the workspace. */
  readonly pattern: string;
  /** Whether Nx is to hash those that Git ignores too. */
  readonly includesIgnored: boolean;
}

/** The parts that are specific to a target. */
interface OwnParts {
  readonly options: Readonly<Record<string, unknown>>;
  /** Inputs of this project only. */
  readonly files: readonly ReadFiles[];
  readonly cache?: boolean;
  /**
   * Whether the target reads a file that Nx cannot hash; the target then has no inputs and always runs. There are two
   * cases. Nx treats the path as a pattern, which matches no file, or aborts the run because of an unpaired bracket. Or
   * the file is reached through a symbolic link, for which Nx would use the hash of an earlier file, and so a wrong
   * cached result.
   */
  readonly isUnhashable?: boolean;
  /**
   * Whether the set has a fleet; a target that works on one database then has a configuration for the database beside
   * the fleet.
   */
  readonly hasFleet?: boolean;
}

/**
 * A target with its name in the project (design 10 §6.1). Nx hashes nearly the whole configuration into every task of
 * the project, so it contains no options of steps, only the dialects and folders of `dms.json`.
 */
export function namedTarget(
  target: TargetName,
  { root, project, prefix, tool, outputDirectory, dialects: listed, named, others, namesakes }: ProjectTargets,
  { options, files, cache = true, isUnhashable = false, hasFleet = false }: OwnParts,
): NamedTargets {
  const definition = targetDefinitions[target];
  const { description, members, writes, isNeverCached = false, isOnDatabase = false, hasDryRun = false } = definition;
  const dependsOn = dependenciesOf(target, named);
  const [dialect] = listed;
  // a run for one of several dialects has only its own outputs
  const dialectInName = listed.length > 1 ? '{options.dialect}' : (dialect ?? '');
  const read = [...(members ? [nxPath(mappingSetFile, root)] : []), ...files.map(({ pattern }) => pattern)];
  const configuration: TargetConfiguration = {
    executor: `nx-dms:${target}`,
    cache: cache && !isNeverCached && !isUnhashable,
    metadata: {
      technologies: dialect ? ['ed-fi', 'sql'] : ['ed-fi'],
      description,
      help: {
        command: `npx nx run ${project}:${prefix}${target} --help`,
        example: { options: dialect ? { dialect } : {} },
      },
    },
    ...(dependsOn.length > 0 && { dependsOn: dependsOn.map((name) => prefixed(name, prefix)) }),
    inputs:
      isNeverCached || isUnhashable
        ? []
        : [
            ...ownInputs(members, files, root),
            ...read.map(afterTasks),
            ...patternsReadBy(target, named).map((dependentTasksOutputFiles) => ({ dependentTasksOutputFiles })),
            ...toolInputs(tool, target),
          ],
    outputs: writes.map((file) => `{workspaceRoot}/${nxPath(file.replace('<d>', dialectInName), outputDirectory)}`),
    options: {
      ...(listed.length > 1 && { dialect: dialectPattern(listed) }),
      ...options,
      ...(others.length > 0 && { others: [...others] }),
      ...(namesakes.length > 0 && { namesakes: [...namesakes] }),
    },
    ...(dialect && { configurations: configurationsOf(hasFleet && isOnDatabase, hasDryRun) }),
    parallelism: true,
  };
  return { [`${prefix}${target}`]: configuration };
}

function prefixed(target: string, prefix: string): string {
  return target.startsWith('^') ? `^${prefix}${target.slice(1)}` : `${prefix}${target}`;
}

/** The inputs of a target in its project: the members of `dms.json` and the files that it reads. */
const ownInputs = (
  members: MemberSelection | undefined,
  files: readonly ReadFiles[],
  root: string,
): readonly TargetInputs[number][] => [
  ...(members ? [memberInput(members)] : []),
  ...files.map((each) => fileInput(each, root)),
];

/**
 * With `{projectRoot}` Nx considers only files of the project, unless ignored files count too: files of a folder below
 * it may belong to a nested project.
 */
function fileInput({ pattern, includesIgnored }: ReadFiles, root: string): TargetInputs[number] {
  const fromRoot = path.posix.relative(root, pattern);
  const isOfProject = isInside(fromRoot) && (includesIgnored || !fromRoot.includes('/'));
  const fileset = isOfProject ? `{projectRoot}/${fromRoot}` : `{workspaceRoot}/${pattern}`;
  return includesIgnored ? { fileset, includeIgnored: true } : fileset;
}

/**
 * Files that a target reads, as possible outputs of a task on which a user lets the target depend. Without this input
 * Nx would hash them before that task writes them (design 10 §6.1).
 */
const afterTasks = (dependentTasksOutputFiles: string): TargetInputs[number] => ({
  dependentTasksOutputFiles,
  transitive: true,
});

function memberInput(members: MemberSelection): TargetInputs[number] {
  const json = `{projectRoot}/${mappingSetFile}`;
  return 'fields' in members
    ? { json, fields: [...members.fields] }
    : { json, excludeFields: [...members.excludeFields] };
}

/**
 * The configurations of a target. There is one for each dialect, even if `dms.json` does not list it, so that a request
 * for it fails: Nx would drop an unknown configuration and run the target for the other dialects (design 10 §6.7).
 * Beside a fleet they select the single database. A target with a dry run has a configuration for that.
 */
function configurationsOf(
  isBesideFleet: boolean,
  hasDryRun: boolean,
): NonNullable<TargetConfiguration['configurations']> {
  const single = isBesideFleet ? { database: singleDatabase } : {};
  const ofDialects = Object.fromEntries(dialects.map((dialect) => [dialect, { dialect, ...single }]));
  return {
    ...ofDialects,
    ...(isBesideFleet && { [singleDatabase]: single }),
    ...(hasDryRun && { [dryRunConfiguration]: { dryRun: true } }),
  };
}

/** The parts that are specific to the targets of a fleet. */
interface FleetParts extends Pick<OwnParts, 'files' | 'isUnhashable'> {
  readonly databases: readonly string[];
}

/**
 * A copy of a target for each database of a fleet, `check-db:<name>`, and a target that runs all of them (design 18
 * §6). Nx runs only one configuration of a target at a time, so these are separate targets. They are as small as
 * possible, because there may be thousands.
 */
export function fleetTargets(
  target: TargetName,
  { root, project, prefix, outputDirectory, named: adding, others, namesakes }: ProjectTargets,
  { databases, files, isUnhashable = false }: FleetParts,
): NamedTargets {
  const { fleet, members } = targetDefinitions[target];
  if (fleet === undefined || databases.length === 0) return {};
  const name = `${prefix}${target}`;
  const before = dependenciesOf(target, adding).map((each) => prefixed(each, prefix));
  const helpOf = (named: string) => ({ command: `npx nx run ${project}:${named} --help`, example: { options: {} } });
  const all = `${prefix}${fleet.name}`;
  // results are not cached, but Nx needs the inputs to find affected tasks
  const read = { dependentTasksOutputFiles: allArtifacts, transitive: true };
  const inputs: TargetInputs = isUnhashable ? [] : [...ownInputs(members, files, root), read];
  const targets: Record<string, TargetConfiguration> = {
    [all]: {
      executor: 'nx:noop',
      cache: false,
      metadata: { description: fleet.description, help: helpOf(all) },
      // Nx expands this pattern among the targets of the project
      dependsOn: [`${name}:*`],
      inputs: [...inputs],
      outputs: [],
      parallelism: true,
    },
  };
  // shared by all databases: thousands of copies would take time, and Nx changes none of them
  const shared = { dependsOn: before, inputs: [...inputs], outputs: [], example: { options: {} } };
  const further = {
    ...(others.length > 0 && { others: [...others] }),
    ...(namesakes.length > 0 && { namesakes: [...namesakes] }),
  };
  const hasFurther = Object.keys(further).length > 0;
  for (const database of databases) {
    const named = `${name}:${database}`;
    targets[named] = {
      executor: `nx-dms:${target}`,
      cache: false,
      metadata: {
        description: `${fleet.ofDatabase} ${database}`,
        help: { command: `npx nx run ${project}:${named} --help`, example: shared.example },
      },
      dependsOn: shared.dependsOn,
      inputs: shared.inputs,
      outputs: shared.outputs,
      options: hasFurther ? { database, outputDirectory, ...further } : { database, outputDirectory },
      parallelism: true,
    };
  }
  return targets;
}
