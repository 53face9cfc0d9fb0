import type { Command } from 'commander';
import { pathArgument, repeatedText } from './arguments.ts';

/** Adds the options that say what has been renamed from the earlier to the later schemas (design 12 §11). */
export const addRenameOptions = (command: Command): Command =>
  command
    .option(
      '--rename <before=after>',
      'a rename of a Project, Project:Resource or Project:Resource.$.path, with full names on both sides (repeatable)',
      repeatedText,
    )
    .option('--renames <file>', 'a file of renames', pathArgument);
