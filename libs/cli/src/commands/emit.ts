import path from 'node:path';
import { dialects, emit, type SqlDialect } from '@dms/pipeline';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { pathArgument } from '../options/arguments.ts';
import { dialectsOption } from '../options/dialect-option.ts';
import { type JsonOption, jsonOption } from '../options/json-option.ts';
import { schemaOption } from '../options/schema-option.ts';

/** Adds `dms-ddl emit`. */
export function addEmit(program: Command, { printerFor }: CommandContext): void {
  program
    .command('emit')
    .summary('write the SQL scripts and all other artifacts of a schema set')
    .description(
      'Compiles ApiSchema files into a relational backend and writes every artifact into one folder:\n' +
        'the fingerprint, models, inventories, SQL scripts, catalogs and manifests. No database is needed.',
    )
    .requiredOption(...schemaOption)
    .requiredOption('--output <dir>', 'folder for the artifacts; it must be new, empty, or hold artifacts only', pathArgument)
    .option(...dialectsOption)
    .option(...jsonOption)
    .addHelpText(
      'after',
      '\nExample:\n  dms-ddl emit --schema core/ApiSchema.json --schema ext/ApiSchema.json --output out --dialect pgsql',
    )
    .action(async (options: { schema: string[]; output: string; dialect?: SqlDialect[] } & JsonOption) => {
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
