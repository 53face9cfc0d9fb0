import {
  adoptDatabase,
  adoptedLines,
  adoptedValue,
  adoptionLines,
  fleetTasks,
  type SqlDialect,
  writeAdoptionScript,
} from '@dms/operations';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { runFleetCommand } from '../fleet-command.ts';
import { countArgument, milliseconds, outputArgument } from '../options/arguments.ts';
import { configArgument, configOf } from '../options/config-argument.ts';
import { addConnectionOptions, type ConnectionOptions, requiredConnectionOf } from '../options/connection-options.ts';
import { fleetDialectOption, requiredDialectOf } from '../options/dialect-option.ts';
import { addFleetOptions, type FleetCommandOptions, fleetOf } from '../options/fleet-options.ts';
import type { JsonOption } from '../options/json-option.ts';
import { addSourceOptions, type SourceOptions, sourceOf } from '../options/source-options.ts';

interface AdoptCommandOptions extends SourceOptions, ConnectionOptions, FleetCommandOptions, JsonOption {
  readonly dialect?: SqlDialect;
  readonly dryRun?: boolean;
  readonly script?: string;
  readonly lockTimeout?: number;
  readonly statementTimeout?: number;
}

/** Adds `dms-ddl adopt` (design 12 §13). */
export function addAdopt(program: Command, { printerFor, cancellation }: CommandContext): void {
  const command = program
    .command('adopt')
    .summary("make a database of the service's own tool one of ours")
    .description(
      "Replaces the triggers and functions that the Ed-Fi service's own tool made with those of dms-ddl, in one transaction. No row of any " +
        'table changes, and the service keeps working. Refuses if anything else differs from the schema set; check shows what.',
    );
  addFleetOptions(addConnectionOptions(addSourceOptions(command.argument(...configArgument)).option(...fleetDialectOption)), {
    conflicting: ['script'],
  })
    .option('--dry-run', 'say what goes, what comes and what check --data finds; do everything, and roll it back')
    .option('--script <file>', 'write the script that does it, and touch no database', outputArgument)
    .option('--lock-timeout <seconds>', 'how long the adoption tries to get its locks (default: 30)', countArgument)
    .option('--statement-timeout <seconds>', 'how long a statement may take (default: no limit)', countArgument)
    .addHelpText(
      'after',
      '\nExample:\n  dms-ddl adopt --artifacts out --dialect pgsql --connection-env CAMPUS_DB --dry-run\n' +
        '  dms-ddl adopt --artifacts out --dialect mssql --script adopt.sql\n' +
        '  dms-ddl adopt --artifacts out --fleet fleet.json --canary 1',
    )
    .action(async (config: string | undefined, options: AdoptCommandOptions) => {
      const printer = printerFor(options);
      const set = await configOf(config, options, command);
      const source = sourceOf(options, command, set);
      const timeouts = {
        lockTimeout: milliseconds(options.lockTimeout),
        statementTimeout: milliseconds(options.statementTimeout),
      };
      const { dryRun, script } = options;
      const fleet = fleetOf(options, command);
      if (fleet !== undefined)
        return runFleetCommand(fleetTasks.adopt, { source, dryRun, ...timeouts }, { fleet, printer, cancellation });
      const dialect = await requiredDialectOf(options, command, source, set);
      const run = { source, dialect, signal: cancellation.hold(), onProgress: (part: string) => printer.progress(`${part} …`) };
      if (script !== undefined) {
        const plan = await writeAdoptionScript({ ...run, file: script }).finally(() => printer.endProgress());
        const value = { command: 'adopt', dialect, script, plan: plan.hash };
        return printer.result([...adoptionLines(plan), `Script written to ${script}`], value);
      }
      const adopted = await adoptDatabase({
        ...requiredConnectionOf(options, command, dialect, set),
        ...{ ...run, ...timeouts, dryRun },
        onWaiting: (holder) => printer.notice(`Waiting for another provisioner (${holder}).`),
        onStep: ({ title, subject, statement, statements }) =>
          printer.progress(`${title}: ${subject} (${statement} of ${statements}) …`),
      }).finally(() => printer.endProgress());
      for (const entry of adopted.diagnostics) printer.diagnostic(entry);
      printer.result(adoptedLines(adopted), { command: 'adopt', ...adoptedValue(adopted) });
    });
}
