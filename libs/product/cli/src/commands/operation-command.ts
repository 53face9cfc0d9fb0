import { failIfAny } from '@dms/diagnostics';
import { expectUsableOutput } from '@dms/files';
import {
  allArguments,
  allOptions,
  type Context,
  type DatabaseOperation,
  type DatabaseWork,
  excludedArgument,
  excludedValue,
  type FileOperation,
  type FleetOptions,
  factsOf,
  filesOfFolders,
  type Input,
  matchingPath,
  matchingPaths,
  missingCompanion,
  type Operation,
  type OptionsOf,
  type Outcome,
  optionValues,
  type Shape,
  type Sources,
  type SqlDialect,
  standardStream,
} from '@dms/operations';
import type { Command } from 'commander';
import type { Cancellation } from '../cancellation.ts';
import { usage } from '../exit-codes.ts';
import type { Printer } from '../output/printer.ts';
import type { Terminal } from '../terminal.ts';
import { addCommand, wrapped } from './help.ts';
import { expectComplete } from './missing-options.ts';
import { addArguments, addOptions } from './options-of-shape.ts';
import {
  configuredDialect,
  connectedDialect,
  expectNoConnection,
  findConfig,
  foundDialect,
  missingPlace,
  namedPlace,
  namesConnection,
  placeOf,
  requestedFleet,
  requestedSource,
  type SubjectValues,
} from './run-input.ts';

/** The environment of a command. */
export interface CommandContext {
  /** The printer of a run, according to the options that every command has. */
  readonly printerFor: (options: { readonly json?: boolean }) => Printer;
  readonly cancellation: Cancellation;
  /** Absent if nobody can answer. */
  readonly ask?: Terminal['ask'];
  /** The words with which the user runs the program. */
  readonly startedAs?: string | undefined;
}

type OptionValues = Readonly<Record<string, unknown>> & SubjectValues;

/** Adds the command of an operation to the program, or to the command that it belongs to. */
export function addOperation(
  parent: Command,
  operation: Operation,
  { printerFor, cancellation, ask, startedAs }: CommandContext,
): void {
  const { description, note, examples } = operation;
  const command = addCommand(parent, operation).description(description);
  const places = allArguments(operation);
  const options = allOptions(operation);
  addArguments(command, places, options);
  addOptions(command, options);
  if (note !== undefined)
    command.addHelpText(
      'after',
      () => `\n${wrapped(note, command.configureOutput().getOutHelpWidth?.() ?? 80).join('\n')}`,
    );
  const shown = examples.map((example) => `\n  dms-ddl ${example}`).join('');
  command.addHelpText('after', `\nExample:${shown}`);
  const isGiven = (name: string) => command.getOptionValueSource(name) === 'cli';
  command.action(async (...given: unknown[]) => {
    const lacking = missingCompanion(options, isGiven);
    if (lacking !== undefined) command.error(`error: ${lacking}`, usage('OPTION_MISSING'));
    const placed = Object.fromEntries(Object.keys(places).map((each, index) => [each, given[index]]));
    const values: OptionValues = { ...command.opts(), ...placed };
    const chosen = Object.fromEntries(Object.entries(values).filter(([name]) => name in places || isGiven(name)));
    expectNoConnection(values, command);
    const excluded = excludedArgument(places, options, chosen) ?? excludedValue(options, chosen);
    if (excluded !== undefined) command.error(`error: ${excluded}`, usage('OPTION_CONFLICT'));
    const printer = printerFor(values as { readonly json?: boolean });
    await runOperation(operation, {
      values,
      input: { ...(await inputOf(operation, values, command)), program: startedAs },
      command,
      printer,
      cancellation,
      ask,
    });
  });
}

/** One run of a command. */
interface CommandRun {
  readonly values: OptionValues;
  readonly input: Input<OptionsOf<Shape>, Sources[keyof Sources]>;
  readonly command: Command;
  readonly printer: Printer;
  readonly cancellation: CommandContext['cancellation'];
  readonly ask: CommandContext['ask'];
}

async function runOperation(operation: Operation, run: CommandRun): Promise<void> {
  const { input, values, command } = run;
  const fleet = requestedFleet(operation, values);
  // options that contradict each other are wrong whatever else is missing
  await operation.check?.(input, (text, code) => command.error(`error: ${text}`, code && usage(code)));
  await expectComplete(operation, run, command);
  expectUsableOutputs(operation, values);
  if (operation.kind === 'files') {
    const result = await runOnFiles(operation, run);
    const goesOn = operation.goesOn?.(result) ?? true;
    if (fleet !== undefined && operation.onFleet !== undefined && goesOn)
      await runOnFleet(operation.name, operation.onFleet, run, fleet);
    failIfAny(result.failures ?? []);
  } else if (fleet !== undefined) await runOnFleet(operation.name, operation, run, fleet);
  else await runOnOne(operation, run);
}

/** Refuses outputs that cannot be written whatever the run does, before any work. */
function expectUsableOutputs(operation: Operation, values: OptionValues): void {
  for (const [name, option] of Object.entries(allOptions(operation))) {
    const { group, metavariable } = factsOf(option);
    const value = values[name];
    if (group !== 'output' || typeof value !== 'string' || value === standardStream) continue;
    if (metavariable === '<dir>') expectUsableOutput(value, 'folder');
    if (metavariable === '<file>') expectUsableOutput(value, 'file');
  }
}

async function runOnFiles(operation: FileOperation, run: CommandRun): Promise<Outcome> {
  const { printer } = run;
  const { connection } = operation.worksOn;
  const isNamed = run.input.isDatabaseNamed === true;
  const dialect = connection === 'possible' && !isNamed ? run.input.dialect : await findDialect(operation, run);
  const input = { ...run.input, dialect };
  const isOnDatabase = connection !== undefined && (connection !== 'possible' || isNamed);
  const context = contextOf(run, operation.name, isOnDatabase || operation.endsItself === true);
  const result = await operation.run(input, context).finally(() => printer.endProgress());
  print(operation, result, input, printer);
  await operation.afterwards?.(result, input, context);
  return result;
}

/** The dialect of a run on one database; undefined if nothing determines it: the operation then uses its default. */
async function findDialect({ worksOn }: Operation, { input, values }: CommandRun): Promise<SqlDialect | undefined> {
  const hints = { ...input, named: input.dialect, place: namedPlace(values, input.set) };
  if (worksOn.dialect?.use === 'one') return (await foundDialect(hints)).dialect;
  return input.dialect ?? (await connectedDialect(hints)) ?? configuredDialect(hints);
}

/** The callbacks of an operation, which show its messages on a terminal. */
function contextOf(run: CommandRun, command: string, isHeld: boolean): Context {
  const { printer, cancellation, ask } = run;
  return {
    onQuestion: ask !== undefined && printer.isForPeople() ? asking(ask, run) : undefined,
    signal: isHeld ? cancellation.hold() : undefined,
    onProgress: (part) => printer.progress(`${part} …`),
    onCount: (text) => printer.progress(text),
    onWaiting: (holder) => printer.notice(`Waiting for another provisioner (${holder}).`),
    onNotice: (text) => printer.notice(text),
    onHint: (text) => printer.hint(text),
    onWarning: (warning) => printer.diagnostic(warning),
    async onOpen(file) {
      // loaded only here, so that other commands start faster
      const { default: openFile } = await import('open');
      await openFile(file).catch((error: Error) => {
        printer.notice(`No browser could be started (${error.message}). Open the file in a browser yourself.`);
      });
    },
    onLines: (lines) => printer.documents(lines, () => lines.join('\n')),
    onStep: ({ text, value }) => {
      printer.progress(`${text} …`);
      if (value !== undefined) printer.result([], { type: 'step', command, ...value });
    },
  };
}

/** Asks a question; ends the command as wrong use if there is no answer. */
const asking =
  (ask: NonNullable<CommandContext['ask']>, { command, printer }: CommandRun): NonNullable<Context['onQuestion']> =>
  async (question) => {
    printer.endProgress();
    return (await ask(question)) ?? command.error('error: the question was not answered; nothing was written');
  };

function print(operation: Operation, result: Outcome, input: CommandRun['input'], printer: Printer): void {
  printer.diagnostics(result.diagnostics);
  const isForPeople = printer.isForPeople();
  const lines = isForPeople ? operation.lines(result, input) : [];
  const value = () => ({ command: operation.name, ...operation.value(result, input) });
  const kind = operation.resultKind?.(input) ?? 'done';
  if (kind === 'done') printer.result(lines, isForPeople ? {} : value());
  else if (kind === 'answer') printer.answer(lines, isForPeople ? {} : value());
  else
    printer.documents(lines, () => operation.text?.(result, input) ?? JSON.stringify({ type: 'result', ...value() }));
}

async function runOnFleet(
  command: string,
  work: DatabaseWork,
  { input, printer, cancellation }: CommandRun,
  fleet: Omit<FleetOptions, 'signal' | 'onProgress'>,
): Promise<void> {
  const { runFleetCommand } = await onDatabases();
  await runFleetCommand(work, input, { command, fleet, printer, cancellation });
}

/** The code for work on databases, which other commands do not load. */
const onDatabases = () => import('./on-databases.ts');

async function runOnOne(operation: DatabaseOperation, run: CommandRun): Promise<void> {
  const { printer, values, command } = run;
  const dialect = await findDialect(operation, run);
  const input = { ...run.input, dialect };
  const context = contextOf(run, operation.name, true);
  const other = operation.withoutDatabase?.(input, context);
  if (other !== undefined) {
    const { lines, value } = await other.finally(() => printer.endProgress());
    return printer.result(lines, { command: operation.name, ...value });
  }
  const missing = missingPlace(operation, values, input.set, dialect);
  if (missing !== undefined) command.error(`error: ${missing}`, usage('OPTION_MISSING'));
  const place = placeOf(values, input.set, dialect);
  const { runOnDatabase } = await onDatabases();
  const result = await runOnDatabase(operation, input, place, context).finally(() => printer.endProgress());
  print(operation, result, input, printer);
  failIfAny(result.failures ?? []);
}

async function inputOf(operation: Operation, given: OptionValues, command: Command): Promise<CommandRun['input']> {
  const { worksOn } = operation;
  const written = await expanded(operation, given);
  const { schema } = written;
  // an operation without a schema set reads folders itself
  const values =
    schema === undefined || worksOn.source === 'none' ? written : { ...written, schema: await filesOfFolders(schema) };
  const set = await findConfig(operation, values);
  const chosen = Object.entries(values).filter(([name]) => command.getOptionValueSource(name) !== 'default');
  const { dialect, fleet } = values;
  const source = requestedSource(operation, values, set);
  const several = typeof dialect === 'object' ? dialect : set?.dialects;
  const connected =
    worksOn.dialect?.use === 'several' && worksOn.source === 'set' && dialect === undefined
      ? await connectedDialect({ source, set, place: namedPlace(values, set) })
      : undefined;
  return {
    options: optionValues(operation, Object.fromEntries(chosen), { isFleet: fleet !== undefined }),
    source,
    set,
    dialect: typeof dialect === 'string' ? dialect : undefined,
    dialects: connected === undefined ? several : [connected],
    isDatabaseNamed: namesConnection(values),
    isFleet: fleet !== undefined,
    showsNotes: values.notes === true,
    placeOf: (each) => placeOf(values, set, each),
    version: (command.parent?.parent ?? command.parent)?.version() ?? '',
  };
}

/** The values with files and folders in place of patterns. */
async function expanded(operation: Operation, written: OptionValues): Promise<OptionValues> {
  const found = { ...written } as Record<string, unknown>;
  for (const [name, option] of Object.entries({ ...allOptions(operation), ...allArguments(operation) })) {
    const value = found[name];
    if (!factsOf(option).isPattern) continue;
    if (Array.isArray(value)) found[name] = await matchingPaths(value);
    if (typeof value === 'string') found[name] = await matchingPath(value);
  }
  return found;
}
