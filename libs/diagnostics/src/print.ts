import type { Diagnostic } from './diagnostic.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes
const controlCharacters = /[\u0000-\u001f\u007f-\u009f]/g;

/** Removes control characters, so that a name from an input file cannot steer a terminal. */
export function printable(text: string): string {
  return text.replace(controlCharacters, '');
}

/** `error` for diagnostics that make a step fail, otherwise `warning` or `note`. */
export function severityOf(entry: Diagnostic): 'error' | 'warning' | 'note' {
  if (entry.class === 'W') return 'warning';
  return entry.class === 'N' ? 'note' : 'error';
}

/** The styles for the parts of a printed diagnostic; the identity function without colour. */
export type Paint = (severity: 'error' | 'warning' | 'note', text: string) => string;

/** One diagnostic as text: `error CODE file:line:column message`, without control characters. */
export function formatDiagnostic(entry: Diagnostic, paint: Paint = (_severity, text) => text): string {
  const severity = severityOf(entry);
  const { file: name, line, column } = entry.where;
  const place = [name === undefined ? undefined : printable(name), line, line === undefined ? undefined : column]
    .filter((part) => part !== undefined)
    .join(':');
  const file = name === undefined ? '' : `${place}: `;
  const message = entry.message.split('\n').map(printable).join('\n  ');
  return `${paint(severity, `${severity} ${entry.code}`)} ${file}${message}`;
}
