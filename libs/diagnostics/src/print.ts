import type { Diagnostic } from './diagnostic.ts';
import { hideSecrets } from './hide-secrets.ts';

/** Control characters, and characters without a form of their own, which can reverse or hide the text around them. */
const steering = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Removes control and formatting characters, so that a name from an input file cannot steer a terminal. */
export function printable(text: string): string {
  return text.replace(steering, '');
}

/** The same, with `mark` in place of each character, so that every column stays where it was; tabs stay. */
export const printableColumns = (text: string, mark: string): string =>
  text.replace(steering, (character) => (character === '\t' ? character : mark));

/** The same for a text of several lines, whose tabs become blanks. */
export const printableLines = (text: string): string =>
  text
    .split(/\r?\n/)
    .map((line) => printable(line.replaceAll('\t', '  ')))
    .join('\n');

/** A JSON text in which these characters are escaped. Only strings hold them, so that it means the same. */
export const printableJson = (json: string): string =>
  json.replace(steering, (character) =>
    character === '\n'
      ? character
      : [...Array(character.length).keys()]
          .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
          .join(''),
  );

/** `error` for diagnostics that make a step fail, otherwise `warning` or `note`. */
export function severityOf(entry: Diagnostic): 'error' | 'warning' | 'note' {
  if (entry.class === 'W') return 'warning';
  return entry.class === 'N' ? 'note' : 'error';
}

/** The styles for the parts of a printed diagnostic; the identity function without colour. */
export type Paint = (severity: 'error' | 'warning' | 'note', text: string) => string;

/**
 * One diagnostic as text: `error CODE file:line:column message`, without secrets, control and formatting characters.
 */
export function formatDiagnostic(entry: Diagnostic, paint: Paint = (_severity, text) => text): string {
  const severity = severityOf(entry);
  const { file: name, line, column } = entry.where;
  const place = [
    name === undefined ? undefined : printable(hideSecrets(name)),
    line,
    line === undefined ? undefined : column,
  ]
    .filter((part) => part !== undefined)
    .join(':');
  const file = name === undefined ? '' : `${place}: `;
  // a message that others catch names its file itself
  const own =
    name !== undefined && entry.message.startsWith(`${name}: `) ? entry.message.slice(name.length + 2) : entry.message;
  const message = hideSecrets(own).split('\n').map(printable).join('\n  ');
  return `${paint(severity, `${severity} ${entry.code}`)} ${file}${message}`;
}
