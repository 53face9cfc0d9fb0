import { linesWith } from './lines-with.ts';

/** S13: the form of the text of a script in both dialects (design 06 §2.5). */
export function textForm(text: string): string[] {
  const findings: string[] = [];
  if (text.includes('\r')) findings.push('carriage return');
  if (!text.endsWith('\n\n') || text.endsWith('\n\n\n')) findings.push('the script must end with one empty line');
  for (const { line, text: found } of linesWith(text, /\t| (?![^\n])/)) {
    if (/[ \t]$/.test(found)) findings.push(`line ${line} ends with a blank`);
    if (found.includes('\t')) findings.push(`line ${line} has a tab`);
  }
  if (/\n\n\n/.test(text)) findings.push('two empty lines after one another');
  return findings;
}
