import { fleetTasks, type SeedDatabaseOptions, type SqlDialect, seedDatabase, seededCounts, seededLine } from '@dms/operations';
import { type Command, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { runFleetCommand } from '../fleet-command.ts';
import { addConnectionOptions, type ConnectionOptions, requiredConnectionOf } from '../options/connection-options.ts';
import { fleetDialectOption, requiredDialectOf } from '../options/dialect-option.ts';
import { addFleetOptions, type FleetCommandOptions, fleetOf } from '../options/fleet-options.ts';
import type { JsonOption } from '../options/json-option.ts';
import { collectFile } from '../options/schema-option.ts';
import { addSourceOptions, type SourceOptions, sourceOf } from '../options/source-options.ts';

type SeedCommandOptions = SourceOptions &
  ConnectionOptions &
  FleetCommandOptions &
  JsonOption &
  Pick<SeedDatabaseOptions, 'onConflict' | 'ignoreUnknown'> & { readonly dialect?: SqlDialect };

/** Adds `dms-ddl seed-descriptors`. */
export function addSeedDescriptors(program: Command, { printerFor, cancellation }: CommandContext): void {
  const command = program
    .command('seed-descriptors')
    .summary('write descriptors into a database')
    .description(
      'Writes the descriptors of interchange files (XML) or JSON files into a database that was provisioned for the schema set, ' +
        'all of them or none. Descriptors that are already stored with the same fields stay; running it again changes nothing.',
    )
    .argument('<path...>', 'files, or folders with .xml and .json files', collectFile);
  addFleetOptions(addConnectionOptions(addSourceOptions(command).option(...fleetDialectOption)))
    .addOption(
      new Option('--on-conflict <action>', 'what to do with a descriptor that is stored with different texts or dates')
        .choices(['fail', 'keep', 'update'])
        .default('fail'),
    )
    .option('--ignore-unknown', 'skip descriptors that the schema set does not have')
    .addHelpText(
      'after',
      '\nExample:\n  dms-ddl seed-descriptors Descriptors --artifacts out --dialect pgsql --connection-env CAMPUS_DB',
    )
    .action(async (paths: readonly string[], options: SeedCommandOptions) => {
      const printer = printerFor(options);
      const { onConflict, ignoreUnknown } = options;
      const source = sourceOf(options, command);
      const fleet = fleetOf(options, command);
      if (fleet !== undefined) {
        const task = { source, paths, onConflict, ignoreUnknown };
        return runFleetCommand(fleetTasks.seedDescriptors, task, { fleet, printer, cancellation });
      }
      const dialect = await requiredDialectOf(options, command, source);
      const result = await seedDatabase({
        source,
        ...requiredConnectionOf(options, command),
        ...{ dialect, paths, onConflict, ignoreUnknown },
        signal: cancellation.hold(),
        onProgress: (part) => printer.progress(`${part} …`),
        onWaiting: (holder) => printer.notice(`Waiting for another provisioner (${holder}).`),
      }).finally(() => printer.endProgress());
      for (const entry of result.diagnostics) printer.diagnostic(entry);
      printer.result([seededLine(result)], { command: 'seed-descriptors', dialect, ...seededCounts(result) });
    });
}
