import { counted, type DiagnosticLocation, fail } from '@dms/diagnostics';
import { JsonNumber, type JsonObject, type JsonValue } from './json-value.ts';

/** The maximum nesting of arrays and objects, and of the elements of XML (design 01 §3). */
export const nestingLimit = 64;

/**
 * Parses JSON text strictly (design 01 §3): no comments, no trailing commas, no repeated members, at most 64 levels.
 * Numbers keep their source text. `file` names the text in messages. Throws `INPUT_JSON_INVALID` (with line and
 * column), `INPUT_JSON_DUPLICATE_KEY`, `INPUT_JSON_TOO_DEEP`, `INPUT_UNICODE_INVALID`.
 */
export function parseJson(text: string, file: string): JsonValue {
  return new JsonReader(text, file).readDocument();
}

const simpleEscapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
const numberPattern = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: strings must not hold control characters unescaped
const plainStringPattern = /[^"\\\u0000-\u001f]*/y;

/** Strict RFC 8259 reader. `JSON.parse` cannot replace it, because it hides number lexemes and repeated members. */
class JsonReader {
  private offset = 0;
  private readonly pointer: string[] = [];
  private readonly text: string;
  private readonly file: string;

  constructor(text: string, file: string) {
    this.text = text;
    this.file = file;
  }

  readDocument(): JsonValue {
    const value = this.readValue();
    this.skipBlanks();
    if (this.offset < this.text.length) this.invalid('the end of the document');
    if (value === null) this.invalid('an object (the document is null)', 0);
    return value;
  }

  private readValue(): JsonValue {
    this.skipBlanks();
    switch (this.text[this.offset]) {
      case '{':
        return this.readObject();
      case '[':
        return this.readArray();
      case '"':
        return this.readString();
      case 't':
        return this.readWord('true', true);
      case 'f':
        return this.readWord('false', false);
      case 'n':
        return this.readWord('null', null);
      default:
        return this.readNumber();
    }
  }

  private readObject(): JsonObject {
    this.enter();
    const members = new Map<string, JsonValue>();
    this.skipBlanks();
    if (!this.take('}')) {
      do {
        this.skipBlanks();
        if (this.text[this.offset] !== '"') this.invalid('a member name');
        const name = this.readString();
        if (members.has(name)) this.duplicate(name);
        this.skipBlanks();
        if (!this.take(':')) this.invalid('":"');
        this.pointer.push(name);
        members.set(name, this.readValue());
        this.pointer.pop();
        this.skipBlanks();
      } while (this.take(','));
      if (!this.take('}')) this.invalid('"," or "}"');
    }
    this.depth -= 1;
    return members;
  }

  private readArray(): JsonValue[] {
    this.enter();
    const elements: JsonValue[] = [];
    this.skipBlanks();
    if (!this.take(']')) {
      do {
        this.pointer.push(String(elements.length));
        elements.push(this.readValue());
        this.pointer.pop();
        this.skipBlanks();
      } while (this.take(','));
      if (!this.take(']')) this.invalid('"," or "]"');
    }
    this.depth -= 1;
    return elements;
  }

  private readString(): string {
    const start = ++this.offset;
    plainStringPattern.lastIndex = start;
    plainStringPattern.test(this.text);
    this.offset = plainStringPattern.lastIndex;
    if (this.text[this.offset] === '"') return this.wellFormed(this.text.slice(start, this.offset++), start);
    let value = this.text.slice(start, this.offset);
    for (;;) {
      const character = this.text[this.offset];
      if (character === '"') break;
      if (character === '\\') value += this.readEscape();
      else if (character === undefined || character < ' ')
        this.invalid('a string without unescaped control characters, closed by a quote');
      else {
        plainStringPattern.lastIndex = this.offset;
        plainStringPattern.test(this.text);
        value += this.text.slice(this.offset, plainStringPattern.lastIndex);
        this.offset = plainStringPattern.lastIndex;
      }
    }
    this.offset += 1;
    return this.wellFormed(value, start);
  }

  private wellFormed(value: string, start: number): string {
    if (value.isWellFormed()) return value;
    const text = `The string at ${this.place()} holds an unpaired surrogate.`;
    return fail('INPUT_UNICODE_INVALID', text, this.where(start), { pointer: this.jsonPointer() });
  }

  private readEscape(): string {
    const letter = this.text[this.offset + 1];
    if (letter === 'u') {
      const hex = this.text.slice(this.offset + 2, this.offset + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(hex)) this.invalid('four hexadecimal digits after \\u');
      this.offset += 6;
      return String.fromCharCode(Number.parseInt(hex, 16));
    }
    const value = letter === undefined ? undefined : simpleEscapes[letter];
    if (value === undefined) this.invalid('one of the escapes of JSON after a backslash');
    this.offset += 2;
    return value;
  }

  private readNumber(): JsonNumber {
    numberPattern.lastIndex = this.offset;
    const match = numberPattern.exec(this.text);
    if (!match) this.invalid('a JSON value');
    this.offset = numberPattern.lastIndex;
    if (/[0-9]/.test(this.text[this.offset] ?? '')) this.invalid('a number without leading zeros');
    return new JsonNumber(match[0]);
  }

  private readWord<Value extends boolean | null>(word: string, value: Value): Value {
    if (!this.text.startsWith(word, this.offset)) this.invalid('a JSON value');
    this.offset += word.length;
    return value;
  }

  private depth = 0;

  private enter(): void {
    this.offset += 1;
    this.depth += 1;
    if (this.depth > nestingLimit) {
      fail(
        'INPUT_JSON_TOO_DEEP',
        `The document nests deeper than ${counted(nestingLimit, 'level')} at ${this.place()}.`,
        this.where(this.offset - 1),
        { limit: nestingLimit },
      );
    }
  }

  private skipBlanks(): void {
    for (;;) {
      const unit = this.text.charCodeAt(this.offset);
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return;
      this.offset += 1;
    }
  }

  private take(character: string): boolean {
    if (this.text[this.offset] !== character) return false;
    this.offset += 1;
    return true;
  }

  private duplicate(name: string): never {
    fail(
      'INPUT_JSON_DUPLICATE_KEY',
      `The member ${JSON.stringify(name)} occurs twice in the object at ${this.place()}; remove one of them.`,
      this.where(this.offset),
      { pointer: this.jsonPointer(), key: name },
    );
  }

  private invalid(expected: string, offset = this.offset): never {
    const where = this.where(offset);
    const found =
      offset < this.text.length
        ? JSON.stringify(String.fromCodePoint(this.text.codePointAt(offset) ?? 0))
        : 'the end of the file';
    fail(
      'INPUT_JSON_INVALID',
      `Invalid JSON at ${where.line}:${where.column}: expected ${expected}, found ${found}.`,
      where,
    );
  }

  /** The JSON Pointer of the current value (RFC 6901); empty for the document itself. */
  private jsonPointer(): string {
    return this.pointer.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  }

  private place(): string {
    return this.pointer.length === 0 ? 'the root' : this.jsonPointer();
  }

  /** Lines and columns count from 1; a column counts UTF-16 code units. */
  private where(offset: number): DiagnosticLocation & { line: number; column: number } {
    const before = this.text.slice(0, offset).split(/\r\n|\n|\r/);
    return { file: this.file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  }
}
