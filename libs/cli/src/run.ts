import { DmsError } from '@dms/diagnostics';
import { Command, CommanderError } from 'commander';
import type { Cancellation } from './cancellation.ts';
import { addCommands } from './commands/index.ts';
import { Printer, type Terminal } from './terminal.ts';

/** Exit codes of the command line. */
export const exitCodes = { done: 0, diagnostics: 1, usage: 2, bug: 70 } as const;

/** The printer for what is found outside of a command, which reads no options. */
export function printerOf(args: readonly string[], terminal: Terminal): Printer {
  return new Printer(terminal, args.includes('--json'));
}

/** A run that nobody ends. */
const uncancelled: Cancellation = { hold: () => new AbortController().signal };

/** What stands behind an unknown option or in a connection text must not be repeated: it may be a password. */
function withoutValues(text: string): string {
  return text.replace(/(unknown option '--?[^='\n]*)=.*'/, "$1=…'").replace(/:\/\/[^\n]*@/g, '://…@');
}

/**
 * Runs the command line with its arguments (without node and script) and returns the exit code: 0 done, 1 diagnostics, 2 wrong
 * use, 70 a bug. Commands that change a database take the signal of `cancellation`.
 */
export async function run(
  args: readonly string[],
  terminal: Terminal,
  version: string,
  cancellation: Cancellation = uncancelled,
): Promise<number> {
  const program = new Command('dms-ddl')
    .description('Compiles Ed-Fi ApiSchema files into relational backends for PostgreSQL and SQL Server.')
    .version(version, '--version', 'print the version')
    .helpOption('--help', 'explain a command')
    .helpCommand(false)
    .showHelpAfterError('Run dms-ddl <command> --help for the options of a command.')
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.err(withoutValues(text)) });
  addCommands(program, { printerFor: (options) => new Printer(terminal, options.json ?? false), cancellation });
  for (const command of program.commands) {
    command.copyInheritedSettings(program).helpOption('--help', 'explain this command');
  }
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    const printer = printerOf(args, terminal);
    if (error instanceof DmsError) {
      for (const entry of error.diagnostics) printer.diagnostic(entry);
      return exitCodes.diagnostics;
    }
    terminal.err(
      `This is a bug in dms-ddl, please report it.\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return exitCodes.bug;
  }
}
