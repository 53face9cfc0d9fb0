import { holdsConnection, sourceNames } from '@dms/operations';
import type { Command } from 'commander';
import { usage } from '../exit-codes.ts';

/** The options whose value is a connection. */
const connectionOptions: readonly string[] = Object.values(sourceNames).map(({ connection }) => connection);

/**
 * Ends the program as wrong use if an argument is a connection, or may hold a password, and belongs elsewhere: a
 * message, or a path made from the argument, would show it. The message names its option and does not show the value.
 */
export function refuseMisplacedConnection(program: Command, args: readonly string[]): void {
  const options = optionsOf(program).filter(({ required, optional }) => required || optional);
  const isOption = (flag: string) => options.some(({ long, short }) => flag === long || flag === short);
  for (const [index, arg] of args.entries()) {
    const { option, value } = readArgument(arg, args[index - 1], isOption);
    const known = options.find(({ long, short }) => option !== undefined && (option === long || option === short));
    // the message about an unknown option does not show its value
    if (option !== undefined && (known === undefined || connectionOptions.includes(option))) continue;
    if (!holdsConnection(value)) continue;
    const place = option === undefined ? 'an argument' : `option '${known?.flags ?? option}'`;
    const takes = options.some(({ long }) => long === sourceNames.database.connection)
      ? `; the options for connections are ${Object.values(sourceNames.database).join(', ')}`
      : '';
    program.error(
      `error: ${place} has a connection or a password, which does not belong there${takes}`,
      usage('OPTION_INVALID'),
    );
  }
}

const optionsOf = (command: Command): Command['options'] => [
  ...command.options,
  ...command.commands.flatMap(optionsOf),
];

/** An option and its value in one argument. */
const withValue = /^(--?[A-Za-z][\w-]*)=(.*)$/s;

/** The value of an argument, and its option if that can be recognized. */
function readArgument(arg: string, before: string | undefined, isOption: (flag: string) => boolean) {
  const [, option, value = ''] = withValue.exec(arg) ?? [];
  if (option !== undefined) return { option, value };
  return { option: before !== undefined && isOption(before) ? before : undefined, value: arg };
}
