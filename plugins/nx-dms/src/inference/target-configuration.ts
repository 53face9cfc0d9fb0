import { mappingSetFile, nxPath, type SqlDialect } from '@dms/pipeline';
import type { TargetConfiguration } from 'nx/src/devkit-exports';
import { dialectPattern, type MemberSelection, type TargetName, targetDefinitions } from './targets.ts';
import { type TargetInputs, type ToolSituation, toolInputs } from './tool-input.ts';

/** What the targets of a project have in common. */
export interface ProjectTargets {
  /** Absolute. */
  readonly workspaceRoot: string;
  readonly project: string;
  /** Put before each name. */
  readonly prefix: string;
  readonly tool: ToolSituation;
  /** Whether Nx can hash files that git ignores. */
  readonly isIgnoredHashed: boolean;
  /** The folder of the artifacts, relative to the workspace. */
  readonly outputDirectory: string;
  /** Empty for a schema project. */
  readonly dialects: readonly SqlDialect[];
  readonly others: readonly string[];
  readonly namesakes: readonly string[];
}

export type NamedTargets = Readonly<Record<string, TargetConfiguration>>;

/** What a target has for itself. */
export interface OwnParts {
  readonly options: Readonly<Record<string, unknown>>;
  /** Inputs that only this project has. */
  readonly files: TargetInputs;
  readonly cache?: boolean;
  /**
   * Whether the target reads a file that Nx cannot hash. It then has no inputs and runs every time. Either Nx takes the path for a
   * pattern, which as an input stands for no file, or ends the run with half a bracket. Or a symbolic link leads to the file: Nx would
   * give it the hash of the file that was there before, and take the result of one for that of the other.
   */
  readonly isUnhashable?: boolean;
}

/**
 * One target under its name in the project (design 10 §6.1). Nx hashes nearly all of a configuration into every task of the
 * project; so no option of a step stands in it, only what `dms.json` says of dialects and folders.
 */
export function namedTarget(
  target: TargetName,
  { project, prefix, tool, outputDirectory, dialects, others, namesakes }: ProjectTargets,
  { options, files, cache = true, isUnhashable = false }: OwnParts,
): NamedTargets {
  const { description, dependsOn, members, reads, writes, isNeverCached = false } = targetDefinitions[target];
  const [dialect] = dialects;
  // a run for one of several dialects has outputs of its own only
  const dialectInName = dialects.length > 1 ? '{options.dialect}' : (dialect ?? '');
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
            ...(members ? [memberInput(members)] : []),
            ...files,
            ...reads.map((dependentTasksOutputFiles) => ({ dependentTasksOutputFiles })),
            ...toolInputs(tool, target),
          ],
    outputs: writes.map((file) => `{workspaceRoot}/${nxPath(file.replace('<d>', dialectInName), outputDirectory)}`),
    options: {
      ...(dialects.length > 1 && { dialect: dialectPattern(dialects) }),
      ...options,
      ...(others.length > 0 && { others: [...others] }),
      ...(namesakes.length > 0 && { namesakes: [...namesakes] }),
    },
    ...(dialect && { configurations: Object.fromEntries(dialects.map((name) => [name, { dialect: name }])) }),
    parallelism: true,
  };
  return { [`${prefix}${target}`]: configuration };
}

/** What the targets of a fleet have for themselves. */
export interface FleetParts extends Pick<OwnParts, 'files' | 'isUnhashable'> {
  readonly databases: readonly string[];
}

/** The artifacts of whatever a target depends on. */
const artifacts = '**/*.{json,sql}';

/**
 * A target once more for each database of a fleet, `check-db:<name>`, and one that runs all of these (design 18 §6). Nx runs one
 * configuration of a target at a time, so these are targets of their own. There may be thousands, so they hold no more than they must.
 */
export function fleetTargets(
  target: TargetName,
  { project, prefix, outputDirectory, others, namesakes }: ProjectTargets,
  { databases, files, isUnhashable = false }: FleetParts,
): NamedTargets {
  const { fleet, dependsOn, members } = targetDefinitions[target];
  if (fleet === undefined || databases.length === 0) return {};
  const [name, before] = [`${prefix}${target}`, dependsOn.map((each) => prefixed(each, prefix))];
  const helpOf = (named: string) => ({ command: `npx nx run ${project}:${named} --help`, example: { options: {} } });
  const all = `${prefix}${fleet.name}`;
  // nothing is kept, but by its inputs Nx tells which tasks a change affects
  const read = { dependentTasksOutputFiles: artifacts, transitive: true };
  const inputs: TargetInputs = isUnhashable ? [] : [...(members ? [memberInput(members)] : []), ...files, read];
  const targets: Record<string, TargetConfiguration> = {
    [all]: {
      executor: 'nx:noop',
      cache: false,
      metadata: { description: fleet.description, help: helpOf(all) },
      // Nx looks for these among the targets of the project
      dependsOn: [`${name}:*`],
      inputs: [...inputs],
      outputs: [],
      parallelism: true,
    },
  };
  // the same for all databases: thousands of copies would take time, and Nx changes none of them
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

function memberInput(members: MemberSelection): TargetInputs[number] {
  const json = `{projectRoot}/${mappingSetFile}`;
  return 'fields' in members ? { json, fields: [...members.fields] } : { json, excludeFields: [...members.excludeFields] };
}

function prefixed(target: string, prefix: string): string {
  return target.startsWith('^') ? `^${prefix}${target.slice(1)}` : `${prefix}${target}`;
}
