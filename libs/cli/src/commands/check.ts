import { diagnostic, failIfAny } from '@dms/diagnostics';
import {
  type CheckResult,
  type DatabaseEnd,
  type DataFinding,
  dataLines,
  driftLines,
  driftValue,
  type FleetDatabase,
  findDrift,
  fleetFindingLines,
  fleetFindings,
  fleetTasks,
  type SqlDialect,
} from '@dms/operations';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { type FleetReport, runFleetCommand } from '../fleet-command.ts';
import { outputArgument } from '../options/arguments.ts';
import { configArgument, configOf } from '../options/config-argument.ts';
import { addConnectionOptions, type ConnectionOptions, requiredConnectionOf } from '../options/connection-options.ts';
import { fleetDialectOption, requiredDialectOf } from '../options/dialect-option.ts';
import { addFleetOptions, type FleetCommandOptions, fleetOf } from '../options/fleet-options.ts';
import type { JsonOption } from '../options/json-option.ts';
import { addRightsOptions, type RightsOptions } from '../options/rights-options.ts';
import { addSourceOptions, type SourceOptions, sourceOf } from '../options/source-options.ts';

type CheckCommandOptions = SourceOptions &
  ConnectionOptions &
  FleetCommandOptions &
  JsonOption &
  RightsOptions & {
    readonly dialect?: SqlDialect;
    readonly deep?: boolean;
    readonly data?: boolean;
    readonly repair?: boolean;
    readonly strict?: boolean;
    readonly all?: boolean;
    readonly output?: string;
  };

/** The announcement of a repair, printed before it starts. */
const announced = (found: readonly DataFinding[]) =>
  diagnostic('CHECK_REPAIR', ['These rows are recomputed, in one transaction:', ...dataLines(found)].join('\n'));

/** The differences from the schema set that databases of a fleet have in common. */
function findings(ends: readonly DatabaseEnd<FleetDatabase, CheckResult>[], all?: boolean): FleetReport {
  const compared = ends.flatMap((end) =>
    end.kind === 'done' ? [{ ...end.database, differences: end.result.diff.differences }] : [],
  );
  const found = fleetFindings(compared);
  return { lines: fleetFindingLines(found, { all }), value: { findings: found } };
}

/** Adds `dms-ddl check`. */
export function addCheck(program: Command, { printerFor, cancellation }: CommandContext): void {
  const command = program
    .command('check')
    .summary('compare a database with its schema set')
    .description(
      'Compares a database with what its schema set creates, and changes nothing: every object, the rows of its fingerprint, and ' +
        'whether a server of this schema set may use it. Fails when there is a difference that matters.',
    );
  addFleetOptions(addConnectionOptions(addSourceOptions(command.argument(...configArgument)).option(...fleetDialectOption)), {
    conflicting: ['output', 'repair'],
  });
  addRightsOptions(command)
    .option('--deep', 'compare the rows of the fingerprint even if its hash says that they are equal')
    .option('--data', 'recompute derived rows; name the documents whose rows differ, or that break rules of the schema set')
    .option('--repair', 'with --data: rewrite the derived rows that differ, in one transaction')
    .option('--strict', 'warnings count as errors')
    .option('--all', 'print every difference instead of at most 200 lines')
    .option('--output <file>', 'write the report as JSON to a file instead of printing it', outputArgument)
    .addHelpText(
      'after',
      '\nExample:\n  dms-ddl check --artifacts out --dialect pgsql --connection-env CAMPUS_DB\n  dms-ddl check --artifacts out --fleet fleet.json --only year=2026',
    )
    .action(async (config: string | undefined, options: CheckCommandOptions) => {
      const printer = printerFor(options);
      const set = await configOf(config, options, command);
      const { deep, data, repair, strict, all, output, purpose, role } = options;
      if (repair && !data) command.error('error: --repair needs --data');
      const source = sourceOf(options, command, set);
      const fleet = fleetOf(options, command);
      if (fleet !== undefined) {
        const shared = { fleet, printer, cancellation };
        return runFleetCommand(
          fleetTasks.check,
          { source, deep, data, strict, purpose, role },
          { ...shared, report: (ends) => findings(ends, all) },
        );
      }
      const dialect = await requiredDialectOf(options, command, source, set);
      const drift = await findDrift({
        source,
        ...requiredConnectionOf(options, command, dialect, set),
        ...{ dialect, deep, data, strict, output, purpose, role },
        onWarning: (warning) => printer.diagnostic(warning),
        ...(repair ? { onRepair: (found: readonly DataFinding[]) => printer.diagnostic(announced(found)) } : {}),
        signal: cancellation.hold(),
        onProgress: (part) => printer.progress(`${part} …`),
      }).finally(() => printer.endProgress());
      for (const entry of drift.diagnostics) printer.diagnostic(entry);
      const lines = driftLines(drift, { all });
      printer.result(output === undefined ? lines : [...lines.slice(-2), `Report written to ${output}`], {
        command: 'check',
        ...(output === undefined ? {} : { output }),
        ...driftValue(drift),
      });
      failIfAny(drift.failures);
    });
}
