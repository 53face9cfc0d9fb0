import {
  type DatabaseEnd,
  databaseStatus,
  type FleetDatabase,
  fleetSetLines,
  fleetSets,
  fleetTasks,
  type SqlDialect,
  type StatusResult,
  statusLines,
  statusValue,
} from '@dms/operations';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { type FleetReport, runFleetCommand } from '../fleet-command.ts';
import { addConnectionOptions, type ConnectionOptions, requiredConnectionOf } from '../options/connection-options.ts';
import { fleetDialectOption, requiredDialectOf } from '../options/dialect-option.ts';
import { addFleetOptions, type FleetCommandOptions, fleetOf } from '../options/fleet-options.ts';
import type { JsonOption } from '../options/json-option.ts';

type StatusOptions = ConnectionOptions & FleetCommandOptions & JsonOption & { readonly dialect?: SqlDialect };

/** The databases of a fleet by schema set. */
function setsOf(ends: readonly DatabaseEnd<FleetDatabase, StatusResult>[]): FleetReport {
  const asked = ends.flatMap((end) => (end.kind === 'done' ? [{ name: end.database.name, set: end.result.set }] : []));
  const sets = fleetSets(asked);
  return { lines: fleetSetLines(sets), value: { sets } };
}

/** Adds `dms-ddl upgrade status` (design 12 §7.1). */
export function addUpgradeStatus(upgrade: Command, { printerFor, cancellation }: CommandContext): void {
  const command = upgrade
    .command('status')
    .summary('show which schema set a database has, and since when')
    .description(
      'Reads which schema set a database has, since when and by which plan, and prints the upgrades that are ' +
        'recorded in the database. Changes nothing. With --fleet, databases are grouped by schema set.',
    )
    .option(...fleetDialectOption);
  addFleetOptions(addConnectionOptions(command))
    .addHelpText(
      'after',
      '\nExample:\n  dms-ddl upgrade status --dialect pgsql --connection-env CAMPUS_DB\n  dms-ddl upgrade status --fleet fleet.json',
    )
    .action(async (options: StatusOptions) => {
      const printer = printerFor(options);
      const fleet = fleetOf(options, command);
      if (fleet !== undefined)
        return runFleetCommand(fleetTasks.upgradeStatus, {}, { fleet, printer, cancellation, report: setsOf });
      const dialect = await requiredDialectOf(options, command);
      const status = await databaseStatus({
        ...requiredConnectionOf(options, command, dialect),
        dialect,
        signal: cancellation.hold(),
        onProgress: (part) => printer.progress(`${part} …`),
      }).finally(() => printer.endProgress());
      for (const entry of status.diagnostics) printer.diagnostic(entry);
      printer.answer(statusLines(status), { command: 'upgrade status', dialect, ...statusValue(status) });
    });
}
