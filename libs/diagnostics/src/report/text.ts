import { printable } from '../print.ts';
import { printedWords, type Report, type ReportLine, type ReportPart, type Sentence, type Words } from './report.ts';

function plainWords(words: Words): string {
  if (typeof words === 'string') return words;
  if ('code' in words) return words.code;
  return 'strong' in words ? words.strong : words.marked;
}

const plain = (sentence: Sentence): string => printable(printedWords(sentence, plainWords));

/** Lines with what stands below them, two blanks further in. */
export const treeText = (lines: readonly ReportLine[], indent = ''): readonly string[] =>
  lines.flatMap(({ text, below = [] }) => [`${indent}${plain(text)}`, ...treeText(below, `${indent}  `)]);

/** Which side the cells of a column stand on. */
type Side = 'left' | 'right';

/** Rows as lines whose columns have the same width, two blanks apart; no line ends in blanks. */
export function alignedText(
  rows: readonly (readonly string[])[],
  sideOf: (column: number) => Side = () => 'left',
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

function partText(part: ReportPart): readonly string[] {
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
export const reportText = (report: Report): readonly string[] => report.flatMap(partText);

/** A table as lines: a column of names, then columns of numbers. */
export const numberTable = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] =>
  reportText([{ kind: 'table', head, rows, numbers: [...head.keys()].slice(1) }]);
