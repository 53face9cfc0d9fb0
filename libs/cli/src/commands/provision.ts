import {
  fleetTasks,
  type ProvisionDatabaseOptions,
  provisionDatabase,
  provisionedLines,
  type SqlDialect,
  seededCounts,
} from '@dms/operations';
import { type Command, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { runFleetCommand } from '../fleet-command.ts';
import { textArgument } from '../options/arguments.ts';
import { configArgument, configOf } from '../options/config-argument.ts';
import { addConnectionOptions, type ConnectionOptions, requiredConnectionOf } from '../options/connection-options.ts';
import { fleetDialectOption, requiredDialectOf } from '../options/dialect-option.ts';
import { addFleetOptions, type FleetCommandOptions, fleetOf } from '../options/fleet-options.ts';
import type { JsonOption } from '../options/json-option.ts';
import { collectFile } from '../options/schema-option.ts';
import { addSourceOptions, type SourceOptions, sourceOf } from '../options/source-options.ts';

type ProvisionCommandOptions = SourceOptions &
  ConnectionOptions &
  FleetCommandOptions &
  JsonOption &
  Pick<ProvisionDatabaseOptions, 'createDatabase' | 'maintenanceDatabase' | 'ifSame' | 'verify' | 'strict'> & {
    readonly dialect?: SqlDialect;
    readonly seedDescriptors?: readonly string[];
  };

/** Adds `dms-ddl provision`. */
export function addProvision(program: Command, { printerFor, cancellation }: CommandContext): void {
  const command = program
    .command('provision')
    .summary('create everything of a schema set in a database')
    .description(
      'Creates all objects of a schema set in a database, in one transaction: afterwards the database is either complete or unchanged. ' +
        'Before the commit, the result is compared with the catalog of the schema set. A database of another schema set is never changed.',
    );
  addFleetOptions(addConnectionOptions(addSourceOptions(command.argument(...configArgument)).option(...fleetDialectOption)))
    .option('--create-database', 'create the database if it does not exist')
    .option(
      '--maintenance-database <name>',
      'database to connect to while creating it (default: postgres, master)',
      textArgument,
    )
    .addOption(
      new Option(
        '--if-same <action>',
        'what to do with a database that is already provisioned for this schema set; with --fleet the default is skip',
      )
        .choices(['apply', 'skip', 'fail'])
        .default('apply'),
    )
    .option('--no-verify', 'do not compare the database with the catalog before the commit')
    .option('--verify', 'compare the database with the catalog before the commit; this is the default')
    .option('--strict', 'warnings end the run')
    .option('--seed-descriptors <path...>', 'files or folders of descriptors to write afterwards (repeatable)', collectFile)
    .addHelpText(
      'after',
      '\nExample:\n  dms-ddl provision --artifacts out --dialect pgsql --connection-env CAMPUS_DB --create-database\n' +
        '  dms-ddl provision --artifacts out --fleet fleet.json --create-database',
    )
    .action(async (config: string | undefined, options: ProvisionCommandOptions) => {
      const printer = printerFor(options);
      const set = await configOf(config, options, command);
      const { createDatabase, maintenanceDatabase, ifSame, verify, strict, seedDescriptors } = options;
      const made = { createDatabase, maintenanceDatabase, verify, strict, seedDescriptors };
      const source = sourceOf(options, command, set);
      const fleet = fleetOf(options, command);
      if (fleet !== undefined) {
        // finished databases are skipped, so that a killed run can be repeated
        const isSaid = command.getOptionValueSource('ifSame') !== 'default';
        const task = { source, ...made, ifSame: isSaid ? ifSame : undefined };
        return runFleetCommand(fleetTasks.provision, task, { fleet, printer, cancellation });
      }
      const dialect = await requiredDialectOf(options, command, source, set);
      const result = await provisionDatabase({
        source,
        ...requiredConnectionOf(options, command, dialect, set),
        ...{ dialect, ifSame, ...made },
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
