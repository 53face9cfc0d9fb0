import { isJsonArray, JsonNumber, type JsonObject, type JsonValue } from './json-value.ts';

/** JSON on one line: no white space, members in their given order, numbers as written. */
export function jsonText(value: JsonValue): string {
  if (typeof value === 'string') return plainString(value);
  if (value instanceof JsonNumber) return value.lexeme;
  if (value === null || typeof value !== 'object') return String(value);
  let text = '';
  let separator = '';
  if (value instanceof Map) {
    for (const [name, member] of value) {
      text += `${separator}${plainString(name)}:${jsonText(member)}`;
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

/** Matches text without characters that any form of JSON escapes. */
const needsNoEscape = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

const plainString = (value: string): string => (needsNoEscape.test(value) ? `"${value}"` : JSON.stringify(value));

/**
 * The canonical form of a JSON value: no white space, members in ordinal order at every level, numbers as written,
 * strings escaped by one table (design 01 §5). Fingerprints are hashes of its UTF-8 bytes.
 */
export function canonicalText(value: JsonValue): string {
  // joining parts at the end is faster than extending a text
  const pieces: string[] = [];
  // schemas repeat the same names many times
  const heads = new Map<string, string>();
  const headOf = (name: string) => {
    let head = heads.get(name);
    if (head === undefined) {
      head = `${canonicalString(name)}:`;
      heads.set(name, head);
    }
    return head;
  };
  const add = (part: JsonValue) => {
    if (typeof part === 'string') pieces.push(canonicalString(part));
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
      for (const name of orderedNames(part)) {
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

/** The names of the members in ordinal order. */
function orderedNames(object: JsonObject): readonly string[] {
  const names = [...object.keys()];
  // most members of schemas are already in order
  for (let index = 1; index < names.length; index += 1)
    if ((names[index - 1] as string) > (names[index] as string)) return names.sort();
  return names;
}

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

function canonicalString(value: string): string {
  if (needsNoEscape.test(value)) return `"${value}"`;
  return `"${value.replace(escaped, (character) => shortEscapes[character] ?? unicodeEscape(character))}"`;
}

/** Every UTF-16 code unit of `text` as `\u` and four upper-case hex digits. */
function unicodeEscape(text: string): string {
  let out = '';
  for (let index = 0; index < text.length; index += 1) {
    out += `\\u${text.charCodeAt(index).toString(16).toUpperCase().padStart(4, '0')}`;
  }
  return out;
}

// the escapes of JSON.stringify, and every code unit that a manifest must escape
const escapedOrSpecial = /\\u[0-9a-f]{4}|\\.|[^\x20-\x7e\n]|[&'+<>`]/g;

/**
 * The text of a manifest: two-space indentation, members in the order of the value, one trailing LF; strings escape
 * everything except U+0020–U+007E, and also `"`, `\`, `&`, `'`, `+`, `<`, `>` and the backtick (design 01 §9, 03
 * §11.1). Numbers must be integers.
 */
export function manifestText(value: unknown): string {
  const plain = `${JSON.stringify(value, null, 2)}\n`;
  const special = specialAscii.filter((character) => plain.includes(character));
  if (!special.includes('\\') && Buffer.byteLength(plain) === plain.length)
    return special.reduce((text, character) => text.replaceAll(character, unicodeEscape(character)), plain);
  return plain.replace(escapedOrSpecial, (match) => {
    if (match === '\\"') return '\\u0022';
    if (match.length === 6) return `\\u${match.slice(2).toUpperCase()}`;
    return match.length === 2 ? match : unicodeEscape(match);
  });
}
// searching for each character is many times faster than for a character class, and most manifests have at most one
const specialAscii = [..."&'+<>`\\\x7f"];

/**
 * The text of an artifact that later steps read: one member per line, and one line for each element of a top-level
 * list, so that a diff shows what changed (design 02 §15.1). One trailing LF.
 */
export function listText(value: Readonly<Record<string, unknown>>): string {
  // joined once, because every intermediate text would be copied
  const pieces = ['{'];
  for (const [name, member] of Object.entries(value)) {
    pieces.push(pieces.length === 1 ? '\n' : ',\n', JSON.stringify(name), ': ');
    if (Array.isArray(member) && member.length > 0) {
      member.forEach((element, index) => {
        pieces.push(index === 0 ? '[\n' : ',\n', JSON.stringify(element));
      });
      pieces.push('\n]');
    } else pieces.push(JSON.stringify(member));
  }
  pieces.push('\n}\n');
  return pieces.join('');
}

/** JSON for people: two-space indentation, members in ordinal order, numbers as written, one trailing LF. */
export function indentedText(value: JsonValue): string {
  const out: string[] = [];
  writeIndented(value, '', out);
  out.push('\n');
  return out.join('');
}

function writeIndented(value: JsonValue, indent: string, out: string[]): void {
  const inner = `${indent}  `;
  if (value instanceof JsonNumber) out.push(value.lexeme);
  else if (value === null || typeof value !== 'object') out.push(JSON.stringify(value));
  else if (isJsonArray(value)) {
    if (value.length === 0) return void out.push('[]');
    value.forEach((element, index) => {
      out.push(index === 0 ? '[\n' : ',\n', inner);
      writeIndented(element, inner, out);
    });
    out.push('\n', indent, ']');
  } else {
    if (value.size === 0) return void out.push('{}');
    [...value.keys()].sort().forEach((name, index) => {
      out.push(index === 0 ? '{\n' : ',\n', inner, JSON.stringify(name), ': ');
      writeIndented(value.get(name) ?? null, inner, out);
    });
    out.push('\n', indent, '}');
  }
}
