import type { DatabaseOptions, PersistentTarget } from '@dms/databases';
import type { Diagnostic } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import type * as z from 'zod/mini';
import type { DatabaseTarget, TaskFacts } from '../engine/step-table.ts';
import type { Fleet } from '../fleet/check-fleet.ts';
import type { FleetDatabase } from '../fleet/fleet-databases.ts';
import type { TaskResult } from '../fleet/run-fleet.ts';
import type { StandaloneMappingSet } from '../sources/mapping-set/standalone-mapping-set.ts';
import { factsOf, type Shape } from './option.ts';
import type { Sources, Subject } from './subject.ts';

/** The groups of operations in the help, in its order. */
const operationGroups = ['first', 'compile', 'prove', 'databases', 'documents', 'ods', 'look', 'machine'] as const;

export type OperationGroup = (typeof operationGroups)[number];

type Unchanged<Value> = Value extends readonly (infer Entry)[] ? readonly Entry[] : Value;

type Unchangeable<Values> = { readonly [Name in keyof Values]: Unchanged<Values[Name]> };

/** The values of options. */
export type OptionsOf<Options extends Shape> = Unchangeable<z.output<z.ZodMiniObject<Options, z.core.$strip>>>;

/** Where a database is named. */
export type Place = Omit<DatabaseOptions, 'dialect' | 'signal' | 'onProgress'>;

/** What one run of an operation is given. */
export interface Input<Options, Source = unknown> {
  readonly options: Options;
  readonly source: Source;
  readonly dialect?: SqlDialect | undefined;
  readonly dialects?: readonly SqlDialect[] | undefined;
  /** The `dms.json` of the run. */
  readonly set?: StandaloneMappingSet | undefined;
  /** Where the database of a dialect is named. */
  readonly placeOf?: ((dialect?: SqlDialect) => Place) | undefined;
  /** Whether an option names a database. */
  readonly isDatabaseNamed?: boolean | undefined;
  readonly isFleet?: boolean | undefined;
  /** Whether notes are printed, and what is only counted otherwise. */
  readonly showsNotes?: boolean | undefined;
  /** The version of the program that asks. */
  readonly version?: string | undefined;
}

/** What every operation returns. */
export interface Outcome {
  /** Warnings and notes. */
  readonly diagnostics: readonly Diagnostic[];
  /** Why the operation failed although it did its work. */
  readonly failures?: readonly Diagnostic[] | undefined;
}

/** Ends an operation as wrong use. */
export type Misuse = (text: string, code?: 'OPTION_MISSING' | 'OPTION_CONFLICT') => never;

/** What a run lacks, for an option that only some runs need. */
export const notSpecified = (option: string): string => `required option '${option}' not specified`;

/**
 * How a result is printed: what was done, what was asked for (also with `--quiet`), or data exactly as a file would
 * hold it.
 */
type ResultKind = 'done' | 'answer' | 'data';

/** The facts of an operation from which its command, its executor, its reference page and its completion follow. */
interface OperationFacts<Options extends Shape, Arguments extends Shape, Kind extends keyof Sources> {
  /** As on the command line, such as `upgrade apply`. */
  readonly name: string;
  readonly group: OperationGroup;
  readonly summary: string;
  readonly description: string;
  readonly examples: readonly string[];
  /** What the help says before the examples. */
  readonly note?: string;
  readonly worksOn: Subject<Kind>;
  /** The values without a name, in their order. */
  readonly arguments: Arguments;
  readonly options: Options;
  /** The executor of Nx that runs it. */
  readonly task?: DatabaseTask;
}

/** The executor of Nx that runs an operation on databases (design 10 §6). */
interface DatabaseTask extends TaskFacts {
  readonly name: DatabaseTarget;
}

/** The executor of an operation that has one. */
export function executorOf({ name, task }: Pick<Operation, 'name' | 'task'>): DatabaseTask {
  if (task === undefined) throw new Error(`${name} has no executor.`);
  return task;
}

/** What the printing of a result may ask of a run. */
interface Printing<Result, Options> {
  /** What was done, without it. */
  resultKind?(input: Input<Options>): ResultKind;
  /** The lines for people. */
  lines(result: Result, input: Input<Options>): readonly string[];
  /** The value for machines. */
  value(result: Result, input: Input<Options>): Readonly<Record<string, unknown>>;
  /** The JSON text of the value, where it is not that of {@link value}. */
  text?(result: Result, input: Input<Options>): string;
  /** What a run lacks besides its required options. One message names both. */
  missing?(input: Input<Options>): readonly string[];
  /** Ends the run for mistakes that no single option shows. */
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
  /** Whether it ends itself after a signal, and says what it left; others on no database end at once. */
  readonly endsItself?: true;
  run(input: Input<OptionsOf<Options & Arguments>, Sources[Kind]>, context: Context): Promise<Result>;
  /** What is done once the result is printed. */
  afterwards?(result: Result, input: Input<OptionsOf<Options & Arguments>>, context: Context): Promise<void>;
  /** What runs on each database of a fleet, after the operation. */
  readonly onFleet?: DatabaseWork<OptionsOf<Options & Arguments>, Kind>;
  /** Whether the databases of a fleet are still asked after this result. */
  goesOn?(result: Result): boolean;
}

/** One database during a run. */
interface AtDatabase<Prepared> {
  readonly target: PersistentTarget;
  readonly dialect: SqlDialect;
  /** What was read before. */
  readonly prepared: Prepared;
  /** Its entry in the fleet. */
  readonly entry?: Pick<FleetDatabase, 'name' | 'ods'> | undefined;
}

/** What a fleet reports about a database. */
type FleetEntry<Kept = unknown> = Pick<TaskResult, 'outcome'> &
  Partial<Pick<TaskResult, 'detail' | 'value'>> & { readonly kept?: Kept };

/** The end of the work on a database that was done. */
interface DoneDatabase<Kept = unknown> extends Pick<FleetDatabase, 'name' | 'labels'> {
  readonly kept: Kept;
}

/** Work on a database that exists before and after it; or on each of a fleet. */
export interface DatabaseWork<
  Options = OptionsOf<Shape>,
  Kind extends keyof Sources = keyof Sources,
  Prepared = unknown,
  Result extends Outcome = Outcome,
  Kept = unknown,
> {
  /** Provisioning needs a database that outlives the run. */
  readonly purpose: 'provision' | 'check';
  /** Whether a repeated run on a fleet leaves the databases alone in which it is done. */
  readonly skipsDone: boolean;
  /** Reads what is the same for all databases, so that a mistake in it is found before any of them is opened. */
  prepare(input: Input<Options, Sources[Kind]>, context: Context): Promise<Prepared>;
  run(at: AtDatabase<Prepared>, input: Input<Options, Sources[Kind]>, context: Context): Promise<Result>;
  /** What is wrong with the selected databases; none of them is then opened. */
  checkDatabases?(
    options: Options,
    databases: readonly FleetDatabase[],
    fleet: Pick<Fleet, 'file'>,
  ): readonly Diagnostic[];
  entry?(result: Result, input: Input<Options>): FleetEntry<Kept>;
  /** What the databases have in common, beside the table and in the summary of a fleet. */
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
  /** The dialect of what was read, where the run names none. Then it is read before the database is looked for. */
  dialectOf?(prepared: Prepared, input: Input<OptionsOf<Options & Arguments>>): SqlDialect;
  /** What is done in place of the work, if the options ask for something that needs no database. */
  withoutDatabase?(
    input: Input<OptionsOf<Options & Arguments>, Sources[Kind]>,
    context: Context,
  ): Promise<{ readonly lines: readonly string[]; readonly value: Readonly<Record<string, unknown>> }> | undefined;
}

export type Operation = FileOperation | DatabaseOperation;

/** The values of an operation that takes only options. */
type NoArguments = Readonly<Record<never, never>>;

/** What most operations have, which the others say. */
type Usual<Declared, Members extends keyof Declared> = Omit<Declared, 'kind' | Members> &
  Partial<Pick<Declared, Members>>;

/** Declares an operation on files; unless it says so, it has no values without a name. */
export const fileOperation = <
  const Options extends Shape,
  const Kind extends keyof Sources,
  Result extends Outcome,
  const Arguments extends Shape = NoArguments,
>(
  operation: Usual<FileOperation<Options, Arguments, Kind, Result>, 'arguments'>,
): FileOperation<Options, Arguments, Kind, Result> => ({ kind: 'files', arguments: {} as Arguments, ...operation });

/**
 * Declares an operation on a database. Unless it says so, it has no values without a name, reads nothing before, needs
 * no database that outlives the run, and works on the databases of a fleet anew at every run.
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

/** The values of all options of a run: those that were given, and the usual ones. */
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

/** One step of a long piece of work: for people, for the line of a fleet, and for machines where they are reported. */
interface StepNote {
  readonly text: string;
  /** Without the object that the step is about. */
  readonly short?: string | undefined;
  readonly value?: Readonly<Record<string, unknown>> | undefined;
}

/** A question with answers to choose from. */
export interface Question {
  readonly text: string;
  readonly answers: readonly { readonly value: string; readonly label: string; readonly hint?: string }[];
  /** What is chosen at first. */
  readonly chosen: readonly string[];
  /** Whether several answers can be chosen, at least one; otherwise it is exactly one. */
  readonly several: boolean;
}

/** What an operation tells while it runs, and the signal that ends it. It is passed on whole. */
export interface Context {
  /** Ends the operation when it is aborted; a database is then unchanged. */
  readonly signal?: AbortSignal | undefined;
  /** Called before each part of the work, with its name. */
  readonly onProgress?: ((part: string) => void) | undefined;
  /** Called with how far a part is. */
  readonly onCount?: ((text: string) => void) | undefined;
  /** Called when another session holds what is needed. */
  readonly onWaiting?: ((holder: string) => void) | undefined;
  readonly onStep?: ((note: StepNote) => void) | undefined;
  /** Called with what people should know at once. */
  readonly onNotice?: ((text: string) => void) | undefined;
  /** Called with where to look next. */
  readonly onHint?: ((text: string) => void) | undefined;
  /** Called with what must be known before the work goes on; without it, warnings are in the result. */
  readonly onWarning?: ((warning: Diagnostic) => void) | undefined;
  /** Asks somebody, and returns what was chosen; absent where nobody can answer. */
  readonly onQuestion?: ((question: Question) => Promise<readonly string[]>) | undefined;
  /** Shows a file to people, in the program that they use for it. */
  readonly onOpen?: ((file: string) => Promise<void>) | undefined;
  /** Called with lines of the result that are not kept. */
  readonly onLines?: ((lines: readonly string[]) => void) | undefined;
}

/** The lines that name the files of a run. */
export const writtenLines = (artifacts: readonly { readonly file: string }[]): string[] =>
  artifacts.map(({ file }) => `Written: ${file}`);

/** A value of a JSON file with the names of members that `--json` has: files write `effective_schema_hash`. */
export function camelMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelMembers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [camel(name), camelMembers(member)]));
}

const snake = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)+$/;

const camel = (name: string): string =>
  snake.test(name) ? name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()) : name;

/** A statement of an upgrade or of an adoption, as an operation reports it. */
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
