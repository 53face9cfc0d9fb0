import path from 'node:path';
import { convert, dialects, emit, hashSchemas, type SqlDialect } from '@dms/pipeline';
import { type Command, InvalidArgumentError } from 'commander';
import type { Printer } from './terminal.ts';

/** Makes the printer that a command's options ask for. */
export type PrinterFor = (options: { readonly json?: boolean }) => Printer;

/** A path as it is written; an empty one would mean the current folder, which nobody has asked for. */
function pathArgument(value: string): string {
  if (value === '') throw new InvalidArgumentError('It must not be empty.');
  return value;
}

/** `--schema a b --schema c` and `--schema a --schema b --schema c` mean the same. */
function collectFile(value: string, previous: readonly string[] = []): string[] {
  return [...previous, pathArgument(value)];
}

function collectDialect(value: string, previous: readonly SqlDialect[] = []): SqlDialect[] {
  const dialect = dialects.find((known) => known === value);
  if (!dialect) throw new InvalidArgumentError(`It must be one of: ${dialects.join(', ')}.`);
  return [...new Set([...previous, dialect])];
}

const jsonOption = ['--json', 'print one JSON object per result or diagnostic'] as const;
const schemaOption = [
  '--schema <file...>',
  'ApiSchema files, core and extensions, in any order (repeatable)',
  collectFile,
] as const;

function addEmit(program: Command, printerFor: PrinterFor): void {
  program
    .command('emit')
    .summary('write the SQL scripts and all other artifacts of a schema set')
    .description(
      'Compiles ApiSchema files into a relational backend and writes every artifact into one folder:\n' +
        'the fingerprint, models, inventories, SQL scripts, catalogs and manifests. No database is needed.',
    )
    .requiredOption(...schemaOption)
    .requiredOption('--output <dir>', 'folder for the artifacts; it must be new, empty, or hold artifacts only', pathArgument)
    .option('--dialect <name>', `pgsql or mssql (repeatable; default: both)`, collectDialect)
    .option(...jsonOption)
    .addHelpText(
      'after',
      '\nExample:\n  dms-ddl emit --schema core/ApiSchema.json --schema ext/ApiSchema.json --output out --dialect pgsql',
    )
    .action(async (options: { schema: string[]; output: string; dialect?: SqlDialect[]; json?: boolean }) => {
      const printer = printerFor(options);
      const result = await emit({
        schemas: options.schema,
        dialects: options.dialect ?? dialects,
        outputDirectory: options.output,
        onProgress: (part) => printer.progress(`${part} …`),
      }).finally(() => printer.endProgress());
      for (const entry of result.diagnostics) printer.diagnostic(entry);
      const files = result.artifacts.map(({ file }) => path.basename(file));
      printer.result(
        [
          `Artifacts written to ${options.output}`,
          `Effective schema hash: ${result.info.effectiveSchemaHash}`,
          `Resource key count: ${result.info.resourceKeyCount}`,
          'Files written:',
          ...files.map((file) => `  ${file}`),
        ],
        {
          command: 'emit',
          output: options.output,
          effectiveSchemaHash: result.info.effectiveSchemaHash,
          resourceKeyCount: result.info.resourceKeyCount,
          files: result.artifacts.map(({ file, bytes, sha256 }) => ({ name: path.basename(file), bytes, sha256 })),
        },
      );
    });
}

function addHash(program: Command, printerFor: PrinterFor): void {
  program
    .command('hash')
    .summary('print the fingerprint of a schema set')
    .description('Prints the EffectiveSchemaHash of ApiSchema files on a line of its own.')
    .requiredOption(...schemaOption)
    .option(...jsonOption)
    .addHelpText('after', '\nExample:\n  dms-ddl hash --schema core/ApiSchema.json')
    .action(async (options: { schema: string[]; json?: boolean }) => {
      const info = await hashSchemas(options.schema);
      printerFor(options).result([info.effectiveSchemaHash], {
        command: 'hash',
        effectiveSchemaHash: info.effectiveSchemaHash,
        resourceKeySeedHash: Buffer.from(info.resourceKeySeedHash).toString('hex'),
        resourceKeyCount: info.resourceKeyCount,
        projects: info.schemaComponents,
      });
    });
}

function addConvert(program: Command, printerFor: PrinterFor): void {
  program
    .command('convert')
    .summary('convert a file of the wrapped older format')
    .description(
      'Converts an ApiSchema file of the older format (projects under "projectSchemas") into one file of the current format\n' +
        'per project, and reports what had to be guessed and what was lost. A supplement can give what the old format lacks.',
    )
    .argument('<file>', 'the file to convert', pathArgument)
    .requiredOption('--output <dir>', 'folder for ApiSchema-<endpoint>.json; it must hold nothing else', pathArgument)
    .option(
      '--supplement <file>',
      'members to add: { "<endpoint>": { "decimalPropertyValidationInfos": […], "integerFormats": {…} } }',
      pathArgument,
    )
    .option(...jsonOption)
    .addHelpText('after', '\nExample:\n  dms-ddl convert old/ApiSchema.json --output converted')
    .action(async (file: string, options: { output: string; supplement?: string; json?: boolean }) => {
      const printer = printerFor(options);
      const { artifacts, report } = await convert({
        source: file,
        outputDirectory: options.output,
        ...(options.supplement === undefined ? {} : { supplement: options.supplement }),
      });
      for (const entry of report.warnings) printer.diagnostic(entry);
      printer.result(
        [
          ...artifacts.map((artifact) => `Written: ${artifact.file}`),
          ...Object.entries(report.counts).map(([member, count]) => `Derived ${member}: ${count}`),
          ...report.notes.map((note) => `  ${note}`),
        ],
        { command: 'convert', files: artifacts.map((artifact) => artifact.file), counts: report.counts, notes: report.notes },
      );
    });
}

/** Adds all commands in the order in which help lists them. */
export function addCommands(program: Command, printerFor: PrinterFor): void {
  addEmit(program, printerFor);
  addHash(program, printerFor);
  addConvert(program, printerFor);
}
