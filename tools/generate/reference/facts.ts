import { type ArtifactDeclaration, emitSteps, otherCommands, stepNames, writtenBy } from '@dms/operations';
import { Command, type Option } from 'commander';
import { commandHeadings } from '../../../libs/product/cli/src/commands/help.ts';
import { addCommands } from '../../../libs/product/cli/src/commands/index.ts';
import { addCommonOptions } from '../../../libs/product/cli/src/options/common-options.ts';
import { leafCommands } from '../../../libs/product/cli/src/run.ts';
import { artifactsReadBy, targetDefinitions, targetNames } from '../../../plugins/nx-dms/src/inference/targets.ts';

/* The facts of the reference that come only from the code. */

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

/** The heading of a command in the help of the program. For a command without its own, commander uses that of the program. */
function headingOf(command: Command): string {
  const top = command.parent?.parent ? command.parent : command;
  return top.helpGroup() || commandHeadings.machine;
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
    heading: headingOf(command),
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

// some files exist for one dialect only
const nameOf = ({ file, only }: ArtifactDeclaration) => (only === undefined ? file : file.replace('<d>', only));

export const artifacts = stepNames.flatMap(writtenBy).map((each) => ({ ...each, file: nameOf(each) }));

export const targets = targetNames.map((name) => {
  const { dependsOn, addedBy, placesOf, ...definition } = targetDefinitions[name];
  const reads = artifactsReadBy(name).map(nameOf);
  const own = artifacts.filter(({ writer }) => writer === name).map(({ file }) => file);
  const writes = own.length > 0 ? own : definition.writes;
  return { name, dependsOn, reads, writes, addedBy, placesOf };
});

export type CommandFacts = (typeof commands)[number];
export type CommonOptionFacts = (typeof commonOptions)[number];
export type DocumentedTarget = (typeof targets)[number];

export { emitSteps, otherCommands };
