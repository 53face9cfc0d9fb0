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

/** A pattern that finds just this text. */
export const escapedPattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** One character, plain, percent-encoded in either case, or escaped as in JSON. */
function spellings(character: string): string {
  const encoded = [...new TextEncoder().encode(character)]
    .map(
      (byte) =>
        `%${[...byte.toString(16).padStart(2, '0')].map((digit) => `[${digit}${digit.toUpperCase()}]`).join('')}`,
    )
    .join('');
  const json = JSON.stringify(character).slice(1, -1);
  const forms = [character, ...(json === character ? [] : [json])].map(escapedPattern);
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

/** What is hidden already, and what messages and pages write in place of a password. */
const placeholder = '[·…]|\\*\\*\\*|password@host:port/';

/**
 * A password in a URL: from the colon after the user, which may contain the name of a server behind an `@`, to the last
 * `@` of the text that contains it. A quote belongs to it unless what follows ends a value. A path that was made from a
 * URL has only one slash. A message may name two targets: the port and the path of the first, and another URL behind them,
 * are no password.
 */
const firstOfTwo = '\\d{1,5}/[^\\s@"]*\\s(?:[^"\\n]*\\s)?[a-z]+://';
const inUrl = new RegExp(
  `(?<=:/+[^\\s"'/:]*:)(?!${placeholder}|${firstOfTwo})(?:\\\\.|[^"\\\\\\n]|"(?![\\s,;:}\\])]|$))*(?=@)`,
  'g',
);

/** The same in a URL that ends before the host: what stands behind the colon is not a port. */
const inCutUrl = new RegExp(
  `(?<=:/+[^\\s"'/:@[\\]]+:)(?!${placeholder}|port\\b|\\d{1,5}(?!\\w))[^\\s"'/@,;]+(?=[\\s"'.,;)]|$)(?![^"\\n]*@)`,
  'g',
);

/** After a word that ends like one of these, plain or in quotes, which JSON escapes. */
const behindKey = new RegExp(
  `(?<=(?:password|passwd|passphrase|pwd|psw)["']?\\s*(?:[=:]|%3D)\\s*)(?!${placeholder})` +
    `(?:\\{(?:\\}\\}|[^}\\n])*\\}|\\\\"(?:\\\\"\\\\"|(?!\\\\")[^"])*\\\\"|\\\\"(?:\\\\.|[^"\\\\;\\n])*|"(?:""|[^"])*"|'(?:''|\\\\.|[^'\\\\])*'|["']?[^\\s;"][^;"\\n]*)`,
  'gi',
);

const everywhere = [inUrl, inCutUrl, behindKey];

/**
 * What is a password only in a text that was given as an argument: `user:password@host` without a scheme or its
 * slashes, a password in a URL that a line break divides, and what is behind the word `pass`. In results and messages
 * such texts are data.
 */
const given = [
  new RegExp(`(?<=:/+[^\\s"'/:]*:)(?!${placeholder})[^"]*(?=@)`, 'g'),
  ...everywhere,
  new RegExp(`(?<=(?:^|[\\s"'=/:])[^\\s"'/@:=;]+:)(?!${placeholder})[^\\s"'/@:]+(?=@[^\\s@])`, 'g'),
  new RegExp(`(?<=\\bpass\\s*=\\s*)(?!${placeholder})[^\\s;"']+`, 'gi'),
];

const dotted = (text: string, secrets: readonly RegExp[]): string =>
  secrets.reduce((shown, secret) => shown.replace(secret, (found) => '·'.repeat(found.length)), text);

/**
 * A text that may contain connection texts, in JSON or not, with a dot for each character of a possible password: every
 * column stays where it was. For texts that are shown whatever they are; what is known about a target is hidden by its
 * `Redact`.
 */
export function hideSecrets(text: string): string {
  return dotted(text, everywhere);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Without the quotes around a value of a connection text, and without what its quotes in it are written with. */
const unquoted = (text: string): string =>
  /^(["']).*\1$/s.test(text)
    ? text.slice(1, -1).replaceAll(/""|''|\\(.)/gs, (pair, escaped) => escaped ?? pair.charAt(0))
    : text;

/** The possible passwords of a text, as written and as read, whole and up to where they may end. */
function secretsIn(text: string): readonly string[] {
  // the names of parameters may be encoded too
  const found = [text, decoded(text)].flatMap((each) =>
    given.flatMap((secret) => [...each.matchAll(secret)].map(([value]) => value)),
  );
  const read = found.flatMap((value) => [value, unquoted(value), value.replace(/[\s&].*$/s, '')]);
  // a path that was made from the text, or a line, may end in the middle of the password
  return [...new Set([...read, ...read.map(decoded)].flatMap((value) => [value, ...value.split(/[/\n]/)]))];
}

/**
 * Hides possible passwords like {@link hideSecrets}, and those of `texts` wherever they are: a message may show a part
 * of such a text, or a path that was made from it. A password that the rest of its text shows is not looked for: the
 * gap would tell it.
 */
export function secretHider(texts: readonly string[]): Redact {
  const hideGiven = (text: string) => dotted(text, given);
  const isHiding = (text: string) => [text, decoded(text)].some((each) => hideGiven(each) !== each);
  const hiding = texts.filter(isHiding).toSorted((left, right) => right.length - left.length);
  const secrets = hiding.flatMap((text) => {
    const rest = hideGiven(text) === text ? hideGiven(decoded(text)) : hideGiven(text);
    return secretsIn(text).filter((secret) => !rest.includes(secret));
  });
  const redact = redactor(secrets.map((secret) => new Secret(secret)));
  return (text) => redact(hideSecrets(hiding.reduce((shown, each) => shown.replaceAll(each, hideGiven), text)));
}
