import { dialects, type SqlDialect } from '@dms/pipeline';
import { type Command, InvalidArgumentError } from 'commander';
import { dialectArgument } from './arguments.ts';

/** `pgsql,mssql`, `pgsql mssql` and `--dialect pgsql --dialect mssql` mean the same. */
function collectDialect(value: string, previous: readonly SqlDialect[] = []): SqlDialect[] {
  const names = value.split(',').map((name) => name.trim());
  if (names.length === 1 && /[./\\]/.test(value)) {
    throw new InvalidArgumentError(`It must be one of: ${dialects.join(', ')}. Files stand before the options.`);
  }
  return [...new Set([...previous, ...names.map(dialectArgument)])];
}

/** `--dialect <name...>` of commands that work for several dialects. */
export const dialectsOption = [
  '--dialect <name...>',
  'pgsql, mssql, or both as in pgsql,mssql (default: both)',
  collectDialect,
] as const;

/** `--dialect <name>` of commands that work on one database. */
export const dialectOption = ['--dialect <name>', 'pgsql or mssql', dialectArgument] as const;

/** The same for commands that also work on a fleet, which names its dialect itself. */
export const fleetDialectOption = [
  '--dialect <name>',
  'pgsql or mssql; required, except with --fleet, which names it',
  dialectArgument,
] as const;

/** The dialect of a run on one database. Ends the command as wrong use where none is named. */
export function requiredDialectOf({ dialect }: { readonly dialect?: SqlDialect }, command: Command): SqlDialect {
  return dialect ?? command.error(`error: required option '${dialectOption[0]}' not specified`);
}

/** The same for commands that take it from artifacts. */
export const artifactsDialectOption = [
  '--dialect <name>',
  'pgsql or mssql (default: the dialect of the artifacts; pgsql if they have both)',
  dialectArgument,
] as const;

/** The same for commands that may take it from a pack. */
export const planDialectOption = [
  '--dialect <name>',
  'pgsql or mssql (default: the dialect of the artifacts or the pack; pgsql if they have both)',
  dialectArgument,
] as const;
