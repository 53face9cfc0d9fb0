import path from 'node:path';
import { append, type Diagnostic, fail, listOfNames } from '@dms/diagnostics';
import {
  apply,
  check,
  collationFor,
  type DatabaseOperation,
  type DatabasePlace,
  dialectOfSources,
  executorOf,
  findDatabase,
  fleetDatabases,
  fleetFindingLines,
  fleetFindings,
  type Outcome,
  optionValues,
  preparedForFleet,
  provision,
  referencedFleet,
  runOnDatabase,
  type Shape,
  type Sources,
  type SqlDialect,
  selectDatabases,
  singleDatabase,
  status,
  type TaskResult,
} from '@dms/operations';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import { folderOf, type MappingSetTask, readMappingSetTask, translationOption } from './mapping-set-task.ts';
import { printLine, runTask } from './task.ts';
import type { DatabaseTaskOptions } from './task-options.ts';

/** A database that a task works on. */
interface TaskDatabase {
  readonly name: string;
  readonly place: DatabasePlace;
}

/**
 * The database of the fleet that the options name; undefined for a database that `databases` or an option gives for a
 * dialect.
 */
const databaseOfFleet = ({ database }: DatabaseTaskOptions) => (database === singleDatabase ? undefined : database);

/**
 * Throws `TASK_DATABASE_MISSING` if the set has a fleet and no database is named: Nx runs the target like this if the
 * name is mistyped (design 10 §6.7).
 */
async function requireDatabase(
  { database, connectionEnv, connectionFile }: DatabaseTaskOptions,
  { target, file, mappingSet }: MappingSetTask,
  { root, projectName = '', targetName = target, projectsConfigurations }: ExecutorContext,
): Promise<void> {
  const { fleet: reference, databases } = mappingSet;
  if (reference === null || [database, connectionEnv, connectionFile].some((option) => option !== undefined)) return;
  const { list } = await referencedFleet(reference, root);
  const { targets = {} } = projectsConfigurations.projects[projectName] ?? {};
  const { configurations = {} } = targets[targetName] ?? {};
  const wayTo = (name: string) => {
    const isName = Object.hasOwn(targets, `${targetName}:${name}`) || Object.hasOwn(configurations, name);
    return `${targetName}${isName ? ':' : ' --database='}${name}`;
  };
  const ways = [
    ...(Object.keys(databases).length === 0 ? [] : [singleDatabase]),
    ...(list.kind === 'listed' ? list.databases.map(({ name }) => name) : ['<name>']),
  ].map(wayTo);
  if (ways.length === 0) {
    const empty = `The fleet of the set has no database, so there is none for ${targetName}. Add one to the fleet, or name a connection.`;
    fail('TASK_DATABASE_MISSING', empty, { file, path: '/databases/fleet' }, { ways });
  }
  const text = `The set has a fleet, so ${targetName} needs the name of a database: ${listOfNames(ways)}.`;
  fail('TASK_DATABASE_MISSING', text, { file, path: '/databases/fleet' }, { ways });
}

/**
 * The databases named by the options and the `dms.json`: one of the fleet, or one per dialect. A connection in the
 * options is for the dialect that its text shows, or for all dialects if it shows none.
 */
async function findDatabases(
  { database, connectionEnv, connectionFile }: DatabaseTaskOptions,
  { file, mappingSet, dialects }: MappingSetTask,
  folder: string,
): Promise<readonly TaskDatabase[]> {
  const environment = process.env;
  if (database === undefined || database === singleDatabase) {
    const named = { connectionEnv, connectionFile };
    const shown = dialects.length > 1 ? dialectOfSources({ sources: named, environment, folder }) : undefined;
    const meant = dialects.filter((dialect) => shown === undefined || dialect === shown);
    return meant.map((dialect) => {
      const sources = { connectionEnv, connectionFile, project: mappingSet.databases[dialect] };
      return { name: dialect, place: { dialect, sources, projectFile: file, environment, folder } };
    });
  }
  if (mappingSet.fleet === null) {
    const text = `/databases/fleet is missing; expected a list with the database ${JSON.stringify(database)}.`;
    fail('CONFIG_INVALID', text, { file, path: '/databases/fleet' });
  }
  const fleet = await referencedFleet(mappingSet.fleet, folder);
  if (!mappingSet.dialects.includes(fleet.dialect)) {
    const text = `/dialects does not list ${fleet.dialect}, which the fleet speaks; add it there, or correct "dialect" of the fleet.`;
    fail('CONFIG_INVALID', text, { file, path: '/dialects' }, { expected: fleet.dialect });
  }
  return selectDatabases(await fleetDatabases(fleet, { environment, folder }), [database]);
}

/** A target that works on databases. */
interface ExecutorTask<Options extends Shape, Kind extends keyof Sources, Prepared, Result extends Outcome, Kept> {
  readonly operation: DatabaseOperation<Options, Shape, Kind, Prepared, Result, Kept>;
  /** The source of the operation, and the options that the `dms.json` gives it for a dialect. */
  input(
    task: MappingSetTask,
    dialect: SqlDialect,
  ): { readonly source: Sources[Kind]; readonly options?: Readonly<Record<string, unknown>> };
  /** The lines that follow the line of a database. */
  linesOf?(database: TaskDatabase, kept: Kept): readonly string[];
  /** Whether a database outside of a fleet is reported as by the command, not in one line. */
  readonly isCommand?: boolean;
}

/**
 * Works on the database of each dialect, or on one of the fleet (design 18 §6). Looks up all databases before it opens
 * the first; prints the lines of each when it is done.
 */
function runOnDatabases<Options extends Shape, Kind extends keyof Sources, Prepared, Result extends Outcome, Kept>(
  { operation, input, linesOf, isCommand = false }: ExecutorTask<Options, Kind, Prepared, Result, Kept>,
  options: DatabaseTaskOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  const isOfFleet = databaseOfFleet(options) !== undefined;
  const print = (line: string) => printLine(line, context.root);
  return runTask(context, async () => {
    const task = await readMappingSetTask(executorOf(operation).name, options, context);
    await requireDatabase(options, task, context);
    const databases = await findDatabases(options, task, context.root);
    // a mistake in the second database must be found before the first is changed
    for (const { place } of databases) findDatabase(place, operation.purpose);
    // the warnings are about the list of the fleet
    const diagnostics: Diagnostic[] = isOfFleet ? [...task.warnings] : [];
    const failures: Diagnostic[] = [];
    const asCommand = isCommand && !isOfFleet;
    const inputFor = (dialect: SqlDialect) => {
      const { source, options: given = {} } = input(task, dialect);
      return { source, options: optionValues(operation, { ...options, ...given }, { isFleet: !asCommand }) };
    };
    const commandOn = async ({ place: { dialect, ...place } }: TaskDatabase) => {
      const run = { dialect, ...inputFor(dialect) };
      const onWaiting = (holder: string) => print(`Waiting for another provisioner (${holder}).`);
      const result = await runOnDatabase<Options, Shape, Kind, Prepared, Result, Kept>(operation, run, place, {
        onWaiting,
      });
      return { ...result, lines: operation.lines(result, run) };
    };
    const oneLineOn = async (database: TaskDatabase) => {
      const { dialect } = database.place;
      const work = await preparedForFleet(operation, inputFor(dialect), dialect, {});
      const result = await work(database.place, {}, database);
      return {
        ...result,
        lines: [outcomeLine(database, result), ...(linesOf?.(database, result.kept as Kept) ?? [])],
      };
    };
    for (const database of databases) {
      const { lines, ...result } = await (asCommand ? commandOn(database) : oneLineOn(database));
      append(diagnostics, result.diagnostics);
      append(failures, result.failures ?? []);
      // print at once: the work on this database is done even if the next one fails
      lines.forEach(print);
    }
    return { lines: [], diagnostics, failures };
  });
}

/** The source of a task on databases: the artifacts that its dependencies wrote. */
const artifactsOfTask = ({ outputDirectory, keptDialects }: MappingSetTask, options: DatabaseTaskOptions) => {
  // a run for a database of the fleet builds the artifacts of all dialects
  const isOneOfSeveral = databaseOfFleet(options) === undefined && keptDialects.length > 0;
  return { kind: 'artifacts', folder: outputDirectory, isOneOfSeveral, isOfTask: true } as const;
};

/** The line of a database: its name, the outcome, and the findings. */
function outcomeLine({ name }: TaskDatabase, { outcome, detail }: TaskResult): string {
  return `${name}: ${outcome}${detail === '' ? '' : ` (${detail})`}`;
}

/** The executor of an operation on databases; its work may depend on the options. */
const onDatabases =
  <Options extends Shape, Kind extends keyof Sources, Prepared, Result extends Outcome, Kept>(
    taskOf: (options: DatabaseTaskOptions) => ExecutorTask<Options, Kind, Prepared, Result, Kept>,
  ) =>
  (options: DatabaseTaskOptions, context: ExecutorContext): Promise<{ success: boolean }> =>
    runOnDatabases(taskOf(options), options, context);

export const provisionDb = /* @__PURE__ */ onDatabases((options) => ({
  operation: provision,
  input: (task) => ({ source: artifactsOfTask(task, options) }),
  isCommand: true,
}));

export const checkDb = /* @__PURE__ */ onDatabases((options) => ({
  operation: check,
  input: (task) => ({ source: artifactsOfTask(task, options) }),
  linesOf: ({ name }, { differences }) => fleetFindingLines(fleetFindings([{ name, labels: {}, differences }])),
}));

export const upgradeDb = /* @__PURE__ */ onDatabases(() => ({
  operation: apply,
  input(task, dialect) {
    const before = path.join(task.root, folderOf(task, 'upgradeFrom'));
    const collation = collationFor(dialect, task.mappingSet.collation ?? undefined);
    const options = { before, after: task.outputDirectory, ...translationOption(task), collation };
    return { source: undefined, options };
  },
}));

export const statusDb = /* @__PURE__ */ onDatabases(() => ({
  operation: status,
  input: () => ({ source: undefined }),
}));
