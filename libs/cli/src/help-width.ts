import type { Terminal } from './terminal.ts';

/** The most columns that are read with ease. */
const most = 80;

/** The width of the help: that of the terminal, if it is narrow. */
export const helpWidth = ({ isOutTerminal, columns }: Terminal): number =>
  isOutTerminal && columns !== undefined && columns > 0 ? Math.min(columns, most) : most;

/** The words of a text in lines of at most so many columns. A longer word has a line of its own. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((each) => each !== '')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** The least columns for descriptions beside their terms. */
const leastBeside = 24;

/** A term with its description: beside it, in columns, or below it where there is not room for both. */
export function termLines(term: string, termWidth: number, description: string, width: number): readonly string[] {
  if (description === '') return [`  ${term}`];
  const indent = termWidth + 4;
  if (width - indent < leastBeside)
    return [`  ${term}`, ...wrapped(description, width - 6).map((line) => `      ${line}`)];
  const [first = '', ...others] = wrapped(description, width - indent);
  return [`  ${term.padEnd(termWidth)}  ${first}`, ...others.map((line) => `${' '.repeat(indent)}${line}`)];
}
