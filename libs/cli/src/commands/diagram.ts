import { type DiagramFormat, diagram, diagramFormats, type SqlDialect } from '@dms/operations';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { outputFile, pathArgument, textArgument } from '../options/arguments.ts';
import { dialectOption } from '../options/dialect-option.ts';
import { type JsonOption, jsonOption } from '../options/json-option.ts';

function depthArgument(value: string): number {
  if (!/^[1-3]$/.test(value)) throw new InvalidArgumentError('It must be 1, 2 or 3.');
  return Number(value);
}

interface Options extends JsonOption {
  readonly artifacts: string;
  readonly resource: string;
  readonly depth: number;
  readonly of: 'resources' | 'tables';
  readonly format: DiagramFormat;
  readonly dialect?: SqlDialect;
  readonly output?: string;
}

/** Adds `dms-ddl diagram`. */
export function addDiagram(program: Command, { printerFor }: CommandContext): void {
  const [dialectFlags, , dialect] = dialectOption;
  program
    .command('diagram')
    .summary('draw what a resource refers to, and what refers to it')
    .description('Draws the resources or tables around a resource, as a picture or as text that documentation understands.')
    .requiredOption('--artifacts <dir>', 'folder of artifacts, as emit writes it', pathArgument)
    .requiredOption('--resource <label>', 'the resource, as Ed-Fi:Section', textArgument)
    .option('--depth <n>', 'how many references to follow in each direction, 1 to 3', depthArgument, 1)
    .addOption(new Option('--of <what>', 'what is drawn').choices(['resources', 'tables']).default('resources'))
    .addOption(new Option('--format <name>', 'how it is drawn').choices(diagramFormats).default('svg'))
    .option(dialectFlags, 'the dialect whose cascades are shown (default: the first of the folder)', dialect)
    .option('--output <file>', 'file for the diagram (default: print it)', pathArgument)
    .option(...jsonOption)
    .addHelpText('after', '\nExample:\n  dms-ddl diagram --artifacts out --resource Ed-Fi:Section --format mermaid')
    .action(async ({ json, ...options }: Options) => {
      const { resource, format } = options;
      const output = outputFile(options.output);
      const text = await diagram({ ...options, output });
      const printer = printerFor({ ...(json !== undefined && { json }) });
      const value = { command: 'diagram', resource, format };
      if (output === undefined) printer.answer([text.replace(/\n$/, '')], { ...value, text });
      else printer.result([`Diagram written to ${output}`], { ...value, file: output });
    });
}
