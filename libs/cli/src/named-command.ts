import { nearNames } from '@dms/diagnostics';
import type { Command } from 'commander';

const isWord = (arg: string | undefined): arg is string => arg !== undefined && !arg.startsWith('-');

/** Ends the program as wrong use: the word is not a command of `command`. */
function unknown(command: Command, word: string): never {
  const [near] = nearNames(
    word,
    command.commands.map((each) => each.name()),
  );
  const hint = near === undefined ? '' : `\n(Did you mean ${near}?)`;
  return command.error(`error: unknown command '${word}'${hint}`, { code: 'commander.unknownCommand' });
}

/**
 * The arguments in the form that commander parses: `help upgrade apply` becomes `upgrade apply --help`. Ends the program as
 * wrong use where the words before the options lead to no command, even with `--help`, which would otherwise print the help of
 * another command.
 */
export function commandArguments(program: Command, args: readonly string[]): readonly string[] {
  let command = program;
  let asksForHelp = false;
  let count = 0;
  for (let word = args[0]; isWord(word) && command.commands.length > 0; word = args[count]) {
    count += 1;
    if (word === 'help') {
      asksForHelp = true;
      continue;
    }
    command = command.commands.find((each) => each.name() === word) ?? unknown(command, word);
  }
  if (!asksForHelp) return args;
  const rest = args.slice(count);
  const [surplus] = rest.filter(isWord);
  if (surplus !== undefined) unknown(command, surplus);
  return [...args.slice(0, count).filter((word) => word !== 'help'), ...rest, '--help'];
}
