import { printable } from './print.ts';

/* A report for people, independent of its output format. */

/**
 * A text; a name, which becomes code in Markdown; an emphasized word; or a text of this program that already contains
 * Markdown.
 */
export type Words = string | { readonly code: string } | { readonly strong: string } | { readonly marked: string };

/** Words in sequence. */
export type Sentence = Words | readonly Words[];

/** A line, and the lines below it. */
export interface ReportLine {
  readonly text: Sentence;
  readonly below?: readonly ReportLine[];
}

interface ReportTable {
  readonly head: readonly string[];
  /** Rows with as many cells as the head. */
  readonly rows: readonly (readonly Sentence[])[];
  /** The indexes of the columns of numbers; default: none. */
  readonly numbers?: readonly number[];
}

export type ReportPart =
  | { readonly kind: 'heading'; readonly level: 2 | 3; readonly text: Sentence }
  | { readonly kind: 'paragraph'; readonly text: Sentence }
  | { readonly kind: 'lines'; readonly lines: readonly ReportLine[] }
  | { readonly kind: 'commands'; readonly commands: readonly string[] }
  | ({ readonly kind: 'table' } & ReportTable);

export type Report = readonly ReportPart[];

/** The first entries, followed by one entry for the number of the others. */
export const firstOf = <Entry, Shown>(
  entries: readonly Entry[],
  most: number,
  show: (entry: Entry) => Shown,
  rest: (count: number) => Shown,
): readonly Shown[] => [
  ...entries.slice(0, most).map(show),
  ...(entries.length > most ? [rest(entries.length - most)] : []),
];

/** Lines without lines below them. */
export const plainLines = (texts: readonly Sentence[]): readonly ReportLine[] => texts.map((text) => ({ text }));

const wordsOf = (sentence: Sentence): readonly Words[] =>
  typeof sentence === 'string' || !Array.isArray(sentence) ? [sentence as Words] : sentence;

/** Prints the words of a sentence in sequence. */
const printedWords = (sentence: Sentence, print: (words: Words) => string): string =>
  wordsOf(sentence).map(print).join('');

function plainWords(words: Words): string {
  if (typeof words === 'string') return words;
  if ('code' in words) return words.code;
  return 'strong' in words ? words.strong : words.marked;
}

const plain = (sentence: Sentence): string => printable(printedWords(sentence, plainWords));

/** Lines with the lines below them, which are indented by two more blanks. */
export const treeText = (lines: readonly ReportLine[], indent = ''): readonly string[] =>
  lines.flatMap(({ text, below = [] }) => [`${indent}${plain(text)}`, ...treeText(below, `${indent}  `)]);

/** The alignment of the cells of a column. */
type ReportSide = 'left' | 'right';

/** Rows as lines whose columns have the same width, two blanks apart; no line ends in blanks. */
export function alignedText(
  rows: readonly (readonly string[])[],
  sideOf: (column: number) => ReportSide = () => 'left',
): readonly string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [column, { length }] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, length);
  const padded = (cell: string, column: number) => {
    const width = widths[column] ?? 0;
    return sideOf(column) === 'right' ? cell.padStart(width) : cell.padEnd(width);
  };
  return rows.map((row) => row.map(padded).join('  ').trimEnd());
}

function partLines(part: ReportPart): readonly string[] {
  switch (part.kind) {
    case 'heading':
    case 'paragraph':
      return [plain(part.text)];
    case 'lines':
      return treeText(part.lines);
    case 'commands':
      return part.commands.map((command) => `  ${command}`);
    case 'table': {
      const { head, rows, numbers = [] } = part;
      return alignedText([head, ...rows.map((row) => row.map(plain))], (column) =>
        numbers.includes(column) ? 'right' : 'left',
      );
    }
  }
}

/** A report as lines for a terminal. */
export const reportText = (report: Report): readonly string[] => report.flatMap(partLines);

/** A table as lines: a column of names, then columns of numbers. */
export const numberTable = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] =>
  reportText([{ kind: 'table', head, rows, numbers: [...head.keys()].slice(1) }]);

/** A text on one line: a line break would end the cell. */
const onOneLine = (text: string): string => printable(text.replaceAll(/\s+/g, ' '));

/** Characters at which HTML, links, pictures and code begin in Markdown. */
const begins = /[\\`[\]<>]|&(?=#?\w+;)/g;

const entities: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' };

/** Text in a cell of a Markdown table; HTML and links are shown as written. */
export const markdownCell = (text: string): string =>
  onOneLine(text)
    .replaceAll(begins, (character) => entities[character] ?? `\\${character}`)
    .replaceAll('|', '\\|');

/** A name as code. In a table cell, GitHub reads `\|` as a bar, even in code. */
export function markdownCode(text: string): string {
  const cell = onOneLine(text).replaceAll('|', '\\|');
  // code ends at a run of as many backticks as at its start
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

/** A table as lines; columns of numbers are right-aligned. */
export function markdownTable({ head, rows, numbers = [] }: ReportTable): readonly string[] {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const border =
    numbers.length === 0
      ? `|${'---|'.repeat(head.length)}`
      : row(head.map((_, column) => (numbers.includes(column) ? '---:' : '---')));
  return [row(head), border, ...rows.map((cells) => row(cells.map(marked)))];
}

function partMarkdown(part: ReportPart): readonly string[] {
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
export const reportMarkdown = (report: Report): readonly string[] =>
  report.flatMap((part) => [...partMarkdown(part), '']);
