import { DmsError } from '@dms/diagnostics';
import { Command, CommanderError } from 'commander';
import { addCommands } from './commands/index.ts';
import { Printer, type Terminal } from './terminal.ts';

/** Exit codes of the command line. */
export const exitCodes = { done: 0, diagnostics: 1, usage: 2, bug: 70 } as const;

/** The printer for what is found outside of a command, which reads no options. */
export function printerOf(args: readonly string[], terminal: Terminal): Printer {
  return new Printer(terminal, args.includes('--json'));
}

/**
 * Runs the command line with its arguments (without node and script) and returns the exit code: 0 done, 1 diagnostics or a failed
 * check, 2 wrong use, 70 a bug.
 */
export async function run(args: readonly string[], terminal: Terminal, version: string): Promise<number> {
  const program = new Command('dms-ddl')
    .description('Compiles Ed-Fi ApiSchema files into relational backends for PostgreSQL and SQL Server.')
    .version(version, '--version', 'print the version')
    .helpOption('--help', 'explain a command')
    .helpCommand(false)
    .showHelpAfterError('Run dms-ddl <command> --help for the options of a command.')
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.err(text) });
  const printers: Printer[] = [];
  addCommands(program, (options) => {
    const printer = new Printer(terminal, options.json ?? false);
    printers.push(printer);
    return printer;
  });
  for (const command of program.commands) {
    command.copyInheritedSettings(program).helpOption('--help', 'explain this command');
  }
  try {
    await program.parseAsync([...args], { from: 'user' });
    return printers.some(({ hasFailed }) => hasFailed) ? exitCodes.diagnostics : exitCodes.done;
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
