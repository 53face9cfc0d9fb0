import { counted } from '@dms/diagnostics';
import { convert } from '@dms/operations';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { outputArgument, pathArgument } from '../options/arguments.ts';
import type { JsonOption } from '../options/json-option.ts';

type ShippedFacts = Awaited<ReturnType<typeof convert>>['shipped'][number];

function knownText({ project, numbers, durations }: ShippedFacts): string {
  const facts = [
    ...(numbers === 0 ? [] : [`the digits of ${counted(numbers, 'number')}`]),
    ...(durations === 0 ? [] : [`${counted(durations, 'duration')} that the file calls numbers`]),
  ];
  return `Known of ${project}: ${facts.join(', ')}, from the published ODS scripts`;
}

/** Adds `dms-ddl convert`. */
export function addConvert(program: Command, { printerFor }: CommandContext): void {
  program
    .command('convert')
    .summary('convert a file of the wrapped older format')
    .description(
      'Converts an ApiSchema file of the older format (projects under "projectSchemas") into one file of the current format ' +
        'per project, and reports what it had to guess and what was lost. A supplement can provide what the old format lacks. The digits of decimals and the durations of Ed-Fi 5.1.0 are known without one.',
    )
    .argument('<file>', 'the file to convert', pathArgument)
    .requiredOption('--output <dir>', 'folder for ApiSchema-<endpoint>.json; it must hold nothing else', outputArgument)
    .option(
      '--supplement <file>',
      'members to add: { "<endpoint>": { "decimalPropertyValidationInfos": […], "integerFormats": {…}, "durations": […] } }',
      pathArgument,
    )
    .addHelpText('after', '\nExample:\n  dms-ddl convert old/ApiSchema.json --output converted')
    .action(async (file: string, options: { output: string; supplement?: string } & JsonOption) => {
      const printer = printerFor(options);
      const { artifacts, report, shipped } = await convert({
        source: file,
        outputDirectory: options.output,
        ...(options.supplement === undefined ? {} : { supplement: options.supplement }),
      });
      for (const entry of report.warnings) printer.diagnostic(entry);
      printer.result(
        [
          ...artifacts.map((artifact) => `Written: ${artifact.file}`),
          ...shipped.map(knownText),
          ...Object.entries(report.counts).map(([member, count]) => `Derived ${member}: ${count}`),
          ...report.notes.map((note) => `  ${note}`),
        ],
        {
          command: 'convert',
          files: artifacts.map((artifact) => artifact.file),
          counts: report.counts,
          notes: report.notes,
          shipped,
        },
      );
    });
}
