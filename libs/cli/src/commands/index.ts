import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { addCheck } from './check.ts';
import { addCompletion } from './completion.ts';
import { addConvert } from './convert.ts';
import { addDiagram } from './diagram.ts';
import { addDump } from './dump.ts';
import { addEmit } from './emit.ts';
import { addExplore } from './explore.ts';
import { addGet } from './get.ts';
import { addHash } from './hash.ts';
import { addImpact } from './impact.ts';
import { addInspect } from './inspect.ts';
import { addLoad } from './load.ts';
import { addPack } from './pack.ts';
import { addProvision } from './provision.ts';
import { addSample } from './sample.ts';
import { addSeedDescriptors } from './seed-descriptors.ts';
import { addUpgrade } from './upgrade.ts';
import { addVerify } from './verify.ts';

/** All commands in the order in which help lists them. */
const commands = [
  addEmit,
  addHash,
  addConvert,
  addVerify,
  addProvision,
  addCheck,
  addInspect,
  addImpact,
  addExplore,
  addDiagram,
  addSeedDescriptors,
  addSample,
  addUpgrade,
  addLoad,
  addDump,
  addGet,
  addPack,
  addCompletion,
];

/** Adds all commands to the program. */
export function addCommands(program: Command, context: CommandContext): void {
  for (const add of commands) add(program, context);
}
