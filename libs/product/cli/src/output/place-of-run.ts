import { isThere } from '@dms/files';
import type { Command } from 'commander';
import { configPath } from '../commands/run-input.ts';

/** The options that name what a command works on; the first of them that exists is the place of the run. */
const placeOptions = ['schema', 'artifacts', 'pack', 'after', 'before', 'fleet', 'translation'] as const;

/**
 * The file or folder that a command works on: its `dms.json`, the first schema file, the folder of artifacts, a file
 * that it is given. It is the place of diagnostics that name none, because code hosts refuse a log with a result that
 * has no place. Undefined if the command works on a database alone.
 */
export function placeOfRun(command: Command): string | undefined {
  const options: Readonly<Record<string, unknown>> = command.opts();
  const [first] = command.registeredArguments;
  const given = first?.name() === 'config' ? { config: command.processedArgs[0] } : {};
  const takesConfig = 'config' in given || command.options.some(({ long }) => long === '--config');
  const config = takesConfig ? configPath({ ...options, ...given }) : undefined;
  const places = [config, ...placeOptions.map((name) => options[name]), ...command.args];
  return places.flat().find((place): place is string => typeof place === 'string' && isThere(place));
}
