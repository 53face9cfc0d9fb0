import { appliedCommentsLines, applyComments, emitComments, fleetTasks, type SqlDialect } from '@dms/operations';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { runFleetCommand } from '../fleet-command.ts';
import { outputArgument } from '../options/arguments.ts';
import { configArgument, configOf } from '../options/config-argument.ts';
import { addConnectionOptions, type ConnectionOptions, requiredConnectionOf } from '../options/connection-options.ts';
import { dialectsOption, fleetDialectOption, requiredDialectOf } from '../options/dialect-option.ts';
import { addFleetOptions, type FleetCommandOptions, fleetOf } from '../options/fleet-options.ts';
import type { JsonOption } from '../options/json-option.ts';
import { addSourceOptions, type SourceOptions, sourceOf } from '../options/source-options.ts';

type EmitOptions = SourceOptions & JsonOption & { readonly dialect?: readonly SqlDialect[]; readonly output?: string };

const [dialectFlags, , dialectsArgument] = dialectsOption;

function addEmit(comments: Command, { printerFor }: CommandContext): void {
  const command = comments
    .command('emit')
    .summary('write the scripts that give tables and columns their definitions')
    .description(
      'Writes comments.<dialect>.sql, which gives each table and column the definition of its resource or property: COMMENT ON in ' +
        'PostgreSQL, the extended property MS_Description in SQL Server. No database is needed. Other artifacts in the folder stay.',
    );
  addSourceOptions(command.argument(...configArgument))
    .option('--output <dir>', 'folder for the files (default: the folder of the artifacts)', outputArgument)
    .option(dialectFlags, 'pgsql, mssql, or both as in pgsql,mssql (default: the dialects of the source)', dialectsArgument)
    .addHelpText('after', '\nExample:\n  dms-ddl comments emit --artifacts out')
    .action(async (config: string | undefined, options: EmitOptions) => {
      const printer = printerFor(options);
      const set = await configOf(config, options, command);
      const source = sourceOf(options, command, set);
      const output = options.output ?? (source.kind === 'artifacts' ? source.folder : set?.outputDirectory);
      if (output === undefined) return command.error("error: required option '--output <dir>' not specified");
      const { artifacts, effectiveSchemaHash, comments } = await emitComments({
        ...{ source, outputDirectory: output },
        dialects: options.dialect ?? set?.dialects,
        onProgress: (part) => printer.progress(`${part} …`),
      }).finally(() => printer.endProgress());
      const files = artifacts.map(({ file }) => file);
      const lines = [
        `Comments: ${comments}`,
        `Effective schema hash: ${effectiveSchemaHash}`,
        ...files.map((file) => `Written: ${file}`),
      ];
      printer.result(lines, { command: 'comments emit', effectiveSchemaHash, comments, files });
    });
}

type ApplyOptions = SourceOptions & ConnectionOptions & FleetCommandOptions & JsonOption & { readonly dialect?: SqlDialect };

function addApply(comments: Command, { printerFor, cancellation }: CommandContext): void {
  const command = comments
    .command('apply')
    .summary('give the tables and columns of a database their definitions')
    .description(
      'Gives the tables and columns of a provisioned database their definitions as comments, in one transaction, or replaces those of ' +
        'an earlier run. Nothing else changes: the schema set stays the same, and check finds no difference.',
    );
  const sources = addSourceOptions(command.argument(...configArgument)).option(...fleetDialectOption);
  addFleetOptions(addConnectionOptions(sources))
    .addHelpText(
      'after',
      '\nExample:\n  dms-ddl comments apply --artifacts out --dialect pgsql --connection-env CAMPUS_DB\n' +
        '  dms-ddl comments apply --artifacts out --fleet fleet.json',
    )
    .action(async (config: string | undefined, options: ApplyOptions) => {
      const printer = printerFor(options);
      const set = await configOf(config, options, command);
      const source = sourceOf(options, command, set);
      const fleet = fleetOf(options, command);
      if (fleet !== undefined) return runFleetCommand(fleetTasks.commentsApply, { source }, { fleet, printer, cancellation });
      const dialect = await requiredDialectOf(options, command, source, set);
      const result = await applyComments({
        ...{ source, dialect, signal: cancellation.hold() },
        ...requiredConnectionOf(options, command, dialect, set),
        onProgress: (part) => printer.progress(`${part} …`),
        onWaiting: (holder) => printer.notice(`Waiting for another provisioner (${holder}).`),
      }).finally(() => printer.endProgress());
      const { diagnostics, ...value } = result;
      for (const entry of diagnostics) printer.diagnostic(entry);
      printer.result(appliedCommentsLines(result), { command: 'comments apply', ...value });
    });
}

/** Adds `dms-ddl comments` with its commands (design 13 §8). */
export function addComments(program: Command, context: CommandContext): void {
  const comments = program
    .command('comments')
    .summary('the definitions of a schema set as comments in a database')
    .description(
      'Gives the tables and columns of a database the definitions that the schemas have, so that psql, SSMS and other tools show what each ' +
        'one means. See also: dms-ddl dictionary, which lists the same for people without a database.',
    );
  addEmit(comments, context);
  addApply(comments, context);
}
