import { diagnostic } from '@dms/diagnostics';
import { findSchemas } from '@dms/operations';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { type JsonOption, jsonOption } from '../options/json-option.ts';
import { collectFile } from '../options/schema-option.ts';

const leftOut = (file: string) =>
  diagnostic('INPUT_LEGACY_LEFT_OUT', `${file} has an older format and is left out; dms-ddl convert writes a file to use.`, {
    file,
  });

/** Adds `dms-ddl schemas`. */
export function addSchemas(program: Command, { printerFor }: CommandContext): void {
  program
    .command('schemas')
    .summary('find the ApiSchema files of installed packages')
    .description(
      'Finds the ApiSchema files in folders, such as packages that were installed or unpacked, and prints a dms.json that names them. ' +
        'Two versions of one project are an error: name the folder of one.',
    )
    .argument('<folder...>', 'folders with ApiSchema files, at any depth', collectFile)
    .option(...jsonOption)
    .addHelpText(
      'after',
      '\nExample:\n  dms-ddl schemas packages/EdFi.DataStandard52.ApiSchema > dms.json\n  dms-ddl emit dms.json',
    )
    .action(async (folders: readonly string[], options: JsonOption) => {
      const printer = printerFor(options);
      const { schemas, older } = await findSchemas(folders);
      for (const { file, project, version, isExtension } of schemas)
        printer.hint(`${project} ${version}, ${isExtension ? 'an extension' : 'a core'}: ${file}`);
      for (const file of older) printer.diagnostic(leftOut(file));
      const set = { schemas: schemas.map(({ file }) => file.replaceAll('\\', '/')) };
      printer.answer(JSON.stringify(set, null, 2).split('\n'), { command: 'schemas', set, schemas, older });
    });
}
