import { isJsonArray, JsonNumber, type JsonValue } from './json-value.ts';

const asciiOnly = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;
const escaped = /["\\]|[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zs}\p{Zl}\p{Zp}]|[\u{10000}-\u{10FFFF}]/gu;
const shortEscapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
  ' ': ' ',
};

/** Every UTF-16 code unit of `text` as `\u` and four upper-case hex digits. */
export function unicodeEscape(text: string): string {
  let out = '';
  for (let index = 0; index < text.length; index += 1) {
    out += `\\u${text.charCodeAt(index).toString(16).toUpperCase().padStart(4, '0')}`;
  }
  return out;
}

function stringText(value: string): string {
  if (asciiOnly.test(value)) return `"${value}"`;
  return `"${value.replace(escaped, (character) => shortEscapes[character] ?? unicodeEscape(character))}"`;
}

/** Adds the pieces of a value's text: joined at the end they cost less than a text that grows. */
function addText(value: JsonValue, pieces: string[]): void {
  if (typeof value === 'string') pieces.push(stringText(value));
  else if (value === null || typeof value === 'boolean') pieces.push(String(value));
  else if (value instanceof JsonNumber) pieces.push(value.lexeme);
  else if (isJsonArray(value)) {
    let before = '[';
    for (const element of value) {
      pieces.push(before);
      addText(element, pieces);
      before = ',';
    }
    pieces.push(value.length === 0 ? '[]' : ']');
  } else {
    let before = '{';
    for (const name of [...value.keys()].sort()) {
      pieces.push(before, stringText(name), ':');
      addText(value.get(name) ?? null, pieces);
      before = ',';
    }
    pieces.push(value.size === 0 ? '{}' : '}');
  }
}

/**
 * The canonical form of a JSON value: no white space, members in ordinal order at every level, numbers as written, strings
 * escaped by one table (design 01 §5). Its UTF-8 bytes are what fingerprints hash.
 */
export function canonicalText(value: JsonValue): string {
  const pieces: string[] = [];
  addText(value, pieces);
  return pieces.join('');
}
