import { emitSteps, readsOf, type StepName, stepNames, writtenBy } from '@dms/operations';
import { Command, type Option } from 'commander';
import { addCommands } from '../../../libs/product/cli/src/commands/index.ts';
import { addCommonOptions } from '../../../libs/product/cli/src/options/common-options.ts';
import { leafCommands } from '../../../libs/product/cli/src/run.ts';
import { type TargetName, targetDefinitions, targetNames } from '../../../plugins/nx-dms/src/inference/targets.ts';

/* The facts of the reference that only the code has. */

const nothingRuns = (): never => {
  throw new Error('Nothing is run here.');
};

const program = new Command('dms-ddl').helpCommand(false);
await addCommands(program, { printerFor: nothingRuns, cancellation: { hold: nothingRuns } });

function optionFacts(option: Option) {
  const { flags, description, mandatory: isRequired, argChoices: choices = [], defaultValue } = option;
  return { flags, description, isRequired, choices, defaultValue };
}

/** The words of the command after the program name, such as `upgrade plan`. */
function wordsOf(command: Command): string {
  return command.parent?.parent ? `${wordsOf(command.parent)} ${command.name()}` : command.name();
}

/** The text of `--help` after the options: examples and further notes. */
function textAfterHelp(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => 80 }).outputHelp();
  return text.slice(command.helpInformation().length).trim();
}

/** The facts of all commands of a program. */
export const commandFacts = (of: Command) =>
  leafCommands(of).map((command) => ({
    name: wordsOf(command),
    summary: command.summary(),
    description: command.description(),
    arguments: command.registeredArguments.map((argument) => {
      const word = `${argument.name()}${argument.variadic ? '...' : ''}`;
      const name = argument.required ? `<${word}>` : `[${word}]`;
      return { name, description: argument.description, choices: argument.argChoices ?? [] };
    }),
    options: command.options.map(optionFacts),
    after: textAfterHelp(command),
  }));

export const commands = commandFacts(program);

const bare = new Command();
addCommonOptions(bare);

export const commonOptions = bare.options.map(optionFacts);

export const steps = stepNames.map((name) => ({
  name,
  reads: readsOf(name).map(({ file }) => file),
  // some files are of one dialect only
  writes: writtenBy(name).map(({ file, only }) => (only === undefined ? file : file.replace('<d>', only))),
}));

/** The artifacts read by a target that is not a step, which the table of steps does not have. */
const readByOthers: Readonly<Record<Exclude<TargetName, StepName>, readonly string[]>> = {
  'provision-db': ['effective-schema.manifest.json', '<d>.sql', 'catalog.<d>.json', 'ddl.manifest.json'],
  'check-db': ['effective-schema.manifest.json', '<d>.sql', 'catalog.<d>.json', 'ddl.manifest.json'],
  'upgrade-db': [
    'effective-schema.manifest.json',
    'relational-model.<d>.json',
    'inventory.<d>.json',
    'catalog.<d>.json',
  ],
  'status-db': [],
  'translate-documents': [
    'effective-schema.manifest.json',
    'document-schemas.json',
    'relational-model.<d>.json',
    'inventory.<d>.json',
  ],
  // all files of its dependencies
  'check-golden': targetDefinitions['check-golden'].dependsOn.flatMap((step) =>
    steps.filter(({ name }) => name === step).flatMap(({ writes }) => writes),
  ),
};

export const targets = targetNames.map((name) => {
  const {
    dependsOn,
    folder,
    isThereWithoutFolder = false,
    translates = false,
    ...definition
  } = targetDefinitions[name];
  const own = steps.find((step) => step.name === name);
  const reads = own?.reads ?? readByOthers[name as Exclude<TargetName, StepName>];
  const writes = own?.writes ?? definition.writes;
  return { name, dependsOn, reads, writes, folder, isThereWithoutFolder, translates };
});

export type CommandFacts = (typeof commands)[number];
export type OptionFacts = (typeof commonOptions)[number];
export type StepFacts = (typeof steps)[number];
export type TargetFacts = (typeof targets)[number];

export { emitSteps };
