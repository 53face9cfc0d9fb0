import type { Command } from 'commander';

/**
 * Lets commander parse a command that lacks options or arguments: it would tell the first of them alone. The help stays
 * as it is.
 */
export function leaveMissing(command: Command): void {
  command.usage(command.usage());
  for (const option of command.options) option.makeOptionMandatory(false);
  for (const argument of command.registeredArguments) if (argument.argChoices === undefined) argument.argOptional();
}
