import { append, counted, DmsError, meantNames, nearNames, printableLines } from '@dms/diagnostics';
import { expectUsableOutput, fileSystemError } from '@dms/files';
import { earlierNames, earlierOptions, type SchemaText, sourcePositions } from '@dms/operations';
import { Command, CommanderError } from 'commander';
import type { Cancellation } from './cancellation.ts';
import { commandHeadings, helpWidth } from './commands/help.ts';
import { addCommandsFor, versionOptions } from './commands/index.ts';
import { exitCodeLines, exitCodes, isUsageCode, usageCodeOf } from './exit-codes.ts';
import { addCommonOptions, commonOptionsOf, givenOutputOptions, printingFlags } from './options/common-options.ts';
import { expandSchemas } from './options/expand-schemas.ts';
import { refuseMisplacedConnection } from './options/misplaced-connection.ts';
import { Printer } from './output/printer.ts';
import type { Terminal } from './terminal.ts';

const isWord = (arg: string | undefined): arg is string => arg !== undefined && !arg.startsWith('-');

/** The hint about an unknown name: its new name since an earlier version, otherwise similar names. */
function hintFor(name: string, renamed: Readonly<Record<string, string>>, near: readonly string[]): string {
  if (Object.hasOwn(renamed, name)) return `; it is '${renamed[name]}' now`;
  return near.length === 0 ? '' : meantNames(near);
}

/** Ends the program as wrong use: the word is not a command of `command`. */
function unknown(command: Command, word: string): never {
  const names = command.commands.map((each) => each.name());
  const hint = hintFor(word, command.parent === null ? earlierNames : {}, nearNames(word, names).slice(0, 1));
  return command.error(`error: unknown command '${word}'${hint}`, { code: 'commander.unknownCommand' });
}

/**
 * The arguments in the form that commander parses: `help upgrade apply` becomes `upgrade apply --help`. Ends the
 * program as wrong use if the words before the options lead to no command, even with `--help`, which would otherwise
 * print the help of another command.
 */
function commandArguments(program: Command, args: readonly string[]): readonly string[] {
  let command = program;
  let asksForHelp = false;
  let count = 0;
  for (let word = args[0]; isWord(word) && command.commands.length > 0; word = args[count]) {
    count += 1;
    if (word === 'help') {
      asksForHelp = true;
      continue;
    }
    command = command.commands.find((each) => each.name() === word) ?? unknown(command, word);
  }
  const rest = args.slice(count);
  // options of every command, without a command
  if (command.commands.length > 0 && rest.length > 0 && rest.every((arg) => printingFlags.includes(arg)))
    command.help({ error: true });
  // `emit help`: a file argument never has this name without a folder or an extension
  if (command !== program && rest.length === 1 && rest[0] === 'help') return [...args.slice(0, count), '--help'];
  if (!asksForHelp) return args;
  const [surplus] = rest.filter(isWord);
  if (surplus !== undefined) unknown(command, surplus);
  return [...args.slice(0, count).filter((word) => word !== 'help'), ...rest, '--help'];
}

interface CommandRunOptions {
  /** The page with the meanings of the codes of this version. */
  readonly codesPage?: string | undefined;
  readonly cancellation?: Cancellation;
  /** The words with which the user runs the program; `dms-ddl` by default. */
  readonly startedAs?: string;
  /** Called before the work of a command; throws if the packages of the program do not fit. */
  readonly checkInstallation?: () => void;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** The printer for problems found before the options were read. */
export function printerOf(args: readonly string[], terminal: Terminal): Printer {
  const surroundings = {
    terminal,
    positions: sourcePositions(),
    version: '',
    environment: process.env,
  };
  return new Printer(surroundings, { json: args.includes('--json') });
}

/** A run that no signal ends. */
const uncancelled: Cancellation = { hold: () => new AbortController().signal };

/** The suggestion that commander adds for an unknown option. */
const suggestion = /\n\(Did you mean (?:one of )?(.+)\?\)/;

/**
 * A message about wrong use without the value of an unknown option; suggested names have the same form as in other
 * messages.
 */
function usageText(text: string): string {
  const [option = ''] = /(?<=unknown option ')--[^='\n]*/.exec(text) ?? [];
  return text
    .replace(/(unknown option '--?[^='\n]*)=.*'/s, "$1=…'")
    .replace(suggestion, (_, names: string) => hintFor(option, earlierOptions, names.split(', ')));
}

/** Makes a command say where its help is after wrong use. */
function pointToHelp(command: Command, words: readonly string[] = [command.name()]): void {
  const what = command.commands.length === 0 ? 'its options' : 'the commands';
  command.showHelpAfterError(`Run ${words.join(' ')} --help for ${what}.`);
  for (const each of command.commands) pointToHelp(each, [...words, each.name()]);
}

/** The commands that do work: those without subcommands. */
export function leafCommands(command: Command): readonly Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap((each) => leafCommands(each));
}

/** Ends a command as wrong use if it gets more arguments than it takes. */
function checkArgumentCount(command: Command): void {
  const { length } = command.registeredArguments;
  if (command.registeredArguments.at(-1)?.variadic || command.args.length <= length) return;
  const takesSchemas = command.options.some(({ long }) => long === '--schema');
  const hint = takesSchemas ? "; ApiSchema files are named with '--schema <file...>'" : '';
  const expected = `Expected ${counted(length, 'argument')} but got ${command.args.length}`;
  command.error(`error: too many arguments for '${command.name()}'. ${expected}${hint}.`);
}

/**
 * Runs the command line with its arguments (without node and script) and returns the exit code: 0 done, 1 diagnostics,
 * 2 wrong use, 70 a bug. Commands that change a database take the signal of `cancellation`.
 */
export async function run(
  args: readonly string[],
  terminal: Terminal,
  version: string,
  {
    cancellation = uncancelled,
    environment = process.env,
    codesPage,
    startedAs,
    checkInstallation,
  }: CommandRunOptions = {},
): Promise<number> {
  const texts: SchemaText[] = [];
  const positions = sourcePositions({ texts: () => texts });
  const surroundings = { terminal, positions, version, codesPage, environment };
  const early = { json: args.includes('--json') };
  const plain = new Printer(surroundings, early);
  // used until the options are read, and afterwards if they cannot be read
  let printer = new Printer(surroundings, givenOutputOptions(args));
  const program = programOf({ terminal, version, isJson: early.json });
  await addCommandsFor(program, { printerFor: () => printer, cancellation, ask: terminal.ask, startedAs }, args);
  pointToHelp(program);
  for (const command of leafCommands(program)) {
    addCommonOptions(command);
    // counted below, where the message can include a hint
    command.allowExcessArguments();
    leaveMissing(command);
  }
  program.hook('preAction', async (_program, command) => {
    checkArgumentCount(command);
    const common = commonOptionsOf(command);
    printer = plain;
    if (common.reportFile !== undefined) expectUsableOutput(common.reportFile, 'file');
    printer = new Printer(surroundings, common);
    checkInstallation?.();
    append(texts, await expandSchemas(command, terminal));
    if (common.report === 'sarif') {
      const { placeOfRun } = await import('./output/place-of-run.ts');
      printer.worksOn(placeOfRun(command));
    }
  });
  let code: number = exitCodes.done;
  try {
    refuseMisplacedConnection(program, args);
    await program.parseAsync([...commandArguments(program, args)], { from: 'user' });
  } catch (error) {
    // help or version
    if (error instanceof CommanderError && error.exitCode === 0) return code;
    code = told(error, printer);
  }
  try {
    await printer.finish(plain);
  } catch (unwritten) {
    const own = told(unwritten, plain);
    if (code === exitCodes.done) code = own;
  }
  return code;
}

interface ProgramOptions {
  readonly terminal: Terminal;
  readonly version: string;
  readonly isJson: boolean;
}

function programOf({ terminal, version, isJson }: ProgramOptions): Command {
  return new Command('dms-ddl')
    .description('Compiles Ed-Fi ApiSchema files into relational backends for PostgreSQL and SQL Server.')
    .version(version, versionOptions.join(', '), 'print the version')
    .helpOption('-h, --help', 'print this help')
    .commandsGroup(commandHeadings.machine)
    .helpCommand('help [command...]', 'explain a command')
    .addHelpText('after', `\nExit codes:\n${exitCodeLines(helpWidth(terminal)).join('\n')}`)
    .exitOverride()
    .configureOutput({
      getOutHelpWidth: () => helpWidth(terminal),
      getErrHelpWidth: () => helpWidth(terminal),
      writeOut: (text) => terminal.out(text),
      // with `--json`, wrong use is printed as one JSON object instead
      writeErr: (text) => {
        if (!isJson) terminal.err(printableLines(usageText(text)));
      },
    });
}

/** Prints the reason why a run ended; returns the exit code. */
function told(error: unknown, printer: Printer): number {
  if (error instanceof CommanderError) {
    const code = usageCodeOf(error.code);
    // commander throws this text if no command is given, after it has printed the help
    if (code === 'COMMAND_MISSING') printer.usage(code, 'a command is missing; run dms-ddl --help for the list');
    else printer.usage(code, usageText(error.message.replace(/^error: /, '')));
    return exitCodes.usage;
  }
  const known = error instanceof DmsError ? error : fileSystemError(error);
  if (known === undefined) {
    printer.bug(error);
    return exitCodes.bug;
  }
  printer.diagnostics(known.diagnostics);
  if (known.diagnostics.some(({ code }) => code.startsWith('DB_')))
    printer.hint('dms-ddl doctor, with the same options, shows what this machine and the database allow.');
  return known.diagnostics.every(({ code }) => isUsageCode(code)) ? exitCodes.usage : exitCodes.diagnostics;
}

/**
 * Lets commander parse a command without its required options and arguments: commander would report only the first
 * missing one. The help is unchanged.
 */
function leaveMissing(command: Command): void {
  command.usage(command.usage());
  for (const option of command.options) option.makeOptionMandatory(false);
  for (const argument of command.registeredArguments) if (argument.argChoices === undefined) argument.argOptional();
}
