import type { MappingSetSource } from '@dms/pipeline';
import { type Command, Option } from 'commander';
import { pathArgument } from './arguments.ts';

/** Where a command that only executes plans finds them. */
export interface PlanSourceOptions {
  readonly artifacts?: string;
  readonly pack?: string;
}

/** Adds `--artifacts` and `--pack`, of which a command needs one: a pack is enough where no identity is computed (design 08 §12.3). */
export function addPlanSourceOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--artifacts <dir>', 'folder of artifacts, as emit writes it').argParser(pathArgument).conflicts('pack'),
    )
    .addOption(new Option('--pack <file>', 'mapping pack, as pack build writes it').argParser(pathArgument));
}

/** The source that the options name; ends the command as wrong use where they name none. */
export function planSourceOf({ artifacts, pack }: PlanSourceOptions, command: Command): MappingSetSource {
  if (artifacts !== undefined) return { kind: 'artifacts', folder: artifacts };
  if (pack !== undefined) return { kind: 'pack', file: pack };
  return command.error("error: one of the options '--artifacts <dir>' and '--pack <file>' must be given");
}
