import { counted, failIfAny } from '@dms/diagnostics';
import { readOdsDatabase, readOdsLines } from '@dms/operations';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { outputArgument, versionArgument } from '../options/arguments.ts';
import { addConnectionOptions, type ConnectionOptions, requiredConnectionOf } from '../options/connection-options.ts';
import type { JsonOption } from '../options/json-option.ts';
import { addOdsReadingOptions, type OdsReadingOptions } from '../options/ods-source-options.ts';
import { addSourceOptions, type SourceOptions, sourceOf } from '../options/source-options.ts';

type ReadOdsCommandOptions = SourceOptions &
  ConnectionOptions &
  JsonOption &
  OdsReadingOptions & {
    readonly output: string;
    readonly continue?: boolean;
    readonly schemaChecks: boolean;
    readonly since?: bigint;
  };

/** Adds `dms-ddl read-ods`. */
export function addReadOds(program: Command, { printerFor, cancellation }: CommandContext): void {
  const command = program
    .command('read-ods')
    .summary('write the documents of an ODS')
    .description(
      'Reads a database of the older Ed-Fi server (PostgreSQL; SQL Server is experimental) and writes its documents and descriptors as files that load reads, ' +
        '<project>/<endpoint>.jsonl. The ODS is read in one transaction, as it is at one moment, and not changed. Before that, its ' +
        'tables and columns are compared with the schema set; at the end, its rows with what was written.',
    );
  const keepIds = 'keep the ids that clients know: documents.jsonl has each document with its Id as uuid';
  addOdsReadingOptions(addConnectionOptions(addSourceOptions(command)), keepIds)
    .requiredOption('--output <dir>', 'folder for the files; new or empty', outputArgument)
    .option(
      '--since <version>',
      'only what has changed after this ChangeVersion of the ODS, and the deletes that it records',
      versionArgument,
    )
    .option('--continue', 'write the other documents if some rows cannot be read')
    .option('--no-schema-checks', 'do not check documents against the JSON schemas of the resources, which load does anyway')
    .addHelpText(
      'after',
      '\nExamples:\n  dms-ddl read-ods --schema core/ApiSchema.json --connection-env ODS --output documents' +
        '\n  dms-ddl load documents --artifacts out --connection-env CAMPUS_DB --continue --rejects rejects.jsonl',
    )
    .action(async (options: ReadOdsCommandOptions) => {
      const printer = printerFor(options);
      const { odsDialect, odsOverrides, output, keepIds, schemaSuffix, allowMissing, allowUnread, schemaChecks, since } =
        options;
      const read = await readOdsDatabase({
        source: sourceOf(options, command),
        ...requiredConnectionOf(options, command),
        ...{
          odsDialect,
          odsOverrides,
          outputDirectory: output,
          keepIds,
          schemaSuffix,
          allowMissing,
          allowUnread,
          schemaChecks,
          since,
        },
        isContinued: options.continue ?? false,
        signal: cancellation.hold(),
        onProgress: (part) => printer.progress(`${part} …`),
        onDocuments: ({ table, documents, rows, allRows }) =>
          printer.progress(`${table}: ${counted(documents, 'document')}, ${rows} of ${counted(allRows, 'row')}`),
      }).finally(() => printer.endProgress());
      const { diagnostics, problems, lastVersion, ...value } = read;
      for (const entry of diagnostics) printer.diagnostic(entry);
      printer.result(readOdsLines(read, output), {
        ...{ command: 'read-ods', output, ...value },
        lastVersion: lastVersion === null ? null : String(lastVersion),
      });
      failIfAny(problems);
    });
}
