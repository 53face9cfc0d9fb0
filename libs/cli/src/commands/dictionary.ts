import { counted } from '@dms/diagnostics';
import { dictionary } from '@dms/operations';
import { type Command, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { outputArgument, pathArgument } from '../options/arguments.ts';
import { type JsonOption, jsonOption } from '../options/json-option.ts';

const formats = ['csv', 'markdown', 'xlsx'] as const;

interface Options extends JsonOption {
  readonly artifacts: string;
  readonly format?: (typeof formats)[number];
  readonly output?: string;
}

/** The format that the name of a file ends in. */
const endings: Readonly<Record<string, (typeof formats)[number]>> = { csv: 'csv', md: 'markdown', xlsx: 'xlsx' };

/** Adds `dms-ddl dictionary`. */
export function addDictionary(program: Command, { printerFor }: CommandContext): void {
  const command = program
    .command('dictionary')
    .summary('list what each value means and where it is stored')
    .description(
      'Writes a table of all resources and values of a schema set: path, type, whether it is required, table and column in each database, ' +
        'the resource or descriptor that it names, and the definition of the standard.',
    )
    .requiredOption('--artifacts <dir>', 'folder of artifacts, as emit writes it', pathArgument)
    .addOption(new Option('--format <name>', 'by default the ending of --output, otherwise csv').choices(formats))
    .option('--output <file>', 'write it to a file; a workbook needs one', outputArgument)
    .option(...jsonOption)
    .addHelpText('after', '\nExample:\n  dms-ddl dictionary --artifacts out --output dictionary.xlsx')
    .action(async ({ artifacts, output, ...options }: Options) => {
      const printer = printerFor(options);
      const format = options.format ?? endings[output?.split('.').at(-1) ?? ''] ?? 'csv';
      if (format === 'xlsx' && output === undefined) command.error("error: a workbook needs the option '--output <file>'");
      const onProgress = (part: string) => printer.progress(`${part} …`);
      const { rows, definitions, content } = await dictionary({ artifacts, format, output, onProgress }).finally(() =>
        printer.endProgress(),
      );
      const counts = { command: 'dictionary', format, rows, definitions };
      if (output === undefined)
        // the bytes that a file would have: lines of CSV end with a carriage return too
        printer.documents(String(content).replace(/\n$/, '').split('\n'), () =>
          JSON.stringify({ type: 'result', ...counts, text: String(content) }),
        );
      else
        printer.result([`${counted(rows, 'row')}, ${definitions} with a definition, written to ${output}`], {
          ...counts,
          file: output,
        });
    });
}
