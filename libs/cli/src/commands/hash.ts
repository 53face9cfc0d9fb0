import type { SchemaInput } from '@dms/operations';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { hash } from '../operations/hash.ts';
import { configArgument, configOf } from '../options/config-argument.ts';
import type { JsonOption } from '../options/json-option.ts';
import { type MappingVersionOption, mappingVersionOption } from '../options/mapping-version-option.ts';
import { schemaOption } from '../options/schema-option.ts';

type HashCommandOptions = JsonOption & MappingVersionOption & { readonly schema?: readonly SchemaInput[] };

/** Adds `dms-ddl hash`. */
export function addHash(program: Command, { printerFor }: CommandContext): void {
  const command = program
    .command('hash')
    .summary('print the fingerprint of a schema set')
    .description('Prints the EffectiveSchemaHash of ApiSchema files on a line of its own.')
    .argument(...configArgument)
    .option(...schemaOption)
    .addOption(mappingVersionOption())
    .addHelpText('after', '\nExample:\n  dms-ddl hash --schema core/ApiSchema.json')
    .action(async (config: string | undefined, options: HashCommandOptions) => {
      const set = await configOf(config, options, command);
      const schemas = options.schema ?? set?.schemas;
      if (schemas === undefined) return command.error("error: a dms.json or option '--schema <file...>' must be given");
      const result = await hash({ schemas, mappingVersion: options.mappingVersion ?? set?.mappingVersion });
      printerFor(options).answer([result.effectiveSchemaHash], { command: 'hash', ...result });
    });
}
