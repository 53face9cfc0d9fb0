import { denialOf, factsOf, flagOf, type OptionFacts, relationText, type Shape } from '@dms/operations';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { optionHeadings } from './help.ts';

const completed = new WeakMap<Option, readonly string[]>();

/** The words that a shell completes after an option; empty if its value is a text or a file. */
export const wordsAfter = (option: Option): readonly string[] => option.argChoices ?? completed.get(option) ?? [];

/** Adds the options of a shape to a command. */
export function addOptions(command: Command, shape: Shape): void {
  for (const [name, schema] of Object.entries(shape))
    for (const option of optionsOf(name, schema, shape)) command.addOption(option);
}

type OptionSchema = Shape[string];

/** The options of the command line for one option of an operation: a flag may have two forms. */
function optionsOf(name: string, schema: OptionSchema, shape: Shape): readonly Option[] {
  const facts = factsOf(schema);
  const { description, denial, metavariable, choices, conflicts = [], group, isRequired = false } = facts;
  const flag = flagOf(name);
  const made: Option[] = [];
  const relation = relationText(name, shape);
  if (denial !== undefined)
    made.push(new Option(denialOf(name), description === '' ? withRelation(denial, relation) : denial));
  if (description !== '') {
    const text = withRelation(description, relation);
    const option = new Option(metavariable === undefined ? flag : `${flag} ${metavariable}`, text);
    if (facts.words !== undefined) completed.set(option, facts.words);
    if (choices !== undefined) option.choices(choices);
    else if (metavariable !== undefined) option.argParser(reader(schema, facts));
    if (facts.default !== undefined) option.default(facts.default);
    made.push(option.makeOptionMandatory(isRequired));
  }
  return made.map((option) => option.conflicts([...conflicts]).helpGroup(optionHeadings[group]));
}

/** A description with the relation to other options, inside the parentheses at its end if it has any. */
function withRelation(description: string, relation: string): string {
  if (relation === '') return description;
  return description.endsWith(')') ? `${description.slice(0, -1)}; ${relation})` : `${description} (${relation})`;
}

/** Reads a value as written, and refuses it if the option does not accept it. */
const reader =
  (schema: OptionSchema, { read }: OptionFacts) =>
  (text: string, previous: unknown): unknown => {
    const value = read === undefined ? text : read(text, previous);
    const [issue] = schema.safeParse(value).error?.issues ?? [];
    if (issue !== undefined) throw new InvalidArgumentError(issue.message);
    return value;
  };

/** Adds the arguments of a shape to a command, which has these options. */
export function addArguments(command: Command, shape: Shape, options: Shape): void {
  for (const [name, schema] of Object.entries(shape)) {
    const facts = factsOf(schema);
    const description = withRelation(facts.description, relationText(name, { ...options, [name]: schema }));
    command.argument(facts.metavariable ?? '', description, reader(schema, facts));
  }
}
