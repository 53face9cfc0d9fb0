import path from 'node:path';
import { fail } from '@dms/diagnostics';
import { compareEmitted, dialects, type EmitOptions, emit, type SchemaInput, type SqlDialect } from '@dms/pipeline';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { pathArgument } from '../options/arguments.ts';
import { configArgument, configOf } from '../options/config-argument.ts';
import { dialectsOption } from '../options/dialect-option.ts';
import type { JsonOption } from '../options/json-option.ts';
import { schemaOption } from '../options/schema-option.ts';
import type { Printer } from '../output/printer.ts';

type EmitCommandOptions = JsonOption & {
  readonly schema?: readonly SchemaInput[];
  readonly output?: string;
  readonly dialect?: readonly SqlDialect[];
  readonly check?: boolean;
};

/** Adds `dms-ddl emit`. */
export function addEmit(program: Command, { printerFor }: CommandContext): void {
  const command = program
    .command('emit')
    .summary('write the SQL scripts and all other artifacts of a schema set')
    .description(
      'Compiles ApiSchema files into a relational backend and writes every artifact into one folder:\n' +
        'the fingerprint, models, inventories, plans, SQL scripts, catalogs and manifests. No database is needed.',
    )
    .argument(...configArgument)
    .option(...schemaOption)
    .option('--output <dir>', 'folder for the artifacts; it must be new, empty, or hold artifacts only', pathArgument)
    .option(...dialectsOption)
    .option('--check', 'write nothing; fail when the folder does not hold what would be written')
    .addHelpText(
      'after',
      '\nWith a dms.json the artifacts go where the targets of Nx write them, unless --output says otherwise.\n' +
        '\nExample:\n  dms-ddl emit --schema core/ApiSchema.json --schema ext/ApiSchema.json --output out --dialect pgsql',
    )
    .action(async (config: string | undefined, options: EmitCommandOptions) => {
      const printer = printerFor(options);
      const work = await emitOptions(config, options, command);
      const run = { ...work, onProgress: (part: string) => printer.progress(`${part} …`) };
      await (options.check ? check(run, printer) : write(run, printer)).finally(() => printer.endProgress());
    });
}

async function emitOptions(config: string | undefined, options: EmitCommandOptions, command: Command): Promise<EmitOptions> {
  const set = await configOf(config, options, command);
  const schemas = options.schema ?? set?.schemas;
  const outputDirectory = options.output ?? set?.outputDirectory;
  if (schemas === undefined) return command.error("error: a dms.json or option '--schema <file...>' must be given");
  if (outputDirectory === undefined) return command.error("error: required option '--output <dir>' not specified");
  return { schemas, outputDirectory, dialects: options.dialect ?? set?.dialects ?? dialects };
}

async function write(options: EmitOptions, printer: Printer): Promise<void> {
  const result = await emit(options);
  printer.endProgress();
  for (const entry of result.diagnostics) printer.diagnostic(entry);
  const { effectiveSchemaHash, resourceKeyCount } = result.info;
  printer.result(
    [
      `Artifacts written to ${options.outputDirectory}`,
      `Effective schema hash: ${effectiveSchemaHash}`,
      `Resource key count: ${resourceKeyCount}`,
      'Files written:',
      ...result.artifacts.map(({ file }) => `  ${path.basename(file)}`),
    ],
    {
      command: 'emit',
      output: options.outputDirectory,
      effectiveSchemaHash,
      resourceKeyCount,
      files: result.artifacts.map(({ file, bytes, sha256 }) => ({ name: path.basename(file), bytes, sha256 })),
    },
  );
}

async function check(options: EmitOptions, printer: Printer): Promise<void> {
  const { changes, compared, info, diagnostics } = await compareEmitted(options);
  printer.endProgress();
  for (const entry of diagnostics) printer.diagnostic(entry);
  const folder = options.outputDirectory;
  printer.result(
    changes.length === 0
      ? [`The ${compared} artifacts in ${folder} are what emit writes.`]
      : changes.map(({ name, kind }) => `${kind.padEnd(7)}  ${name}`),
    { command: 'emit', check: true, output: folder, effectiveSchemaHash: info.effectiveSchemaHash, compared, changes },
  );
  if (changes.length === 0) return;
  const counts = (['added', 'changed', 'removed'] as const)
    .map((kind) => ({ kind, count: changes.filter((change) => change.kind === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${count} ${kind}`);
  const message = `${folder} is not what emit writes now: ${counts.join(', ')}. Run the command without --check to write it.`;
  const details = { folder, changes: changes.map(({ name, kind }) => ({ name, kind })) };
  fail('ARTIFACTS_OUT_OF_DATE', message, {}, details);
}
