import { isJsonArray, JsonNumber, type JsonValue } from './json-value.ts';

/** Text that every form of JSON writes as it is. */
export const needsNoEscape = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;
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
  if (needsNoEscape.test(value)) return `"${value}"`;
  return `"${value.replace(escaped, (character) => shortEscapes[character] ?? unicodeEscape(character))}"`;
}

/**
 * The canonical form of a JSON value: no white space, members in ordinal order at every level, numbers as written,
 * strings escaped by one table (design 01 §5). Fingerprints are hashes of its UTF-8 bytes.
 */
export function canonicalText(value: JsonValue): string {
  // joining parts at the end costs less than growing a text
  const pieces: string[] = [];
  // schemas repeat the same names many times
  const heads = new Map<string, string>();
  const headOf = (name: string) => {
    let head = heads.get(name);
    if (head === undefined) {
      head = `${stringText(name)}:`;
      heads.set(name, head);
    }
    return head;
  };
  const add = (part: JsonValue) => {
    if (typeof part === 'string') pieces.push(stringText(part));
    else if (part === null || typeof part === 'boolean') pieces.push(String(part));
    else if (part instanceof JsonNumber) pieces.push(part.lexeme);
    else if (isJsonArray(part)) {
      let before = '[';
      for (const element of part) {
        pieces.push(before);
        add(element);
        before = ',';
      }
      pieces.push(part.length === 0 ? '[]' : ']');
    } else {
      let before = '{';
      for (const name of [...part.keys()].sort()) {
        pieces.push(before, headOf(name));
        add(part.get(name) ?? null);
        before = ',';
      }
      pieces.push(part.size === 0 ? '{}' : '}');
    }
  };
  add(value);
  return pieces.join('');
}
