import {
  type ProvisionDatabaseOptions,
  provisionDatabase,
  provisionedLines,
  type SqlDialect,
  seededCounts,
} from '@dms/pipeline';
import { type Command, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { textArgument } from '../options/arguments.ts';
import { configArgument, configOf } from '../options/config-argument.ts';
import { addConnectionOptions, type ConnectionOptions, requiredConnectionOf } from '../options/connection-options.ts';
import { dialectOption } from '../options/dialect-option.ts';
import type { JsonOption } from '../options/json-option.ts';
import { collectFile } from '../options/schema-option.ts';
import { addSourceOptions, type SourceOptions, sourceOf } from '../options/source-options.ts';

type ProvisionCommandOptions = SourceOptions &
  ConnectionOptions &
  JsonOption &
  Pick<ProvisionDatabaseOptions, 'createDatabase' | 'maintenanceDatabase' | 'ifSame' | 'verify' | 'strict'> & {
    readonly dialect: SqlDialect;
    readonly seedDescriptors?: readonly string[];
  };

/** Adds `dms-ddl provision`. */
export function addProvision(program: Command, { printerFor, cancellation }: CommandContext): void {
  const command = program
    .command('provision')
    .summary('create everything of a schema set in a database')
    .description(
      'Creates all objects of a schema set in a database, in one transaction: afterwards the database is complete, or what it was. ' +
        'What was made is compared with what should be before the commit. A database of another schema set is never changed.',
    );
  addConnectionOptions(addSourceOptions(command.argument(...configArgument)).requiredOption(...dialectOption))
    .option('--create-database', 'create the database when it does not exist')
    .option('--maintenance-database <name>', 'database to create it from (default: postgres, master)', textArgument)
    .addOption(
      new Option('--if-same <action>', 'what to do with a database that is provisioned for this schema set already')
        .choices(['apply', 'skip', 'fail'])
        .default('apply'),
    )
    .option('--no-verify', 'do not compare the database with the catalog before the commit')
    .option('--verify', 'compare it, which is the default')
    .option('--strict', 'warnings end the run')
    .option('--seed-descriptors <path...>', 'files or folders of descriptors to write afterwards (repeatable)', collectFile)
    .addHelpText(
      'after',
      '\nExample:\n  dms-ddl provision --artifacts out --dialect pgsql --connection-env CAMPUS_DB --create-database',
    )
    .action(async (config: string | undefined, options: ProvisionCommandOptions) => {
      const printer = printerFor(options);
      const set = await configOf(config, options, command);
      const { dialect, createDatabase, maintenanceDatabase, ifSame, verify, strict, seedDescriptors } = options;
      const result = await provisionDatabase({
        source: sourceOf(options, command, set),
        ...requiredConnectionOf(options, command, options.dialect, set),
        ...{ dialect, createDatabase, maintenanceDatabase, ifSame, verify, strict, seedDescriptors },
        signal: cancellation.hold(),
        onProgress: (part) => printer.progress(`${part} …`),
        onWaiting: (holder) => printer.notice(`Waiting for another provisioner (${holder}).`),
      }).finally(() => printer.endProgress());
      for (const entry of result.diagnostics) printer.diagnostic(entry);
      const { outcome, database, effectiveSchemaHash, resourceKeyCount, verified, seeded } = result;
      printer.result(provisionedLines(result), {
        command: 'provision',
        ...{ dialect, outcome, database, effectiveSchemaHash, resourceKeyCount },
        differences: verified?.diff.differences ?? null,
        ...(seeded === null ? {} : { descriptors: seededCounts(seeded) }),
      });
    });
}
