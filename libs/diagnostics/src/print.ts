import type { Diagnostic } from './diagnostic.ts';

/** Control characters, and characters without a form of their own, which can reverse or hide the text around them. */
const steering = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Removes control and formatting characters, so that a name from an input file cannot steer a terminal. */
export function printable(text: string): string {
  return text.replace(steering, '');
}

/** `error` for diagnostics that make a step fail, otherwise `warning` or `note`. */
export function severityOf(entry: Diagnostic): 'error' | 'warning' | 'note' {
  if (entry.class === 'W') return 'warning';
  return entry.class === 'N' ? 'note' : 'error';
}

/** The styles for the parts of a printed diagnostic; the identity function without colour. */
export type Paint = (severity: 'error' | 'warning' | 'note', text: string) => string;

/** One diagnostic as text: `error CODE file:line:column message`, without control and formatting characters. */
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
