import path from 'node:path';
import { parseArgs } from 'node:util';
import { alternatives, type Diagnostic, diagnostic, shellWord } from '@dms/diagnostics';
import { isThere, readInputSync } from '@dms/files';
import {
  dialects,
  type MappingSet,
  mappingSetFile,
  missingTarget,
  nxPath,
  parseMappingSet,
  singleDatabase,
} from '@dms/operations';
import type { ProjectConfiguration, TargetConfiguration } from 'nx/src/devkit-exports';
import { targetDefinitions, targetNames } from './inference/targets.ts';

/** The projects of a workspace, by name. */
export type KnownProjects = Readonly<
  Record<string, Pick<ProjectConfiguration, 'tags' | 'targets' | 'metadata'> & { readonly root?: string }>
>;

/** One interpretation of a request; `configuration` is undefined if none was requested. */
interface AskedTarget {
  readonly project: string;
  readonly target: string;
  readonly configuration: string | undefined;
}

/** The names that may follow a target: its configurations, and the databases of a fleet that have separate targets. */
function namesBehind(target: string, targets: Readonly<Record<string, TargetConfiguration>>): string[] {
  const configurations = Object.keys(targets[target]?.configurations ?? {});
  const databases = Object.keys(targets).flatMap((name) =>
    name.startsWith(`${target}:`) ? [name.slice(target.length + 1)] : [],
  );
  return [...configurations, ...databases];
}

/**
 * Whether a target works on a fleet whose databases have no separate targets: no list names them, and Nx reads neither
 * variables nor databases when it looks for targets (design 10 §6.7), or it is `status-db`.
 */
const hasUnlistedFleet = (target: string, targets: Readonly<Record<string, TargetConfiguration>>): boolean =>
  Object.hasOwn(targets[target]?.configurations ?? {}, singleDatabase) &&
  !Object.keys(targets).some((name) => name.startsWith(`${target}:`));

const unlisted = ' It has none for the databases of the fleet; name one of them with --database=<name>.';

/**
 * The diagnostic about a configuration that a target does not have; undefined if it has this configuration, or none was
 * requested.
 */
export function unknownConfiguration(
  { project, target, configuration }: AskedTarget,
  targets: Readonly<Record<string, TargetConfiguration>>,
): Diagnostic | undefined {
  if (configuration === undefined || Object.hasOwn(targets[target]?.configurations ?? {}, configuration))
    return undefined;
  const names = namesBehind(target, targets);
  const text = `${project}:${target} has no configuration ${JSON.stringify(configuration)}${alternatives(configuration, names)}${hasUnlistedFleet(target, targets) ? unlisted : ''} Nothing was run.`;
  return diagnostic('TASK_CONFIGURATION_UNKNOWN', text, {}, { project, target, configuration });
}

/** Whether the plugin made the target; a target that runs the targets of a whole fleet has an executor of Nx. */
function isOfPlugin(project: KnownProjects[string], target: string): boolean {
  const { executor = '' } = project.targets?.[target] ?? {};
  return executor.startsWith('nx-dms:') || project.metadata?.targetGroups?.Fleet?.includes(target) === true;
}

/** The ways to interpret `words` as a target of a project and one of its configurations. */
function readingsOf(project: string, words: readonly string[], { targets = {} }: KnownProjects[string]): AskedTarget[] {
  return words.flatMap((_, index) => {
    const target = words.slice(0, index + 1).join(':');
    if (!Object.hasOwn(targets, target)) return [];
    const rest = words.slice(index + 1);
    return [{ project, target, configuration: rest.length === 0 ? undefined : rest.join(':') }];
  });
}

/**
 * The ways to interpret `project:target:configuration`. Nx also accepts a part of a project name, and, in the folder of
 * a project, only the target; every project is then a candidate.
 */
function readings(specifier: string, projects: KnownProjects): AskedTarget[] {
  const words = specifier.split(':');
  const named = words.flatMap((_, index) => {
    const name = words.slice(0, index + 1).join(':');
    const project = Object.hasOwn(projects, name) ? projects[name] : undefined;
    return project === undefined ? [] : readingsOf(name, words.slice(index + 1), project);
  });
  if (named.length > 0) return named;
  return Object.entries(projects).flatMap(([name, project]) => [
    ...readingsOf(name, words, project),
    ...readingsOf(name, words.slice(1), project),
  ]);
}

interface AskedFor {
  readonly words: readonly string[];
  readonly targets: readonly string[];
  readonly configuration: string | undefined;
}

/** Parses the arguments of `nx`, without the program. */
function askedFor(args: readonly string[]): AskedFor {
  const { values, positionals } = parseArgs({
    args: args.includes('--') ? args.slice(0, args.indexOf('--')) : [...args],
    strict: false,
    allowPositionals: true,
    options: {
      configuration: { type: 'string', short: 'c' },
      targets: { type: 'string', short: 't', multiple: true },
      target: { type: 'string', multiple: true },
    },
  });
  const texts = [...(values.targets ?? []), ...(values.target ?? [])].filter((each) => typeof each === 'string');
  const { configuration } = values;
  return {
    words: positionals,
    targets: texts.flatMap((each) => each.replace(/^=/, '').split(',')),
    configuration: typeof configuration === 'string' ? configuration.replace(/^=/, '') : undefined,
  };
}

/** The request in the arguments of `nx`: the ways to interpret each target, those with the longest target name last. */
interface Asked {
  /** Whether the command is for many projects. */
  readonly isOfMany: boolean;
  /** Whether the request may contain a configuration. */
  readonly mayHaveConfiguration: boolean;
  /** The interpretations of the request, given the projects of a workspace. */
  readonly readingsIn: (projects: KnownProjects) => readonly AskedTarget[];
}

/** Interprets the arguments of `nx`, without the program. */
function askedOf(args: readonly string[]): Asked {
  const { words, targets, configuration } = askedFor(args);
  const [command = '', ...further] = words;
  const isOfMany = command === 'run-many' || command === 'affected';
  const asked = isOfMany ? [] : specifiers(command, further, targets);
  return {
    isOfMany,
    mayHaveConfiguration: configuration !== undefined || asked.some((specifier) => specifier.includes(':')),
    readingsIn: (projects) =>
      // words after the value of an option are further values of it
      (isOfMany
        ? withTarget([...targets, ...further], projects)
        : asked.flatMap((each) => readings(each, projects))
      ).map((reading) => ({ ...reading, configuration: configuration ?? reading.configuration })),
  };
}

/**
 * Finds a target of the plugin that is requested with a configuration that it does not have: Nx silently drops such a
 * configuration and runs the target for everything (design 10 §6.7). `args` are the arguments of `nx`. For commands on
 * many projects, which may name a configuration that only some of them have, the configuration must be missing in all.
 * `projectsOf` reads the projects, and is called only if a configuration may be requested. Code:
 * `TASK_CONFIGURATION_UNKNOWN`.
 */
export function mistypedConfiguration(
  args: readonly string[],
  projectsOf: () => KnownProjects,
): Diagnostic | undefined {
  const { mayHaveConfiguration, readingsIn } = askedOf(args);
  if (!mayHaveConfiguration) return undefined;
  const projects = projectsOf();
  const found = readingsIn(projects).map((reading) => {
    const entry = unknownConfiguration(reading, projects[reading.project]?.targets ?? {});
    return { entry, isOurs: isOfPlugin(projects[reading.project] ?? {}, reading.target) };
  });
  if (found.some(({ entry }) => entry === undefined)) return undefined;
  // Nx prefers the longest name of a target
  return found.filter(({ isOurs }) => isOurs).at(-1)?.entry;
}

/**
 * Finds a target of the plugin that Nx cannot run, because it keeps no project graph (`NX_CACHE_PROJECT_GRAPH=false`):
 * the process of a task reads the kept graph before it loads an executor. Other targets need no graph if they run a
 * command, so a request with one of them is left to Nx; a batch gets its graph from Nx. Code: `TASK_GRAPH_NOT_KEPT`.
 *
 * @param args the arguments of `nx`
 * @param kept the variable `NX_CACHE_PROJECT_GRAPH`
 */
export function graphNotKept(
  args: readonly string[],
  projectsOf: () => KnownProjects,
  kept = process.env.NX_CACHE_PROJECT_GRAPH,
): Diagnostic | undefined {
  if (kept !== 'false') return undefined;
  const projects = projectsOf();
  const asked = askedOf(args)
    .readingsIn(projects)
    .filter(({ project, target }) => projects[project]?.targets?.[target]?.executor !== 'nx-dms:normalize-schema');
  if (!asked.every(({ project, target }) => isOfPlugin(projects[project] ?? {}, target))) return undefined;
  const last = asked.at(-1);
  if (last === undefined) return undefined;
  const { project, target } = last;
  const folder = shellWord(projects[project]?.root ?? '.');
  const way = insteadOfTarget(target, folder);
  const text = `Nx keeps no project graph (NX_CACHE_PROJECT_GRAPH=false), and its processes for tasks such as ${project}:${target} need one. Unset the variable${way === undefined ? '' : `, or work without Nx: ${way}`}. Nothing was run.`;
  return diagnostic('TASK_GRAPH_NOT_KEPT', text, {}, { project, target });
}

/** The command that does the work of a target on a mapping set without Nx; undefined if no single command does. */
function insteadOfTarget(target: string, folder: string): string | undefined {
  const commands: Readonly<Record<string, string>> = {
    'derive-model': 'emit',
    'derive-inventory': 'emit',
    'compile-plans': 'emit',
    'emit-ddl': 'emit',
    'verify-db': 'verify',
    'provision-db': 'provision',
    'check-db': 'check',
  };
  const command = commands[target];
  return command === undefined ? undefined : `npx dms-ddl ${command} ${folder}`;
}

/** The targets of these names in all projects. */
function withTarget(names: readonly string[], projects: KnownProjects): AskedTarget[] {
  return Object.entries(projects).flatMap(([project, { targets = {} }]) =>
    names
      .filter((name) => Object.hasOwn(targets, name))
      .map((target) => ({ project, target, configuration: undefined })),
  );
}

/** The possible `project:target:configuration` of a command: `nx run <it>`, or `nx <target> <project>`. */
function specifiers(command: string, further: readonly string[], targets: readonly string[]): string[] {
  const project = further.find((word) => !word.includes(':'));
  if (command !== 'run') return [project === undefined ? command : `${project}:${command}`];
  const written = further.find((word) => word.includes(':')) ?? further[0];
  return [...(written === undefined ? [] : [written]), ...targets];
}

/** The targets that work on a database that exists before and after them. */
const onDatabases = () => targetNames.filter((name) => targetDefinitions[name].isOnDatabase === true);

/** The options that name a database, in the spellings that Nx accepts. */
const namesDatabase = /^--(?:connection-?env|connection-?file|database)(?:=|$)/i;

/** The options of a run of a target. */
interface GivenOptions {
  readonly dialect?: string;
  readonly database?: string;
  readonly connectionEnv?: string;
  readonly connectionFile?: string;
}

/** The value of `--dialect`; undefined without this option. */
function dialectIn(args: readonly string[]): string | undefined {
  const index = args.findLastIndex((arg) => /^--dialect(?:=|$)/.test(arg));
  const arg = args[index];
  if (arg === undefined) return undefined;
  return arg.includes('=') ? arg.slice(arg.indexOf('=') + 1) : args[index + 1];
}

/**
 * Returns a reader of `dms.json` files in a workspace; undefined for a missing file or one with a mistake, which its
 * tasks report.
 */
export const readableMappingSets =
  (workspaceRoot: string) =>
  (file: string): MappingSet | undefined => {
    const place = path.join(workspaceRoot, file);
    if (!isThere(place)) return undefined;
    const { mappingSet, diagnostics } = parseMappingSet(readInputSync(place), file);
    return diagnostics.length > 0 ? undefined : mappingSet;
  };

/**
 * Finds a target on a database without a name of a database: the tasks before it, which write the artifacts, would all
 * run first (design 10 §6.7). Beside a fleet the target itself lists the names. `args` are the arguments of `nx`; a
 * command on many projects is refused only if none of them names a database. `projectsOf` reads the projects, and
 * `mappingSetOf` a `dms.json` (undefined if it cannot be read, which the task reports); both are called only if such a
 * target may be requested. Code: `DB_NO_TARGET`.
 */
export function missingDatabase(
  args: readonly string[],
  projectsOf: () => KnownProjects,
  mappingSetOf: (file: string) => MappingSet | undefined,
): Diagnostic | undefined {
  const names = onDatabases();
  const mayBeAsked = args.some((arg) => names.some((name) => arg.includes(name)));
  if (!mayBeAsked || args.some((arg) => namesDatabase.test(arg))) return undefined;
  const projects = projectsOf();
  const asked = askedOf(args).readingsIn(projects).filter(isOnDatabase);
  const found = asked.map((reading) => diagnosticOf(reading));
  if (found.some((entry) => entry === undefined)) return undefined;
  return found.at(-1);

  function isOnDatabase({ project, target }: AskedTarget): boolean {
    const { executor = '' } = projects[project]?.targets?.[target] ?? {};
    return names.some((name) => executor === `nx-dms:${name}`);
  }

  function diagnosticOf({ project, target, configuration = '' }: AskedTarget): Diagnostic | undefined {
    const { root = '', targets = {} } = projects[project] ?? {};
    const { options, configurations = {} } = targets[target] ?? {};
    const given: GivenOptions = { ...options, ...configurations[configuration] };
    if ((given.database ?? given.connectionEnv ?? given.connectionFile) !== undefined) return undefined;
    const file = nxPath(mappingSetFile, root);
    const mappingSet = mappingSetOf(file);
    if (mappingSet === undefined || mappingSet.fleet !== null) return undefined;
    const named = dialectIn(args) ?? given.dialect;
    const only = dialects.filter((dialect) => dialect === named);
    const missing = (only.length > 0 ? only : mappingSet.dialects).find(
      (dialect) => mappingSet.databases[dialect] === undefined,
    );
    if (missing === undefined) return undefined;
    const { code, message, where, details } = missingTarget({ dialect: missing, projectFile: file });
    return diagnostic(code, `${project}:${target}: ${message} Nothing was run.`, where, details);
  }
}
