import { failIfAny } from '@dms/diagnostics';
import {
  dialects as allDialects,
  type DatabaseSource,
  type SqlDialect,
  type StandaloneMappingSet,
  verificationLines,
  verificationValue,
  verifyScripts,
} from '@dms/operations';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { countArgument, outputArgument, textArgument } from '../options/arguments.ts';
import { configArgument, configOf } from '../options/config-argument.ts';
import { addConnectionOptions, type ConnectionOptions, connectionOf, namesConnection } from '../options/connection-options.ts';
import { dialectsOption, knownDialects } from '../options/dialect-option.ts';
import type { JsonOption } from '../options/json-option.ts';
import { addSourceOptions, type SourceOptions, sourceOf } from '../options/source-options.ts';

type VerifyCommandOptions = SourceOptions &
  ConnectionOptions &
  JsonOption & {
    readonly dialect?: readonly SqlDialect[];
    readonly reference?: boolean;
    readonly scratchDatabase?: string;
    readonly strict?: boolean;
    readonly documents?: number;
    readonly keep?: boolean;
    readonly output?: string;
  };

/** The dialects of a run. A connection has one dialect, so the options must name it where the source has both. */
async function dialectsOf(
  options: VerifyCommandOptions,
  command: Command,
  source: DatabaseSource,
  set: StandaloneMappingSet | undefined,
): Promise<readonly SqlDialect[]> {
  const known = options.dialect ?? (await knownDialects(source, set));
  const chosen = known.length > 0 ? known : allDialects;
  if (namesConnection(options) && chosen.length !== 1) {
    return command.error("error: a connection has one dialect; name it with the option '--dialect <name>'");
  }
  return allDialects.filter((name) => chosen.includes(name));
}

/** Adds `dms-ddl verify`. */
export function addVerify(program: Command, { printerFor, cancellation }: CommandContext): void {
  const command = program
    .command('verify')
    .summary('prove the scripts of a schema set on an empty database')
    .description(
      'Runs each script in a database of its own, which is dropped afterwards, and checks the result: ' +
        'objects, seed rows, behaviour of triggers, a second run, a run that fails. Without a connection PostgreSQL runs as an ' +
        'embedded engine. SQL Server is started in a container if testcontainers and mssql are installed and Docker answers; ' +
        'otherwise only the text of its script is checked, and none of it is run.',
    );
  addConnectionOptions(addSourceOptions(command.argument(...configArgument)).option(...dialectsOption), { lasting: false })
    .option('--reference', 'also compare the database with the result of the script on another engine')
    .option('--scratch-database <name>', 'name of the database to create, use and drop; it must not exist', textArgument)
    .option('--strict', 'let warnings of the comparison fail the run')
    .option('--documents <n>', 'random documents of each resource to write, read and replace (default: 3)', countArgument)
    .option('--keep', 'leave the database on the server and print its name')
    .option('--output <dir>', 'folder for verification.<dialect>.json', outputArgument)
    .addHelpText('after', '\nExample:\n  dms-ddl verify --artifacts out --dialect pgsql --connection-env CAMPUS_SERVER')
    .action(async (config: string | undefined, options: VerifyCommandOptions) => {
      const printer = printerFor(options);
      const { scratchDatabase, documents, keep, output } = options;
      const set = await configOf(config, options, command);
      const source = sourceOf(options, command, set);
      const { environment, folder, projectFile } = connectionOf(options, undefined, set);
      const result = await verifyScripts({
        ...{ environment, folder, projectFile, scratchDatabase, documents, keep, output },
        reference: options.reference ?? set?.verify.reference,
        strict: options.strict ?? set?.verify.strict,
        sources: (dialect) => connectionOf(options, dialect, set).sources,
        dialects: await dialectsOf(options, command, source, set),
        source,
        startsContainers: true,
        signal: cancellation.hold(),
        onProgress: (part) => printer.progress(`${part} …`),
        onKept: (name) => printer.notice(`The database ${name} was left on the server.`),
      }).finally(() => printer.endProgress());
      for (const entry of result.diagnostics) printer.diagnostic(entry);
      printer.result(verificationLines(result), { command: 'verify', ...verificationValue(result) });
      failIfAny(result.failures);
    });
}
