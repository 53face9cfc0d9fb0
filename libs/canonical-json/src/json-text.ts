import { JsonNumber, type JsonValue } from './json-value.ts';

function write(value: JsonValue, out: string[]): void {
  if (value instanceof JsonNumber) out.push(value.lexeme);
  else if (value === null || typeof value !== 'object') out.push(JSON.stringify(value));
  else if (value instanceof Map) {
    let separator = '{';
    for (const [name, member] of value) {
      out.push(separator, JSON.stringify(name), ':');
      write(member, out);
      separator = ',';
    }
    out.push(separator === '{' ? '{}' : '}');
  } else {
    let separator = '[';
    for (const element of value as readonly JsonValue[]) {
      out.push(separator);
      write(element, out);
      separator = ',';
    }
    out.push(separator === '[' ? '[]' : ']');
  }
}

/** JSON on one line: no white space, members in their given order, numbers as written. */
export function jsonText(value: JsonValue): string {
  const out: string[] = [];
  write(value, out);
  return out.join('');
}
