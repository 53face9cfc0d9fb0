import { defaultConcurrency, type FleetOptions, type SqlDialect } from '@dms/operations';
import { type Command, Option } from 'commander';
import { countArgument, pathArgument, repeatedText } from './arguments.ts';

/** Options of a command that works on one database or on many (design 18 §2). */
export interface FleetCommandOptions {
  readonly fleet?: string;
  readonly only?: readonly string[];
  readonly concurrency?: number;
  readonly concurrencyPerServer?: number;
  readonly canary?: number;
  readonly maxFailures?: number;
}

export const fleetFlags = '--fleet <file>';

/** The options that are meaningful only with a fleet. */
const furtherOptions = (): readonly Option[] => [
  new Option('--only <name...>', 'databases of the fleet, by name or by label as in year=2026 (repeatable)').argParser(
    repeatedText,
  ),
  new Option('--concurrency <n>', `databases at the same time (default: ${defaultConcurrency})`).argParser(countArgument),
  new Option('--concurrency-per-server <n>', 'databases of one server at the same time').argParser(countArgument),
  new Option('--canary <n>', 'databases that come first; the others follow when all of these have succeeded').argParser(
    countArgument,
  ),
  new Option('--max-failures <n>', 'start no further database after this many failures').argParser(countArgument),
];

/** Adds `--fleet` and what belongs to it. */
export function addFleetOptions(
  command: Command,
  { conflicting = [] }: { readonly conflicting?: readonly string[] } = {},
): Command {
  command.addOption(
    new Option(fleetFlags, 'many databases: a fleet.json, or a dms.json with databases.fleet')
      .argParser(pathArgument)
      .conflicts(['connection', 'connectionEnv', 'connectionFile', ...conflicting]),
  );
  for (const option of furtherOptions()) command.addOption(option);
  return command;
}

/**
 * The fleet that the options name; undefined where they name none. Ends the command as wrong use where only a part of it is
 * given.
 */
export function fleetOf(
  {
    fleet,
    only,
    concurrency,
    concurrencyPerServer,
    canary,
    maxFailures,
    dialect,
  }: FleetCommandOptions & { dialect?: SqlDialect },
  command: Command,
): Omit<FleetOptions, 'signal' | 'onProgress'> | undefined {
  if (fleet !== undefined) {
    return { file: fleet, only, concurrency, concurrencyPerServer, canary, maxFailures, dialect, environment: process.env };
  }
  const alone = furtherOptions().find((option) => command.getOptionValue(option.attributeName()) !== undefined);
  if (alone) command.error(`error: option '${alone.flags}' needs '${fleetFlags}'`);
  return undefined;
}
