import {
  type DatabaseSource,
  dialects,
  dialectsOfArtifacts,
  type SqlDialect,
  type StandaloneMappingSet,
} from '@dms/operations';
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
  'pgsql, mssql, or both as in pgsql,mssql (default: those of the artifacts or the dms.json, otherwise both)',
  collectDialect,
] as const;

/** `--dialect <name>` of commands that work on one database. */
export const dialectOption = ['--dialect <name>', 'pgsql or mssql', dialectArgument] as const;

/** The same for commands that also work on a fleet, which names its dialect itself. */
export const fleetDialectOption = [
  '--dialect <name>',
  'pgsql or mssql (default: the dialect of the artifacts, the dms.json or the fleet, where it is one)',
  dialectArgument,
] as const;

/** The dialects of a command that is called without `--dialect`: those of its artifacts or of its `dms.json`; empty where neither tells. */
export async function knownDialects(
  source: DatabaseSource,
  config: StandaloneMappingSet | undefined,
): Promise<readonly SqlDialect[]> {
  return source.kind === 'artifacts' ? dialectsOfArtifacts(source.folder) : (config?.dialects ?? []);
}

/** The dialect of a run on one database. Ends the command as wrong use where none is named and more than one is possible. */
export async function requiredDialectOf(
  { dialect }: { readonly dialect?: SqlDialect },
  command: Command,
  source?: DatabaseSource,
  config?: StandaloneMappingSet | undefined,
): Promise<SqlDialect> {
  if (dialect !== undefined) return dialect;
  const known = source === undefined ? [] : await knownDialects(source, config);
  const named = known.length > 1 ? known.filter((each) => config?.databases[each] !== undefined) : known;
  const [only, ...others] = named;
  if (only !== undefined && others.length === 0) return only;
  const reason = known.length > 1 ? `: there are ${known.join(' and ')}` : '';
  return command.error(`error: required option '${dialectOption[0]}' not specified${reason}`);
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
