import { printable } from '../print.ts';
import {
  printedWords,
  type Report,
  type ReportLine,
  type ReportPart,
  type ReportTable,
  type Sentence,
  type Words,
} from './report.ts';

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

function markedWords(words: Words): string {
  if (typeof words === 'string') return markdownCell(words);
  if ('code' in words) return markdownCode(words.code);
  return 'strong' in words ? `**${words.strong}**` : words.marked;
}

const marked = (sentence: Sentence): string => printedWords(sentence, markedWords);

const listText = (lines: readonly ReportLine[], indent = ''): readonly string[] =>
  lines.flatMap(({ text, below = [] }) => [`${indent}- ${marked(text)}`, ...listText(below, `${indent}  `)]);

/** A table as lines; a column of numbers stands to the right. */
export function markdownTable({ head, rows, numbers = [] }: ReportTable): readonly string[] {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const border =
    numbers.length === 0
      ? `|${'---|'.repeat(head.length)}`
      : row(head.map((_, column) => (numbers.includes(column) ? '---:' : '---')));
  return [row(head), border, ...rows.map((cells) => row(cells.map(marked)))];
}

function partText(part: ReportPart): readonly string[] {
  switch (part.kind) {
    case 'heading':
      return [`${'#'.repeat(part.level)} ${marked(part.text)}`];
    case 'paragraph':
      return [marked(part.text)];
    case 'lines':
      return listText(part.lines);
    case 'commands':
      return ['```sh', ...part.commands, '```'];
    case 'table':
      return markdownTable(part);
  }
}

/** A report as lines of Markdown, each part with a blank line after it. */
export const reportMarkdown = (report: Report): readonly string[] => report.flatMap((part) => [...partText(part), '']);
