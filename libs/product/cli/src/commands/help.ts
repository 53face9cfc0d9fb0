import type { ListedOperation, OperationGroup, OptionGroup } from '@dms/operations';
import type { Command, HelpConfiguration } from 'commander';
import type { Terminal } from '../terminal.ts';

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

/** The rank of a heading; unknown headings come last. */
const rank = (heading: string) => (order.includes(heading) ? order.indexOf(heading) : order.length);

/**
 * Shows the groups in their own order; commander shows them in the order in which their first members were added.
 * Descriptions are wrapped on narrow terminals too, where commander does not wrap them.
 */
export const groupedHelp: HelpConfiguration = {
  minWidthToWrap: 20,
  // the arguments of a subcommand are in its own help
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

/** The maximum width for comfortable reading, in columns. */
const most = 80;

/** The width of the help: that of the terminal if it is narrower than the maximum. */
export const helpWidth = ({ isOutTerminal, columns }: Terminal): number =>
  isOutTerminal && columns !== undefined && columns > 0 ? Math.min(columns, most) : most;

/** The words of a text in lines of at most `width` columns. A longer word has its own line. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((each) => each !== '')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** The minimum width for descriptions beside their terms, in columns. */
const leastBeside = 24;

/** A term with its description: beside it, in columns, or below it if there is no room for both. */
export function termLines(term: string, termWidth: number, description: string, width: number): readonly string[] {
  if (description === '') return [`  ${term}`];
  const indent = termWidth + 4;
  if (width - indent < leastBeside)
    return [`  ${term}`, ...wrapped(description, width - 6).map((line) => `      ${line}`)];
  const [first = '', ...others] = wrapped(description, width - indent);
  return [`  ${term.padEnd(termWidth)}  ${first}`, ...others.map((line) => `${' '.repeat(indent)}${line}`)];
}
