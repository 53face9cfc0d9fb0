import { counted, fail } from '@dms/diagnostics';
import { type EmittedArtifact, emittedArtifactNames, type SchemaInput, type SqlDialect } from '@dms/operations';
import { type Command, InvalidArgumentError } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { check, type EmitRun, emit } from '../operations/emit.ts';
import { outputArgument } from '../options/arguments.ts';
import { configArgument, configOf } from '../options/config-argument.ts';
import { dialectsOption } from '../options/dialect-option.ts';
import type { JsonOption } from '../options/json-option.ts';
import { type MappingVersionOption, mappingVersionOption } from '../options/mapping-version-option.ts';
import { schemaOption } from '../options/schema-option.ts';
import type { Printer } from '../output/printer.ts';

type EmitCommandOptions = JsonOption &
  MappingVersionOption & {
    readonly schema?: readonly SchemaInput[];
    readonly output?: string;
    readonly dialect?: readonly SqlDialect[];
    readonly only?: readonly EmittedArtifact[];
    readonly check?: boolean;
  };

/** `script,plans`, `script plans` and `--only script --only plans` mean the same. */
function collectArtifact(value: string, previous: readonly EmittedArtifact[] = []): EmittedArtifact[] {
  const names = value.split(',').map((name) => {
    const found = emittedArtifactNames.find((each) => each === name.trim());
    if (found === undefined) throw new InvalidArgumentError(`It must be one of: ${emittedArtifactNames.join(', ')}.`);
    return found;
  });
  return [...new Set([...previous, ...names])];
}

const [dialectFlags, , dialectsArgument] = dialectsOption;

/** Adds `dms-ddl emit`. */
export function addEmit(program: Command, { printerFor }: CommandContext): void {
  const command = program
    .command('emit')
    .summary('write the SQL scripts and all other artifacts of a schema set')
    .description(
      'Compiles ApiSchema files into a relational backend and writes every artifact into one folder: ' +
        'the fingerprint, models, inventories, plans, SQL scripts, catalogs and manifests. No database is needed.',
    )
    .argument(...configArgument)
    .option(...schemaOption)
    .addOption(mappingVersionOption())
    .option('--output <dir>', 'folder for the artifacts; it must be new, empty, or hold artifacts only', outputArgument)
    .option(
      dialectFlags,
      'pgsql, mssql, or both as in pgsql,mssql (default: those of the dms.json, otherwise both)',
      dialectsArgument,
    )
    .option(
      '--only <artifact...>',
      `write these artifacts and their manifests alone: ${emittedArtifactNames.join(', ')} (default: all)`,
      collectArtifact,
    )
    .option('--check', 'write nothing; fail if the folder does not hold exactly what emit would write')
    .addHelpText(
      'after',
      '\nWith a dms.json the artifacts go where the targets of Nx write them, unless --output says otherwise.\n' +
        '\nExample:\n  dms-ddl emit --schema core/ApiSchema.json --schema ext/ApiSchema.json --output out --dialect pgsql',
    )
    .action(async (config: string | undefined, options: EmitCommandOptions) => {
      const printer = printerFor(options);
      const work = await emitOptions(config, options, command);
      const run = { ...work, onProgress: (part: string) => printer.progress(`${part} …`) };
      await (options.check ? compare(run, printer) : write(run, printer)).finally(() => printer.endProgress());
    });
}

async function emitOptions(config: string | undefined, options: EmitCommandOptions, command: Command): Promise<EmitRun> {
  const set = await configOf(config, options, command);
  const schemas = options.schema ?? set?.schemas;
  const output = options.output ?? set?.outputDirectory;
  if (schemas === undefined) return command.error("error: a dms.json or option '--schema <file...>' must be given");
  if (output === undefined) return command.error("error: required option '--output <dir>' not specified");
  return {
    schemas,
    output,
    dialects: options.dialect ?? set?.dialects,
    only: options.only ?? set?.emit.only,
    mappingVersion: options.mappingVersion ?? set?.mappingVersion,
  };
}

async function write(options: EmitRun, printer: Printer): Promise<void> {
  const { diagnostics, ...result } = await emit(options);
  printer.endProgress();
  for (const entry of diagnostics) printer.diagnostic(entry);
  const lines = [
    `Artifacts written to ${result.output}`,
    `Effective schema hash: ${result.effectiveSchemaHash}`,
    `Resource key count: ${result.resourceKeyCount}`,
    'Files written:',
    ...result.files.map(({ name }) => `  ${name}`),
  ];
  printer.result(lines, { command: 'emit', ...result });
}

async function compare(options: EmitRun, printer: Printer): Promise<void> {
  const { diagnostics, ...result } = await check(options);
  printer.endProgress();
  for (const entry of diagnostics) printer.diagnostic(entry);
  const { changes, compared, output } = result;
  const lines = changes.map(({ name, kind }) => `${kind.padEnd(7)}  ${name}`);
  const current = `The ${counted(compared, 'artifact')} in ${output} are what emit writes.`;
  printer.result(lines.length === 0 ? [current] : lines, { command: 'emit', check: true, ...result });
  if (changes.length === 0) return;
  const counts = (['added', 'changed', 'removed'] as const)
    .map((kind) => ({ kind, count: changes.filter((change) => change.kind === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${count} ${kind}`);
  const message = `${output} differs from what emit writes now: ${counts.join(', ')}. Run the command without --check to write it.`;
  const details = { folder: output, changes: changes.map(({ name, kind }) => ({ name, kind })) };
  fail('ARTIFACTS_OUT_OF_DATE', message, {}, details);
}
