import { counted } from '@dms/diagnostics';
import { writeSample } from '@dms/operations';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { countArgument, integerArgument, outputArgument } from '../options/arguments.ts';
import type { JsonOption } from '../options/json-option.ts';
import { addSourceOptions, type SourceOptions, sourceOf } from '../options/source-options.ts';

type SampleCommandOptions = SourceOptions &
  JsonOption & { readonly documents: number; readonly seed: number; readonly output: string };

/** Adds `dms-ddl sample`. */
export function addSample(program: Command, { printerFor }: CommandContext): void {
  const command = program
    .command('sample')
    .summary('generate documents to test with')
    .description(
      'Generates documents of all resources in realistic numbers, with the descriptors that they name, as input for load. ' +
        'The same schema set, number and seed give the same files.',
    );
  addSourceOptions(command)
    .requiredOption('--documents <n>', 'how many documents, not counting descriptors', countArgument)
    .option('--seed <n>', 'seed of the generator; another number gives other documents', integerArgument, 1)
    .requiredOption('--output <dir>', 'folder for <project>/<endpoint>.jsonl; new or empty', outputArgument)
    .addHelpText('after', '\nExample:\n  dms-ddl sample --artifacts out --documents 20000 --output sample')
    .action(async (options: SampleCommandOptions) => {
      const printer = printerFor(options);
      const { documents, seed, output } = options;
      const written = await writeSample({
        source: sourceOf(options, command),
        ...{ documents, seed, outputDirectory: output },
        onProgress: (part) => printer.progress(part),
      }).finally(() => printer.endProgress());
      const line = `${counted(written.documents, 'document')} of ${counted(written.resources, 'resource')} and ${counted(written.descriptors, 'descriptor')} written to ${output}`;
      printer.result([line], { command: 'sample', seed, output, ...written });
    });
}
