import type { ListedOperation, OperationGroup, OptionGroup } from '@dms/operations';
import type { Command, HelpConfiguration } from 'commander';
import { termLines } from '../help-width.ts';

/** The headings of commands in the help of the program, in its order. */
export const commandHeadings: Readonly<Record<OperationGroup, string>> = {
  first: 'What most people need first:',
  compile: 'Compile:',
  prove: 'Prove:',
  databases: 'Databases:',
  documents: 'Documents:',
  ods: 'ODS:',
  look: 'Look:',
  machine: 'This machine:',
};

/** The headings of options in the help of a command, in its order. */
export const optionHeadings: Readonly<Record<OptionGroup | 'printing', string>> = {
  source: 'What it works on:',
  database: 'Where the database is:',
  fleet: 'Many databases:',
  work: 'How it works:',
  output: 'What it writes:',
  printing: 'How it prints:',
};

const order = [...Object.values(commandHeadings), ...Object.values(optionHeadings)];

/** The place of a group; what has none comes last. */
const rank = (heading: string) => (order.includes(heading) ? order.indexOf(heading) : order.length);

/**
 * Shows the groups in their order; commander shows them as their first members were added. Descriptions are wrapped
 * on narrow terminals too, where commander leaves them as they are.
 */
export const groupedHelp: HelpConfiguration = {
  minWidthToWrap: 20,
  // its arguments are in its own help
  subcommandTerm: (command) => command.name(),
  formatItem(term, termWidth, description) {
    return termLines(term, termWidth, description, this.helpWidth ?? 80).join('\n');
  },
  groupItems<Item>(_: readonly Item[], visible: readonly Item[], headingOf: (item: Item) => string) {
    const headings = [...new Set(visible.map(headingOf))].sort((left, right) => rank(left) - rank(right));
    return new Map(headings.map((heading) => [heading, visible.filter((item) => headingOf(item) === heading)]));
  },
};

/** Adds a command of this name, such as `upgrade apply`, to the program or to the command that it belongs to. */
export function addCommand(parent: Command, { name, group, summary }: ListedOperation): Command {
  const [first = name, second] = name.split(' ');
  if (second !== undefined) return parent.command(second).summary(summary);
  return parent.command(first).summary(summary).helpGroup(commandHeadings[group]);
}
