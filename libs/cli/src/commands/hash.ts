import { hashSchemas } from '@dms/pipeline';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { type JsonOption, jsonOption } from '../options/json-option.ts';
import { schemaOption } from '../options/schema-option.ts';

/** Adds `dms-ddl hash`. */
export function addHash(program: Command, { printerFor }: CommandContext): void {
  program
    .command('hash')
    .summary('print the fingerprint of a schema set')
    .description('Prints the EffectiveSchemaHash of ApiSchema files on a line of its own.')
    .requiredOption(...schemaOption)
    .option(...jsonOption)
    .addHelpText('after', '\nExample:\n  dms-ddl hash --schema core/ApiSchema.json')
    .action(async (options: { schema: string[] } & JsonOption) => {
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
