import type { DatabaseOptions, PersistentTarget } from '@dms/databases';
import type { Diagnostic } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import type * as z from 'zod/mini';
import type { Fleet } from '../fleet/check-fleet.ts';
import type { FleetDatabase } from '../fleet/fleet-databases.ts';
import type { TaskResult } from '../fleet/run-fleet.ts';
import type { DatabaseTargetName, TaskFacts } from '../incremental-build/step-table.ts';
import type { StandaloneMappingSet } from '../sources/mapping-set/standalone-mapping-set.ts';
import { factsOf, type Shape } from './option.ts';
import type { Sources, Subject } from './subject.ts';

/** The groups of operations in the help, in their order. */
const operationGroups = ['first', 'compile', 'prove', 'databases', 'documents', 'ods', 'look', 'machine'] as const;

export type OperationGroup = (typeof operationGroups)[number];

type Unchanged<Value> = Value extends readonly (infer Entry)[] ? readonly Entry[] : Value;

type Unchangeable<Values> = { readonly [Name in keyof Values]: Unchanged<Values[Name]> };

/** The values of options. */
export type OptionsOf<Options extends Shape> = Unchangeable<z.output<z.ZodMiniObject<Options, z.core.$strip>>>;

/** The options that name a database. */
export type Place = Omit<DatabaseOptions, 'dialect' | 'signal' | 'onProgress'>;

/** The input of one run of an operation. */
export interface Input<Options, Source = unknown> {
  readonly options: Options;
  readonly source: Source;
  readonly dialect?: SqlDialect | undefined;
  readonly dialects?: readonly SqlDialect[] | undefined;
  /** The `dms.json` of the run. */
  readonly set?: StandaloneMappingSet | undefined;
  /** Names the database of a dialect. */
  readonly placeOf?: ((dialect?: SqlDialect) => Place) | undefined;
  /** Whether an option names a database. */
  readonly isDatabaseNamed?: boolean | undefined;
  readonly isFleet?: boolean | undefined;
  /** Whether to print notes and other findings that are otherwise only counted. */
  readonly showsNotes?: boolean | undefined;
  /** The version of the calling program. */
  readonly version?: string | undefined;
  /** The words with which the user runs the program again, such as `npx dms-ddl`; `dms-ddl` by default. */
  readonly program?: string | undefined;
}

/** The result of every operation. */
export interface Outcome {
  /** Warnings and notes. */
  readonly diagnostics: readonly Diagnostic[];
  /** Reasons for which the operation counts as failed although its work is done. */
  readonly failures?: readonly Diagnostic[] | undefined;
}

/** A result with its own report, for an operation whose options choose one of several kinds of work. */
export interface PrintedOutcome extends Outcome {
  /** The lines for people. */
  lines(): readonly string[];
  /** The value for machines. */
  value(): Readonly<Record<string, unknown>>;
}

/** How such results are printed. */
export const printedAsGiven = {
  lines: (result: PrintedOutcome) => result.lines(),
  value: (result: PrintedOutcome) => result.value(),
};

/** A result with its own report, for work that can also run on a fleet. */
export interface ReportedOutcome extends PrintedOutcome {
  /** The report of a fleet about its database. */
  entry(): FleetEntry;
}

/** How such results are printed and reported. */
export const reportedAsGiven = { ...printedAsGiven, entry: (result: ReportedOutcome) => result.entry() };

/** Ends an operation because of wrong use. */
export type Misuse = (text: string, code?: 'OPTION_MISSING' | 'OPTION_CONFLICT') => never;

/** The message for a missing option that only some runs need. */
export const notSpecified = (option: string): string => `required option '${option}' not specified`;

/**
 * The kind of a result for printing: work that was done, an answer (printed also with `--quiet`), or data exactly as in
 * a file.
 */
export type ResultKind = 'done' | 'answer' | 'data';

/** The facts of an operation from which its command, its executor, its reference page and its completion follow. */
interface OperationFacts<Options extends Shape, Arguments extends Shape, Kind extends keyof Sources> {
  /** The name on the command line, such as `upgrade apply`. */
  readonly name: string;
  readonly group: OperationGroup;
  readonly summary: string;
  readonly description: string;
  readonly examples: readonly string[];
  /** Text of the help before the examples. */
  readonly note?: string;
  readonly worksOn: Subject<Kind>;
  /** The positional arguments, in their order. */
  readonly arguments: Arguments;
  readonly options: Options;
  /** The Nx executor of the operation. */
  readonly task?: DatabaseTask;
}

/** The executor of Nx that runs an operation on databases (design 10 §6). */
interface DatabaseTask extends TaskFacts {
  readonly name: DatabaseTargetName;
}

/** The executor of an operation that has one. */
export function executorOf({ name, task }: Pick<Operation, 'name' | 'task'>): DatabaseTask {
  if (task === undefined) throw new Error(`${name} has no executor.`);
  return task;
}

/** How the result of a run is printed. */
interface Printing<Result, Options> {
  /** Default: `done`. */
  resultKind?(input: Input<Options>): ResultKind;
  /** The lines for people. */
  lines(result: Result, input: Input<Options>): readonly string[];
  /** The value for machines. */
  value(result: Result, input: Input<Options>): Readonly<Record<string, unknown>>;
  /** The JSON text, if it is not that of {@link value}. */
  text?(result: Result, input: Input<Options>): string;
  /** The missing options besides the required ones; one message names them all. */
  missing?(input: Input<Options>): readonly string[];
  /** Ends the run for mistakes in combinations of options. */
  check?(input: Input<Options>, misuse: Misuse): void | Promise<void>;
}

/** An operation on schemas, artifacts or files. */
export interface FileOperation<
  Options extends Shape = Shape,
  Arguments extends Shape = Shape,
  Kind extends keyof Sources = keyof Sources,
  Result extends Outcome = Outcome,
> extends OperationFacts<Options, Arguments, Kind>,
    Printing<Result, OptionsOf<Options & Arguments>> {
  readonly kind: 'files';
  /**
   * Whether the operation handles a signal itself, and reports its partial result; other operations without a database
   * end at once.
   */
  readonly endsItself?: true;
  run(input: Input<OptionsOf<Options & Arguments>, Sources[Kind]>, context: Context): Promise<Result>;
  /** Work after the result is printed. */
  afterwards?(result: Result, input: Input<OptionsOf<Options & Arguments>>, context: Context): Promise<void>;
  /** Work on each database of a fleet, after the operation. */
  readonly onFleet?: DatabaseWork<OptionsOf<Options & Arguments>, Kind>;
  /** Whether this result allows the work on the databases of a fleet. */
  goesOn?(result: Result): boolean;
}

/** One database during a run. */
interface AtDatabase<Prepared> {
  readonly target: PersistentTarget;
  readonly dialect: SqlDialect;
  /** The result of `prepare`. */
  readonly prepared: Prepared;
  /** Its entry in the fleet. */
  readonly entry?: Pick<FleetDatabase, 'name' | 'ods'> | undefined;
}

/** The report of a fleet about a database. */
type FleetEntry<Kept = unknown> = Pick<TaskResult, 'outcome'> &
  Partial<Pick<TaskResult, 'detail' | 'value'>> & { readonly kept?: Kept };

/** A database whose work is done. */
interface DoneDatabase<Kept = unknown> extends Pick<FleetDatabase, 'name' | 'labels'> {
  readonly kept: Kept;
}

/** Work on one database, which exists before and after it, or on each database of a fleet. */
export interface DatabaseWork<
  Options = OptionsOf<Shape>,
  Kind extends keyof Sources = keyof Sources,
  Prepared = unknown,
  Result extends Outcome = Outcome,
  Kept = unknown,
> {
  /** The options of the work; those for another dialect are refused before any database is opened. */
  readonly options?: Shape;
  /** Whether the work provisions, which needs a database that outlives the run. */
  readonly purpose: 'provision' | 'check';
  /** Whether a repeated run on a fleet skips finished databases. */
  readonly skipsDone: boolean;
  /** Reads the inputs that all databases share, so that a mistake in them is found before any database is opened. */
  prepare(input: Input<Options, Sources[Kind]>, context: Context): Promise<Prepared>;
  run(at: AtDatabase<Prepared>, input: Input<Options, Sources[Kind]>, context: Context): Promise<Result>;
  /** The errors of the selected databases; with an error none of them is opened. */
  checkDatabases?(
    options: Options,
    databases: readonly FleetDatabase[],
    fleet: Pick<Fleet, 'file'>,
  ): readonly Diagnostic[];
  entry?(result: Result, input: Input<Options>): FleetEntry<Kept>;
  /** The findings about all databases of a fleet, for the output beside the table and for the summary. */
  findings?(
    done: readonly DoneDatabase<Kept>[],
    options: Options,
  ): { readonly lines: readonly string[]; readonly value: Readonly<Record<string, unknown>> };
}

/** An operation on a database, or on each of a fleet. */
export interface DatabaseOperation<
  Options extends Shape = Shape,
  Arguments extends Shape = Shape,
  Kind extends keyof Sources = keyof Sources,
  Prepared = unknown,
  Result extends Outcome = Outcome,
  Kept = unknown,
> extends OperationFacts<Options, Arguments, Kind>,
    Printing<Result, OptionsOf<Options & Arguments>>,
    DatabaseWork<OptionsOf<Options & Arguments>, Kind, Prepared, Result, Kept> {
  readonly kind: 'database';
  readonly options: Options;
  /**
   * The dialect of the prepared input, if the run names none. The input is then read before the database is looked for.
   */
  dialectOf?(prepared: Prepared, input: Input<OptionsOf<Options & Arguments>>): SqlDialect;
  /** Replaces the work if the options ask for something that needs no database. */
  withoutDatabase?(
    input: Input<OptionsOf<Options & Arguments>, Sources[Kind]>,
    context: Context,
  ): Promise<{ readonly lines: readonly string[]; readonly value: Readonly<Record<string, unknown>> }> | undefined;
}

export type Operation = FileOperation | DatabaseOperation;

/** The arguments of an operation that takes only options. */
type NoArguments = Readonly<Record<never, never>>;

/** A declaration in which some members are optional, because most operations have the same ones. */
type Usual<Declared, Members extends keyof Declared> = Omit<Declared, 'kind' | Members> &
  Partial<Pick<Declared, Members>>;

/** Declares an operation on files; by default it has no positional arguments. */
export const fileOperation = <
  const Options extends Shape,
  const Kind extends keyof Sources,
  Result extends Outcome,
  const Arguments extends Shape = NoArguments,
>(
  operation: Usual<FileOperation<Options, Arguments, Kind, Result>, 'arguments'>,
): FileOperation<Options, Arguments, Kind, Result> => ({ kind: 'files', arguments: {} as Arguments, ...operation });

/**
 * Declares an operation on a database. By default it has no positional arguments, prepares nothing, needs no database
 * that outlives the run, and repeats the work on every database of a fleet.
 */
export const databaseOperation = <
  const Options extends Shape,
  const Kind extends keyof Sources,
  Result extends Outcome,
  const Arguments extends Shape = NoArguments,
  Prepared = undefined,
  Kept = undefined,
>(
  operation: Usual<
    DatabaseOperation<Options, Arguments, Kind, Prepared, Result, Kept>,
    'arguments' | 'purpose' | 'skipsDone' | 'prepare'
  >,
): DatabaseOperation<Options, Arguments, Kind, Prepared, Result, Kept> => ({
  kind: 'database',
  arguments: {} as Arguments,
  purpose: 'check',
  skipsDone: false,
  prepare: async () => undefined as Prepared,
  ...operation,
});

/** The values of all options of a run: the given ones and the defaults. */
export function optionValues<Options extends Shape, Arguments extends Shape>(
  operation: { readonly options: Options; readonly arguments: Arguments },
  given: Readonly<Record<string, unknown>>,
  { isFleet = false } = {},
): OptionsOf<Options & Arguments> {
  const values = Object.entries({ ...operation.arguments, ...operation.options }).map(([name, option]) => {
    const facts = factsOf(option);
    return [name, given[name] ?? (isFleet ? facts.inFleet : facts.default)];
  });
  return Object.fromEntries(values) as OptionsOf<Options & Arguments>;
}

/** One step of long work: for people, for the line of a fleet, and for machines where steps are reported. */
interface StepNote {
  readonly text: string;
  /** The text without the object of the step. */
  readonly short?: string | undefined;
  readonly value?: Readonly<Record<string, unknown>> | undefined;
}

/** A question with answers to choose from. */
export interface Question {
  readonly text: string;
  /** The option that answers it. */
  readonly option: string;
  readonly answers: readonly { readonly value: string; readonly label: string; readonly hint?: string }[];
  /** The answers that are selected at first. */
  readonly chosen: readonly string[];
  /** Whether several answers can be chosen, at least one; otherwise exactly one. */
  readonly several: boolean;
}

/** The callbacks for reports of a running operation, and the signal that ends it. It is passed on whole. */
export interface Context {
  /** Ends the operation when it is aborted; the database is then unchanged. */
  readonly signal?: AbortSignal | undefined;
  /** Called before each part of the work, with its name. */
  readonly onProgress?: ((part: string) => void) | undefined;
  /** Called with the progress within a part. */
  readonly onCount?: ((text: string) => void) | undefined;
  /** Called when another session holds a lock that is needed; `holder` describes the session. */
  readonly onWaiting?: ((holder: string) => void) | undefined;
  readonly onStep?: ((note: StepNote) => void) | undefined;
  /** Called with a message that people should see at once. */
  readonly onNotice?: ((text: string) => void) | undefined;
  /** Called with advice on where to look next. */
  readonly onHint?: ((text: string) => void) | undefined;
  /** Called with a warning that must be seen before the work goes on; without it, warnings are in the result. */
  readonly onWarning?: ((warning: Diagnostic) => void) | undefined;
  /** Asks the user a question, and returns the chosen answers; absent if nobody can answer. */
  readonly onQuestion?: ((question: Question) => Promise<readonly string[]>) | undefined;
  /** Opens a file in the program that the user has for it. */
  readonly onOpen?: ((file: string) => Promise<void>) | undefined;
  /** Called with lines of the result that are not kept in memory. */
  readonly onLines?: ((lines: readonly string[]) => void) | undefined;
}

/** The lines that name the written files of a run. */
export const writtenLines = (artifacts: readonly { readonly file: string }[]): string[] =>
  artifacts.map(({ file }) => `Written: ${file}`);

/** Converts the member names of a JSON file for `--json`: files write `effective_schema_hash`. */
export function camelMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelMembers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [camel(name), camelMembers(member)]));
}

const snake = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)+$/;

const camel = (name: string): string =>
  snake.test(name) ? name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()) : name;

/** The note of an operation about a statement of an upgrade or of an adoption. */
export const stepNote = (
  {
    title,
    subject,
    statement,
    statements,
  }: { readonly title: string; readonly subject: string; readonly statement: number; readonly statements: number },
  more: Partial<StepNote> = {},
): StepNote => ({
  text: `${title}: ${subject} (${statement} of ${statements})`,
  short: `${title} (${statement} of ${statements})`,
  ...more,
});
