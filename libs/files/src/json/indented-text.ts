import { isJsonArray, JsonNumber, type JsonValue } from './json-value.ts';

function write(value: JsonValue, indent: string, out: string[]): void {
  const inner = `${indent}  `;
  if (value instanceof JsonNumber) out.push(value.lexeme);
  else if (value === null || typeof value !== 'object') out.push(JSON.stringify(value));
  else if (isJsonArray(value)) {
    if (value.length === 0) return void out.push('[]');
    value.forEach((element, index) => {
      out.push(index === 0 ? '[\n' : ',\n', inner);
      write(element, inner, out);
    });
    out.push('\n', indent, ']');
  } else {
    if (value.size === 0) return void out.push('{}');
    [...value.keys()].sort().forEach((name, index) => {
      out.push(index === 0 ? '{\n' : ',\n', inner, JSON.stringify(name), ': ');
      write(value.get(name) ?? null, inner, out);
    });
    out.push('\n', indent, '}');
  }
}

/** JSON for people: two-space indentation, members in ordinal order, numbers as written, one trailing LF. */
export function indentedText(value: JsonValue): string {
  const out: string[] = [];
  write(value, '', out);
  out.push('\n');
  return out.join('');
}
