import { isConnectionText, type SchemaInput, type StandaloneMappingSet } from '@dms/pipeline';
import type { Command } from 'commander';
import { pathArgument } from './arguments.ts';

/** `[config]`: a `dms.json` that replaces the options for schemas. */
export const configArgument = [
  '[config]',
  'a dms.json, which names the schemas, dialects and databases',
  pathArgument,
] as const;

export const takesConfig = (command: Command): boolean =>
  command.registeredArguments.some((argument) => argument.name() === 'config');

/** Reads the `dms.json` of a command; undefined when none is given. Throws the codes of `readMappingSet`. */
export async function configOf(
  config: string | undefined,
  { schema }: { readonly schema?: readonly SchemaInput[] | undefined },
  command: Command,
): Promise<StandaloneMappingSet | undefined> {
  if (config === undefined) return undefined;
  // not shown: it may contain a password
  if (isConnectionText(config))
    return command.error('error: the argument is a connection, not a dms.json; use an option to give a connection');
  if (schema !== undefined)
    return command.error("error: a dms.json names the schemas; give it, or options '--schema <file...>'");
  const { readMappingSet } = await import('./read-config.ts');
  return readMappingSet(config);
}
