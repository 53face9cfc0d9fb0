import { isConnectionText, type SchemaInput, type StandaloneMappingSet } from '@dms/pipeline';
import type { Command } from 'commander';
import { pathArgument } from './arguments.ts';

/** `[config]`: a `dms.json` that says what is compiled, in place of options. */
export const configArgument = [
  '[config]',
  'a dms.json, which names the schemas, dialects and databases',
  pathArgument,
] as const;

export const takesConfig = (command: Command): boolean =>
  command.registeredArguments.some((argument) => argument.name() === 'config');

/** Reads the `dms.json` that a command was given; nothing when there is none. Throws the codes of `readMappingSet`. */
export async function configOf(
  config: string | undefined,
  { schema }: { readonly schema?: readonly SchemaInput[] | undefined },
  command: Command,
): Promise<StandaloneMappingSet | undefined> {
  if (config === undefined) return undefined;
  // not named: there may be a password in it
  if (isConnectionText(config))
    return command.error('error: the argument is a connection, and not a dms.json; a connection is given with an option');
  if (schema !== undefined)
    return command.error("error: a dms.json names the schemas; give it, or options '--schema <file...>'");
  const { readMappingSet } = await import('./read-config.ts');
  return readMappingSet(config);
}
