/**
 * The key under which Node looks for how a value is inspected. Pages use this package too, so that no module of Node is
 * imported.
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

/** Replaces what must not be read in a text that leaves a task. */
export type Redact = (text: string) => string;

/** Shorter passwords are not searched for in free text: that would mangle it, and show where they are. */
const searchableLength = 4;

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** One character, plain, percent-encoded in either case, or escaped as in JSON. */
function spellings(character: string): string {
  const encoded = [...new TextEncoder().encode(character)]
    .map(
      (byte) =>
        `%${[...byte.toString(16).padStart(2, '0')].map((digit) => `[${digit}${digit.toUpperCase()}]`).join('')}`,
    )
    .join('');
  const json = JSON.stringify(character).slice(1, -1);
  const forms = [character, ...(json === character ? [] : [json])].map(escaped);
  return `(?:${[...forms, encoded].join('|')})`;
}

/**
 * A redactor of the connection text and the password in all their spellings: plain, percent-encoded in whole or in
 * part, escaped as in JSON (design 09 §1.3).
 */
export function redactor(secrets: readonly Secret[]): Redact {
  const patterns = [...new Set(secrets.map((secret) => secret.reveal()))]
    .filter((text) => text.length >= searchableLength)
    .sort((left, right) => right.length - left.length)
    .map((text) => [...text].map(spellings).join(''));
  if (patterns.length === 0) return (text) => text;
  const pattern = new RegExp(patterns.join('|'), 'gu');
  return (text) => text.replace(pattern, hidden);
}
