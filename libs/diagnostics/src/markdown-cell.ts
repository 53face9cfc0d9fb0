import { printable } from './print.ts';

/** Text in a cell of a Markdown table. */
export const markdownCell = (text: string): string => printable(text).replaceAll('|', '\\|');

/** A name as code. In a table cell, GitHub reads `\|` as a bar, even in code. */
export function markdownCode(text: string): string {
  const cell = markdownCell(text);
  return cell.includes('`') ? `\`\` ${cell} \`\`` : `\`${cell}\``;
}
