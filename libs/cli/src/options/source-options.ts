import type { DatabaseSource, SchemaInput, StandaloneMappingSet } from '@dms/operations';
import { type Command, Option } from 'commander';
import { pathArgument } from './arguments.ts';
import { takesConfig } from './config-argument.ts';
import { type MappingVersionOption, mappingVersionOption } from './mapping-version-option.ts';
import { schemaOption } from './schema-option.ts';

/** The options that say what a database should hold: ApiSchema files, or the artifacts made from them. */
export interface SourceOptions extends MappingVersionOption {
  readonly schema?: readonly SchemaInput[];
  readonly artifacts?: string;
}

/** Adds `--schema` and `--artifacts` (a command needs one of them), and `--mapping-version` for schemas. */
export function addSourceOptions(command: Command): Command {
  const [flags, description, collect] = schemaOption;
  return command
    .addOption(new Option(flags, description).argParser(collect).conflicts('artifacts'))
    .addOption(mappingVersionOption().conflicts('artifacts'))
    .addOption(new Option('--artifacts <dir>', 'folder of artifacts, as emit writes it').argParser(pathArgument));
}

/** The options that name a source; a command may have only some of them. */
const sources: readonly (string | undefined)[] = ['--schema', '--artifacts', '--pack'];

/**
 * The source that the options name, or the schemas of a `dms.json` where the command takes one. Ends the command as wrong use
 * where neither is given.
 */
export function sourceOf(
  { schema, artifacts, ...options }: SourceOptions,
  command: Command,
  config?: StandaloneMappingSet | undefined,
): DatabaseSource {
  const mappingVersion = options.mappingVersion ?? config?.mappingVersion;
  if (artifacts !== undefined) return { kind: 'artifacts', folder: artifacts };
  if (schema !== undefined) return { kind: 'schemas', files: schema, mappingVersion };
  if (config !== undefined) return { kind: 'schemas', files: config.schemas, mappingVersion };
  const flags = command.options.flatMap((option) => (sources.includes(option.long) ? [`'${option.flags}'`] : []));
  const named = `${flags.slice(0, -1).join(', ')} and ${flags.at(-1)}`;
  return command.error(`error: one of ${takesConfig(command) ? 'a dms.json and ' : ''}the options ${named} must be given`);
}
