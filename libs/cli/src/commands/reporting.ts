import {
  appliedReportingLines,
  applyReporting,
  droppedReportingLines,
  dropReporting,
  emitReporting,
  fleetTasks,
  type ReportingChoices,
  type SqlDialect,
  type StandaloneMappingSet,
} from '@dms/operations';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { runFleetCommand } from '../fleet-command.ts';
import { outputArgument, pathArgument, textArgument } from '../options/arguments.ts';
import { configArgument, configOf } from '../options/config-argument.ts';
import { addConnectionOptions, type ConnectionOptions, requiredConnectionOf } from '../options/connection-options.ts';
import { dialectsOption, fleetDialectOption, requiredDialectOf } from '../options/dialect-option.ts';
import { addFleetOptions, type FleetCommandOptions, fleetOf } from '../options/fleet-options.ts';
import type { JsonOption } from '../options/json-option.ts';
import { addSourceOptions, type SourceOptions, sourceOf } from '../options/source-options.ts';

interface ViewOptions {
  readonly odsOverrides?: string;
  readonly grant?: readonly string[];
  readonly schemaSuffix?: string;
  readonly changeColumns?: boolean;
  readonly exactTypes?: boolean;
}

const collected = (value: string, previous: readonly string[] = []) => [...previous, textArgument(value)];

/** Adds the options that say what views are like. */
function addViewOptions(command: Command): Command {
  return command
    .option('--ods-overrides <file>', 'facts about properties that an ODS needs and ApiSchema lacks', pathArgument)
    .option('--grant <role>', 'role that may read the views, and nothing else (repeatable)', collected)
    .option(
      '--schema-suffix <text>',
      'put the views into schemas of their own: the names of the tables with this suffix',
      textArgument,
    )
    .option('--change-columns', 'also give views AggregateId, AggregateData and ChangeVersion')
    .option('--exact-types', 'cast values to the types of an ODS, at the cost of indexes');
}

/** The options, and what they leave open as the `dms.json` says it. */
function viewsOf(
  options: ViewOptions,
  set: StandaloneMappingSet | undefined,
): ReportingChoices & { odsOverrides?: string | undefined } {
  const { schemaSuffix, changeColumns, exactTypes, grant } = options;
  return {
    odsOverrides: options.odsOverrides ?? set?.odsOverrides ?? undefined,
    schemaSuffix: schemaSuffix ?? set?.reporting.schemaSuffix,
    changeColumns: changeColumns ?? set?.reporting.changeColumns,
    exactTypes: exactTypes ?? set?.reporting.exactTypes,
    grants: grant ?? set?.reporting.grants,
  };
}

type EmitOptions = SourceOptions &
  ViewOptions &
  JsonOption & { readonly dialect?: readonly SqlDialect[]; readonly output?: string };

const [dialectFlags, , dialectsArgument] = dialectsOption;

function addEmit(reporting: Command, { printerFor }: CommandContext): void {
  const command = reporting
    .command('emit')
    .summary('write the scripts of the views, and the mapping of an ODS')
    .description(
      'Writes reporting.<dialect>.sql, which gives a database the views, and ods-mapping.json, which says which document paths each ' +
        'table and column of an ODS holds. No database is needed. Other artifacts in the folder stay.',
    );
  addViewOptions(addSourceOptions(command.argument(...configArgument)))
    .option('--output <dir>', 'folder for the files (default: the folder of the artifacts)', outputArgument)
    .option(dialectFlags, 'pgsql, mssql, or both as in pgsql,mssql (default: the dialects of the source)', dialectsArgument)
    .addHelpText('after', '\nExample:\n  dms-ddl reporting emit --schema core/ApiSchema.json --output out --dialect pgsql')
    .action(async (config: string | undefined, options: EmitOptions) => {
      const printer = printerFor(options);
      const set = await configOf(config, options, command);
      const source = sourceOf(options, command, set);
      const output = options.output ?? (source.kind === 'artifacts' ? source.folder : set?.outputDirectory);
      if (output === undefined) return command.error("error: required option '--output <dir>' not specified");
      const { diagnostics, artifacts, effectiveSchemaHash, views } = await emitReporting({
        ...viewsOf(options, set),
        ...{ source, outputDirectory: output },
        dialects: options.dialect ?? set?.dialects,
        onProgress: (part) => printer.progress(`${part} …`),
      }).finally(() => printer.endProgress());
      for (const entry of diagnostics) printer.diagnostic(entry);
      const files = artifacts.map(({ file }) => file);
      const lines = [
        `Views: ${views}`,
        `Effective schema hash: ${effectiveSchemaHash}`,
        ...files.map((file) => `Written: ${file}`),
      ];
      printer.result(lines, { command: 'reporting emit', effectiveSchemaHash, views, files });
    });
}

interface PlaceOptions {
  readonly viewsDatabase?: string;
}

/** SQL Server has the views in a second database, because names ignore case there. */
const viewsDatabaseOption = [
  '--views-database <name>',
  'SQL Server: the database with the views (default: the name of the database and _Ods)',
  textArgument,
] as const;

type ApplyOptions = SourceOptions &
  ViewOptions &
  PlaceOptions &
  ConnectionOptions &
  FleetCommandOptions &
  JsonOption & { readonly dialect?: SqlDialect; readonly createDatabase?: boolean };

function addApply(reporting: Command, { printerFor, cancellation }: CommandContext): void {
  const command = reporting
    .command('apply')
    .summary('give a database the views')
    .description(
      'Gives a provisioned database views that are named and shaped like the tables of an ODS, in one transaction, or replaces those ' +
        'of an earlier run. Tables, documents and what others made stay as they are.',
    );
  const sources = addSourceOptions(command.argument(...configArgument)).option(...fleetDialectOption);
  addFleetOptions(addConnectionOptions(addViewOptions(sources)))
    .option(...viewsDatabaseOption)
    .option('--create-database', 'SQL Server: create the database with the views if it does not exist')
    .addHelpText(
      'after',
      '\nExample:\n  dms-ddl reporting apply --artifacts out --dialect pgsql --connection-env CAMPUS_DB --grant analyst\n' +
        '  dms-ddl reporting apply --artifacts out --fleet fleet.json',
    )
    .action(async (config: string | undefined, options: ApplyOptions) => {
      const printer = printerFor(options);
      const set = await configOf(config, options, command);
      const { viewsDatabase, createDatabase } = options;
      const task = { source: sourceOf(options, command, set), ...viewsOf(options, set), viewsDatabase, createDatabase };
      const fleet = fleetOf(options, command);
      if (fleet !== undefined) return runFleetCommand(fleetTasks.reportingApply, task, { fleet, printer, cancellation });
      const dialect = await requiredDialectOf(options, command, task.source, set);
      const result = await applyReporting({
        ...task,
        ...requiredConnectionOf(options, command, dialect, set),
        ...{ dialect, signal: cancellation.hold() },
        onProgress: (part) => printer.progress(`${part} …`),
        onWaiting: (holder) => printer.notice(`Waiting for another provisioner (${holder}).`),
      }).finally(() => printer.endProgress());
      const { diagnostics, ...value } = result;
      for (const entry of diagnostics) printer.diagnostic(entry);
      printer.result(appliedReportingLines(result), { command: 'reporting apply', ...value });
    });
}

type DropOptions = PlaceOptions & ConnectionOptions & FleetCommandOptions & JsonOption & { readonly dialect?: SqlDialect };

function addDrop(reporting: Command, { printerFor, cancellation }: CommandContext): void {
  const command = reporting
    .command('drop')
    .summary('remove the views from a database')
    .description(
      'Removes all views that reporting apply made, in one transaction, whatever schema set they are of. Fails if others have made ' +
        'something on top of them, and names it.',
    )
    .option(...fleetDialectOption);
  addFleetOptions(addConnectionOptions(command))
    .option(...viewsDatabaseOption)
    .addHelpText('after', '\nExample:\n  dms-ddl reporting drop --dialect pgsql --connection-env CAMPUS_DB')
    .action(async (options: DropOptions) => {
      const printer = printerFor(options);
      const { viewsDatabase } = options;
      const fleet = fleetOf(options, command);
      if (fleet !== undefined)
        return runFleetCommand(fleetTasks.reportingDrop, { viewsDatabase }, { fleet, printer, cancellation });
      const dialect = await requiredDialectOf(options, command);
      const result = await dropReporting({
        ...requiredConnectionOf(options, command, dialect),
        ...{ dialect, viewsDatabase, signal: cancellation.hold() },
        onProgress: (part) => printer.progress(`${part} …`),
        onWaiting: (holder) => printer.notice(`Waiting for another provisioner (${holder}).`),
      }).finally(() => printer.endProgress());
      for (const entry of result.diagnostics) printer.diagnostic(entry);
      printer.result(droppedReportingLines(result), { command: 'reporting drop', dialect, views: result.views });
    });
}

/** Adds `dms-ddl reporting` with its commands (design 19 §8). */
export function addReporting(program: Command, context: CommandContext): void {
  const reporting = program
    .command('reporting')
    .summary('views of a database that are named and shaped like the tables of an ODS')
    .description(
      'Gives analysts the tables that they know: a view for each table of an ODS, with the names and columns of the tables that the ' +
        'older Ed-Fi server has. SQL that reads an ODS runs on them unchanged.',
    );
  addEmit(reporting, context);
  addApply(reporting, context);
  addDrop(reporting, context);
}
