import { listedOperations, operations } from '@dms/operations';
import type { Command } from 'commander';
import { addCommand, groupedHelp } from './help.ts';
import type { CommandContext } from './operation-command.ts';

/** The options that print the version, which need no command. */
export const versionOptions = ['-V', '--version'];

/** The command of a family whose subcommands begin with a word, or the program. */
function parentOf(program: Command, word: string): Command {
  const family = operations[word]?.family;
  return family === undefined
    ? program
    : addCommand(program, { name: word, ...family }).description(family.description);
}

const addCompletion = async (program: Command, context: CommandContext) =>
  (await import('./completion.ts')).addCompletion(program, context);

/** Adds commands with their work: those that begin with `word`, or all. */
export async function addCommands(program: Command, context: CommandContext, word?: string): Promise<void> {
  program.configureHelp(groupedHelp);
  const { addOperation } = await import('./operation-command.ts');
  for (const each of word === undefined ? Object.keys(operations) : [word]) {
    const parent = parentOf(program, each);
    for (const operation of (await operations[each]?.load()) ?? []) addOperation(parent, operation, context);
  }
  if (word === undefined) await addCompletion(program, context);
}

/** Adds all commands as a list for the help of the program; only `completion` has its work. */
async function listCommands(program: Command, context: CommandContext): Promise<void> {
  program.configureHelp(groupedHelp);
  const all = await listedOperations();
  for (const word of Object.keys(operations)) {
    const parent = parentOf(program, word);
    for (const operation of all.filter(({ name }) => name.split(' ')[0] === word)) addCommand(parent, operation);
  }
  await addCompletion(program, context);
}

/**
 * Adds the commands that a run with these arguments needs: the command that they begin with, so that the others are not
 * loaded; all commands with their work for `completion`; otherwise all commands as a list, and none for the version.
 */
export async function addCommandsFor(
  program: Command,
  context: CommandContext,
  args: readonly string[],
): Promise<void> {
  const first = args.find((word) => word !== 'help' && word !== '--') ?? '';
  if (versionOptions.includes(first)) return;
  if (first === 'completion') await addCommands(program, context);
  else if (Object.hasOwn(operations, first)) await addCommands(program, context, first);
  else await listCommands(program, context);
}
