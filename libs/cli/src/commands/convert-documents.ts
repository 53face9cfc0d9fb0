import { counted, failIfAny } from '@dms/diagnostics';
import { type ConvertFilesOptions, convertDocumentFiles } from '@dms/operations';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { pathArgument } from '../options/arguments.ts';
import type { JsonOption } from '../options/json-option.ts';
import { collectFile } from '../options/schema-option.ts';
import { addSourceOptions, type SourceOptions, sourceOf } from '../options/source-options.ts';

type ConvertDocumentsCommandOptions = SourceOptions &
  JsonOption &
  Pick<ConvertFilesOptions, 'ignoreUnknown'> & { readonly output: string; readonly continue?: boolean };

/** Adds `dms-ddl convert-documents`. */
export function addConvertDocuments(program: Command, { printerFor }: CommandContext): void {
  const command = program
    .command('convert-documents')
    .summary('write interchange XML as JSON lines')
    .description(
      'Writes the documents and descriptors of interchange XML as JSON lines, without a database. It reads all files that load ' +
        'reads, and writes a folder that load reads too. Documents are not checked against the schema set; load does that.',
    )
    .argument('<path...>', 'files or folders', collectFile);
  addSourceOptions(command)
    .requiredOption('--output <dir>', 'folder for <project>/<endpoint>.jsonl; new or empty', pathArgument)
    .option('--continue', 'write the other documents if some cannot be converted')
    .option('--ignore-unknown', 'leave out elements that the schema set does not have')
    .addHelpText('after', '\nExample:\n  dms-ddl convert-documents Samples/*.xml --artifacts out --output documents')
    .action(async (paths: readonly string[], options: ConvertDocumentsCommandOptions) => {
      const printer = printerFor(options);
      const { output, ignoreUnknown } = options;
      const result = await convertDocumentFiles({
        source: sourceOf(options, command),
        ...{ paths, outputDirectory: output, ignoreUnknown, isContinued: options.continue ?? false },
        onProgress: (part) => printer.progress(part),
      }).finally(() => printer.endProgress());
      for (const entry of result.diagnostics) printer.diagnostic(entry);
      const { documents, descriptors, resources, rejected, isWritten, problems } = result;
      const written = `${counted(documents, 'document')} of ${counted(resources, 'resource')} and ${counted(descriptors, 'descriptor')} written to ${output}`;
      const lines = [isWritten ? written : 'Nothing was written; --continue writes the other documents.'];
      if (rejected > 0) lines.push(`${counted(rejected, 'document')} could not be converted.`);
      printer.result(lines, {
        ...{ command: 'convert-documents', output, documents, descriptors, resources, rejected, isWritten },
      });
      failIfAny(problems);
    });
}
