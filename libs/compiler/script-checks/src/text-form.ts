import type { TextOfLine } from '@dms/sql';

/** A fault in the text of a script (design 09b §2.4). */
export interface ScriptFinding {
  /** `S1` to `S21`, or the name of a check that has no number in the chapter. */
  readonly id: string;
  /** Begins with `line 5: ` if it concerns a single line. */
  readonly text: string;
}

/** Matches a character that a line must not have. */
export const controlCharacter = /[^\P{Cc}\n]/u;

/**
 * The lines in which the pattern matches, with their numbers from 1. Most texts have none, which a single search of the
 * whole text shows. A match must lie within a line.
 */
export function linesWith(text: string, pattern: RegExp): TextOfLine[] {
  if (!pattern.test(text)) return [];
  return text.split('\n').flatMap((found, index) => (pattern.test(found) ? [{ line: index + 1, text: found }] : []));
}

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
