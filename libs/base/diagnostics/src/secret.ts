/**
 * The key under which Node looks up the custom inspection of a value. Pages use this package too, so no module of Node
 * is imported.
 */
const inspected = Symbol.for('nodejs.util.inspect.custom');

const hidden = '***';

/**
 * A text that is never shown: every conversion to text or JSON gives `***`. Only code that opens a connection reveals
 * it.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }

  [Symbol.toPrimitive](): string {
    return hidden;
  }

  [inspected](): string {
    return hidden;
  }
}

/** Removes secrets from a text that leaves a task. */
export type Redact = (text: string) => string;

/** Shorter passwords are not searched for: words of this length occur in many messages. */
const searchableLength = 8;

/** A pattern that matches exactly this text. */
export const escapedPattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

const isWord = (character: string | undefined) => character !== undefined && /[\p{L}\p{N}_]/u.test(character);

/** A pattern for the text, but not as part of a longer word: replacing it there would reveal the rest of the word. */
function asWord(text: string): string {
  const characters = [...text];
  const before = isWord(characters[0]) ? '(?<![\\p{L}\\p{N}_])' : '';
  const after = isWord(characters.at(-1)) ? '(?![\\p{L}\\p{N}_])' : '';
  return `${before}${escapedPattern(text)}${after}`;
}

/** The spellings that a client may write: plain, and percent-encoded as in a URL, with hex digits in either case. */
function spellings(text: string): readonly string[] {
  const encoded = encodeURIComponent(text.toWellFormed());
  return [text, encoded, encoded.replaceAll(/%../g, (byte) => byte.toLowerCase())];
}

/**
 * A redactor of texts from a driver or a server: it replaces each of the secrets that occurs as a whole word, plain or
 * percent-encoded, and changes nothing else (design 09 §1.3).
 */
export function redactor(secrets: readonly Secret[]): Redact {
  const patterns = [...new Set(secrets.map((secret) => secret.reveal()))]
    .filter((text) => [...text].length >= searchableLength)
    .flatMap((text) => spellings(text))
    .sort((left, right) => right.length - left.length)
    .map(asWord);
  if (patterns.length === 0) return (text) => text;
  const pattern = new RegExp(patterns.join('|'), 'gu');
  return (text) => text.replace(pattern, hidden);
}
