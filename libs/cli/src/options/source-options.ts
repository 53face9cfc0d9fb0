import type { DatabaseSource } from '@dms/pipeline';
import { type Command, Option } from 'commander';
import { pathArgument } from './arguments.ts';
import { schemaOption } from './schema-option.ts';

/** What a database should hold: ApiSchema files, or the artifacts that were made from them. */
export interface SourceOptions {
  readonly schema?: readonly string[];
  readonly artifacts?: string;
}

/** Adds `--schema` and `--artifacts`, of which a command needs one. */
export function addSourceOptions(command: Command): Command {
  const [flags, description, collect] = schemaOption;
  return command
    .addOption(new Option(flags, description).argParser(collect).conflicts('artifacts'))
    .addOption(new Option('--artifacts <dir>', 'folder of artifacts, as emit writes it').argParser(pathArgument));
}

/** The source that the options name; ends the command as wrong use where they name none. */
export function sourceOf({ schema, artifacts }: SourceOptions, command: Command): DatabaseSource {
  if (artifacts !== undefined) return { kind: 'artifacts', folder: artifacts };
  if (schema !== undefined) return { kind: 'schemas', files: schema };
  return command.error("error: one of the options '--schema <file...>' and '--artifacts <dir>' must be given");
}
