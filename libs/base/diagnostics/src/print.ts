import type { Diagnostic } from './diagnostic.ts';
import { escapedPattern } from './secret.ts';

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
type Paint = (severity: 'error' | 'warning' | 'note', text: string) => string;

/** The message beside a place that says the file, without the name of the file that it begins with. */
export const messageAtPlace = ({ message, where: { file } }: Diagnostic): string =>
  file !== undefined && message.startsWith(`${file}: `) ? message.slice(file.length + 2) : message;

/** The first sentence of a message, without the advice after a semicolon. */
const firstClause = (message: string): string => message.slice(0, message.search(/[.;]\s|\n|$/));

/**
 * The texts before and behind the file in a message whose first clause names it; otherwise undefined. A later mention,
 * as in a command to copy, does not say what the message is about.
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
 * One diagnostic as text: `error CODE file:line:column: message`, without control and formatting characters. A
 * message that names its file itself stands alone, with line and column behind the name.
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
  // the beginning of a file says nothing about the place
  const named = line === 1 && column === 1 ? printable(file) : place;
  return `${head} ${shown(before)}${named}${shown(behind)}`;
}

/** A text whose further lines are indented. */
const shown = (text: string) => text.split('\n').map(printable).join('\n  ');
