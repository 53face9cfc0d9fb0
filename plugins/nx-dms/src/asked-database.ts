import path from 'node:path';
import { type Diagnostic, diagnostic } from '@dms/diagnostics';
import { isThere, readInputSync } from '@dms/files';
import { dialects, type MappingSet, mappingSetFile, missingTarget, nxPath, parseMappingSet } from '@dms/operations';
import { askedOf, type KnownProjects, type Reading } from './asked-configuration.ts';
import { targetDefinitions, targetNames } from './inference/targets.ts';

/** The targets that work on a database that exists before and after them. */
const onDatabases = targetNames.filter((name) => targetDefinitions[name].isOnDatabase === true);

/** The options that name a database, as Nx takes them. */
const namesDatabase = /^--(?:connection-?env|connection-?file|database)(?:=|$)/i;

/** What a run of a target is given. */
interface GivenOptions {
  readonly dialect?: string;
  readonly database?: string;
  readonly connectionEnv?: string;
  readonly connectionFile?: string;
}

/** The value of `--dialect`; undefined where it is not given. */
function dialectIn(args: readonly string[]): string | undefined {
  const index = args.findLastIndex((arg) => /^--dialect(?:=|$)/.test(arg));
  const arg = args[index];
  if (arg === undefined) return undefined;
  return arg.includes('=') ? arg.slice(arg.indexOf('=') + 1) : args[index + 1];
}

/** Reads a `dms.json` of a workspace; undefined where it is missing or has a mistake, which its tasks report. */
export const readableMappingSets =
  (workspaceRoot: string) =>
  (file: string): MappingSet | undefined => {
    const place = path.join(workspaceRoot, file);
    if (!isThere(place)) return undefined;
    const { mappingSet, problems } = parseMappingSet(readInputSync(place), file);
    return problems.length > 0 ? undefined : mappingSet;
  };

/**
 * Finds a target on a database for which nothing names one: the tasks before it, which write the artifacts, would all
 * run first (design 10 §6.7). Beside a fleet the target itself lists the names. `args` are the arguments of `nx`; a
 * command on many projects is refused if none of them names a database. `projectsOf` reads the projects, and
 * `mappingSetOf` a `dms.json`, undefined where it cannot be read, which the task reports; both are called only if such a
 * target may have been asked for. Code: `DB_NO_TARGET`.
 */
export function missingDatabase(
  args: readonly string[],
  projectsOf: () => KnownProjects,
  mappingSetOf: (file: string) => MappingSet | undefined,
): Diagnostic | undefined {
  const mayBeAsked = args.some((arg) => onDatabases.some((name) => arg.includes(name)));
  if (!mayBeAsked || args.some((arg) => namesDatabase.test(arg))) return undefined;
  const projects = projectsOf();
  const asked = askedOf(args).readingsIn(projects).filter(isOnDatabase);
  const faults = asked.map((reading) => faultOf(reading));
  if (faults.some((fault) => fault === undefined)) return undefined;
  return faults.at(-1);

  function isOnDatabase({ project, target }: Reading): boolean {
    const { executor = '' } = projects[project]?.targets?.[target] ?? {};
    return onDatabases.some((name) => executor === `nx-dms:${name}`);
  }

  function faultOf({ project, target, configuration = '' }: Reading): Diagnostic | undefined {
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
