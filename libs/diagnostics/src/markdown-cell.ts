import { printable } from './print.ts';

/** A text on one line: a line break would end the cell. */
const onOneLine = (text: string): string => printable(text.replaceAll(/\s+/g, ' '));

/** What HTML, links, pictures and code begin with in Markdown. */
const begins = /[\\`[\]<>]|&(?=#?\w+;)/g;

const entities: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' };

/** Text in a cell of a Markdown table, which shows what was written: no HTML, no link. */
export const markdownCell = (text: string): string =>
  onOneLine(text)
    .replaceAll(begins, (character) => entities[character] ?? `\\${character}`)
    .replaceAll('|', '\\|');

/** A name as code. In a table cell, GitHub reads `\|` as a bar, even in code. */
export function markdownCode(text: string): string {
  const cell = onOneLine(text).replaceAll('|', '\\|');
  // code ends at a row of as many backticks as it begins with
  const longest = Math.max(0, ...[...cell.matchAll(/`+/g)].map(([row]) => row.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${cell}${fence}` : `${fence} ${cell} ${fence}`;
}
