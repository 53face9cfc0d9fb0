import { needsNoEscape } from './canonical-text.ts';
import { JsonNumber, type JsonValue } from './json-value.ts';

const stringText = (value: string): string => (needsNoEscape.test(value) ? `"${value}"` : JSON.stringify(value));

/** JSON on one line: no white space, members in their given order, numbers as written. */
export function jsonText(value: JsonValue): string {
  if (typeof value === 'string') return stringText(value);
  if (value instanceof JsonNumber) return value.lexeme;
  if (value === null || typeof value !== 'object') return String(value);
  let text = '';
  let separator = '';
  if (value instanceof Map) {
    for (const [name, member] of value) {
      text += `${separator}${stringText(name)}:${jsonText(member)}`;
      separator = ',';
    }
    return `{${text}}`;
  }
  for (const element of value as readonly JsonValue[]) {
    text += separator + jsonText(element);
    separator = ',';
  }
  return `[${text}]`;
}
