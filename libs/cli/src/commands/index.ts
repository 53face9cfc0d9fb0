import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';

type AddCommand = (program: Command, context: CommandContext) => void;

/** The function that adds each command, in the order of the help. Each is loaded on demand. */
const commands: Readonly<Record<string, () => Promise<AddCommand>>> = {
  emit: async () => (await import('./emit.ts')).addEmit,
  schemas: async () => (await import('./schemas.ts')).addSchemas,
  hash: async () => (await import('./hash.ts')).addHash,
  convert: async () => (await import('./convert.ts')).addConvert,
  verify: async () => (await import('./verify.ts')).addVerify,
  provision: async () => (await import('./provision.ts')).addProvision,
  check: async () => (await import('./check.ts')).addCheck,
  inspect: async () => (await import('./inspect.ts')).addInspect,
  impact: async () => (await import('./impact.ts')).addImpact,
  upgrade: async () => (await import('./upgrade.ts')).addUpgrade,
  reporting: async () => (await import('./reporting.ts')).addReporting,
  adopt: async () => (await import('./adopt.ts')).addAdopt,
  'seed-descriptors': async () => (await import('./seed-descriptors.ts')).addSeedDescriptors,
  load: async () => (await import('./load.ts')).addLoad,
  'convert-documents': async () => (await import('./convert-documents.ts')).addConvertDocuments,
  dump: async () => (await import('./dump.ts')).addDump,
  'read-ods': async () => (await import('./read-ods.ts')).addReadOds,
  changes: async () => (await import('./changes.ts')).addChanges,
  get: async () => (await import('./get.ts')).addGet,
  sample: async () => (await import('./sample.ts')).addSample,
  explore: async () => (await import('./explore.ts')).addExplore,
  diagram: async () => (await import('./diagram.ts')).addDiagram,
  doctor: async () => (await import('./doctor.ts')).addDoctor,
  comments: async () => (await import('./comments.ts')).addComments,
  dictionary: async () => (await import('./dictionary.ts')).addDictionary,
  pack: async () => (await import('./pack.ts')).addPack,
};

/** The options that print the version, which need no command. */
export const versionOptions = ['-V', '--version'];

/**
 * Adds the command that `args` begin with, so that the other commands are not loaded. Adds all commands if `args` begin with no command,
 * and for `completion`, which needs them all. Adds none for the version.
 */
export async function addCommands(program: Command, context: CommandContext, args: readonly string[] = []): Promise<void> {
  const [first = ''] = args;
  if (versionOptions.includes(first)) return;
  const chosen = Object.hasOwn(commands, first) ? [commands[first]] : Object.values(commands);
  for (const load of chosen) (await load?.())?.(program, context);
  if (chosen.length > 1) (await import('./completion.ts')).addCompletion(program, context);
}
