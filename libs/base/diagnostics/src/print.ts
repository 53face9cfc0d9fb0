import type { Diagnostic } from './diagnostic.ts';
import { escapedPattern } from './secret.ts';

/** Control characters, and invisible characters, which can reverse or hide the text around them. */
const steering = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Removes control and formatting characters, so that a name from an input file cannot steer a terminal. */
export function printable(text: string): string {
  return text.replace(steering, '');
}

/** Replaces each of these characters by `mark`, so that columns do not move; tabs stay. */
export const printableColumns = (text: string, mark: string): string =>
  text.replace(steering, (character) => (character === '\t' ? character : mark));

/** Makes a text of several lines printable; tabs become blanks. */
export const printableLines = (text: string): string =>
  text
    .split(/\r?\n/)
    .map((line) => printable(line.replaceAll('\t', '  ')))
    .join('\n');

/** A JSON text in which these characters are escaped. Only strings contain them, so the meaning stays the same. */
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
type Paint = (severity: 'error' | 'warning' | 'note', text: string) => string;

/** The message without the file name at its start, for an output that shows the file separately. */
export const messageAtPlace = ({ message, where: { file } }: Diagnostic): string =>
  file !== undefined && message.startsWith(`${file}: `) ? message.slice(file.length + 2) : message;

/** The first sentence of a message, without the advice after a semicolon. */
const firstClause = (message: string): string => message.slice(0, message.search(/[.;]\s|\n|$/));

/**
 * The texts before and after the file name in a message whose first clause contains it; otherwise undefined. A later
 * mention, as in a command to copy, is not the subject of the message.
 */
function aroundFile(message: string, names: readonly string[]): readonly [before: string, behind: string] | undefined {
  const name = names.map(escapedPattern).join('|');
  // a longer path is another file
  const mention = new RegExp(`(?<![\\p{L}\\p{N}_./\\\\:@-])(?:${name})(?![\\p{L}\\p{N}_/\\\\-]|[.:]\\S)`, 'u');
  const found = mention.exec(message);
  if (found === null || found.index >= firstClause(message).length) return undefined;
  return [message.slice(0, found.index), message.slice(found.index + found[0].length)];
}

/**
 * One diagnostic as text: `error CODE file:line:column: message`, without control and formatting characters. A message
 * that contains its file is not preceded by it; line and column then follow the name in the message.
 */
export function formatDiagnostic(entry: Diagnostic, paint: Paint = (_severity, text) => text): string {
  const severity = severityOf(entry);
  const { file, line, column } = entry.where;
  const head = paint(severity, `${severity} ${entry.code}`);
  if (file === undefined) return `${head} ${shown(entry.message)}`;
  const position = line === undefined ? [] : [line, column].filter((part) => part !== undefined);
  const place = [printable(file), ...position].join(':');
  const around = aroundFile(entry.message, [[file, ...position].join(':'), file]);
  if (around === undefined) return `${head} ${place}: ${shown(entry.message)}`;
  const [before, behind] = around;
  // the first position of a file carries no information
  const named = line === 1 && column === 1 ? printable(file) : place;
  return `${head} ${shown(before)}${named}${shown(behind)}`;
}

/** A text whose lines after the first are indented. */
const shown = (text: string) => text.split('\n').map(printable).join('\n  ');
