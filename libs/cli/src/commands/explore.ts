import path from 'node:path';
import { explore } from '@dms/operations';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { outputArgument, pathArgument } from '../options/arguments.ts';
import { type JsonOption, jsonOption } from '../options/json-option.ts';
import { addRenameOptions } from '../options/rename-options.ts';

interface Options extends JsonOption {
  readonly artifacts: string;
  readonly before?: string;
  readonly output?: string;
  readonly open?: boolean;
  readonly rename?: readonly string[];
  readonly renames?: string;
}

/** Adds `dms-ddl explore`. */
export function addExplore(program: Command, { printerFor }: CommandContext): void {
  const command = program
    .command('explore')
    .summary('write a page that shows the model')
    .description(
      'Writes one HTML file that shows everything in a folder of artifacts: where each JSON path is stored, what refers to what, ' +
        'what a change of identity touches, why each index and trigger exists. It needs no server and loads nothing.',
    )
    .requiredOption('--artifacts <dir>', 'folder of artifacts, as emit writes it', pathArgument)
    .option('--before <dir>', 'artifacts of an earlier set: the page then shows the differences', pathArgument);
  addRenameOptions(command)
    .option('--output <file>', 'the page (default: model.html in the folder of the artifacts)', outputArgument)
    .option('--open', 'open the page in the browser')
    .option(...jsonOption)
    .addHelpText('after', '\nExample:\n  dms-ddl explore --artifacts out --before released --output model.html --open')
    .action(async ({ artifacts, before, output, open = false, rename, renames, ...options }: Options) => {
      const given = rename !== undefined ? '--rename <before=after>' : renames !== undefined ? '--renames <file>' : undefined;
      if (before === undefined && given !== undefined) command.error(`error: option '${given}' needs '--before <dir>'`);
      const printer = printerFor(options);
      const onProgress = (part: string) => printer.progress(`${part} …`);
      const file = await explore({ artifacts, before, output, rename, renames, onProgress }).finally(() =>
        printer.endProgress(),
      );
      printer.result([`Page written to ${file}`], { command: 'explore', file });
      if (!open) return;
      // loaded only here, so that other commands start faster
      const { default: openFile } = await import('open');
      await openFile(path.resolve(file)).catch((error: Error) => {
        printer.notice(`No browser could be started (${error.message}). Open the file in a browser yourself.`);
      });
    });
}
