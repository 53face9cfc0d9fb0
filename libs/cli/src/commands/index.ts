import { operations } from '@dms/operations';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { groupedHelp, inGroup } from './help-groups.ts';
import { addOperation } from './operation-command.ts';

/** The options that print the version, which need no command. */
export const versionOptions = ['-V', '--version'];

/**
 * Adds the command that `args` begin with, so that the other commands are not loaded. Adds all commands if `args` begin
 * with no command, and for `completion`, which needs them all. Adds none for the version.
 */
export async function addCommands(
  program: Command,
  context: CommandContext,
  args: readonly string[] = [],
): Promise<void> {
  const [first = ''] = args;
  if (versionOptions.includes(first)) return;
  program.configureHelp(groupedHelp);
  const chosen = Object.hasOwn(operations, first) ? [first] : Object.keys(operations);
  for (const word of chosen) {
    const { family, load } = operations[word] ?? {};
    const parent =
      family === undefined ? program : program.command(word).summary(family.summary).description(family.description);
    if (family !== undefined) inGroup(parent, family.group);
    for (const operation of (await load?.()) ?? []) addOperation(parent, operation, context);
  }
  if (chosen.length > 1) (await import('./completion.ts')).addCompletion(program, context);
}
