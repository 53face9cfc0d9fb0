import { inspectDatabase, type SqlDialect } from '@dms/operations';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { outputFile, pathArgument } from '../options/arguments.ts';
import { addConnectionOptions, type ConnectionOptions, requiredConnectionOf } from '../options/connection-options.ts';
import { dialectOption } from '../options/dialect-option.ts';
import type { JsonOption } from '../options/json-option.ts';

type InspectCommandOptions = ConnectionOptions & JsonOption & { readonly dialect: SqlDialect; readonly output?: string };

/** Adds `dms-ddl inspect`. */
export function addInspect(program: Command, { printerFor, cancellation }: CommandContext): void {
  const command = addConnectionOptions(
    program
      .command('inspect')
      .summary('write the catalog of a database')
      .description(
        'Reads the objects of a database, whoever created it, and writes them as a catalog: the same form as the catalog of a schema ' +
          'set, one line per object.',
      )
      .requiredOption(...dialectOption),
  );
  command
    .option('--output <file>', 'file for the catalog (default: print it)', pathArgument)
    .addHelpText(
      'after',
      '\nExample:\n  dms-ddl inspect --dialect pgsql --connection-file campus.connection --output catalog.json',
    )
    .action(async (options: InspectCommandOptions) => {
      const printer = printerFor(options);
      const { dialect } = options;
      const output = outputFile(options.output);
      const { text, catalog, diagnostics } = await inspectDatabase({
        ...requiredConnectionOf(options, command),
        ...{ dialect, output },
        signal: cancellation.hold(),
        onProgress: (part) => printer.progress(`${part} …`),
      }).finally(() => printer.endProgress());
      for (const entry of diagnostics) printer.diagnostic(entry);
      const counts = { tables: catalog.tables.length, views: catalog.views.length, functions: catalog.functions.length };
      const lines = [
        `Catalog written to ${output}`,
        `Tables: ${counts.tables}, views: ${counts.views}, functions: ${counts.functions}, schemas: ${catalog.schemas.join(', ') || 'none'}`,
      ];
      const value = { command: 'inspect', dialect, ...counts };
      if (output === undefined) printer.answer([text.trimEnd()], { ...value, catalog: JSON.parse(text) });
      else printer.result(lines, { ...value, output });
    });
}
