import type { MappingSetSource } from '@dms/operations';
import { type Command, Option } from 'commander';
import { pathArgument } from './arguments.ts';
import { addSourceOptions, type SourceOptions, sourceOf } from './source-options.ts';

/** Where a command that only runs plans finds them. */
export interface PlanSourceOptions extends SourceOptions {
  readonly pack?: string;
}

/**
 * Adds `--schema`, `--artifacts` and `--pack`; a command needs one of them. A pack is enough where no identity is computed
 * (design 08 §12.3).
 */
export function addPlanSourceOptions(command: Command): Command {
  return addSourceOptions(command).addOption(
    new Option('--pack <file>', 'mapping pack, as pack build writes it')
      .argParser(pathArgument)
      .conflicts(['schema', 'artifacts', 'mappingVersion']),
  );
}

/** The source that the options name. Ends the command as wrong use where they name none. */
export function planSourceOf({ pack, ...options }: PlanSourceOptions, command: Command): MappingSetSource {
  return pack === undefined ? sourceOf(options, command) : { kind: 'pack', file: pack };
}
