import path from 'node:path';
import { isThere, statsAt } from '@dms/files';
import { isConnectionText, type SchemaInput, type StandaloneMappingSet } from '@dms/operations';
import type { Command } from 'commander';
import { pathArgument } from './arguments.ts';

/** `[config]`: a `dms.json` that replaces the options for schemas. */
export const configArgument = [
  '[config]',
  'a dms.json, or its folder: names the schemas, dialects and databases (default: the dms.json of the current folder)',
  pathArgument,
] as const;

export const takesConfig = (command: Command): boolean =>
  command.registeredArguments.some((argument) => argument.name() === 'config');

const configFile = 'dms.json';

interface SourcesOfCommand {
  readonly schema?: readonly SchemaInput[] | undefined;
  readonly artifacts?: string | undefined;
}

/** The `dms.json` to use: the named file, the one in a named folder, or the one in the current folder if no option names a source. */
function configPath(config: string | undefined, { schema, artifacts }: SourcesOfCommand): string | undefined {
  if (config === undefined)
    return schema === undefined && artifacts === undefined && isThere(configFile) ? configFile : undefined;
  return statsAt(config)?.isDirectory() ? path.join(config, configFile) : config;
}

/** Reads the `dms.json` of a command; undefined when there is none. */
export async function configOf(
  given: string | undefined,
  sources: SourcesOfCommand,
  command: Command,
): Promise<StandaloneMappingSet | undefined> {
  const config = configPath(given, sources);
  if (config === undefined) return undefined;
  // not shown: it may contain a password
  if (isConnectionText(config))
    return command.error('error: the argument is a connection, not a dms.json; use an option to give a connection');
  if (sources.schema !== undefined)
    return command.error("error: a dms.json names the schemas; give it, or options '--schema <file...>'");
  const { readMappingSet } = await import('./read-config.ts');
  return readMappingSet(config);
}
