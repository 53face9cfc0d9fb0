import { type Redact, redactor, Secret } from './secret.ts';

/** What is hidden already, and what messages and pages write in place of a password. */
const placeholder = '[·…]|\\*\\*\\*|password@host:port/';

/**
 * A password in a URL: from the colon after the user to the last `@` of the text that contains it. A path that was made from a URL
 * has only one slash.
 */
const inUrl = new RegExp(`(?<=:/+[^\\s"'/@:]*:)(?!${placeholder})(?:\\\\.|[^"\\\\\\n])*(?=@)`, 'g');

/** After a word that ends like one of these, plain or in quotes, which JSON escapes. */
const behindKey = new RegExp(
  `(?<=(?:password|passwd|passphrase|pwd|psw)["']?\\s*(?:[=:]|%3D)\\s*)(?!${placeholder})` +
    `(?:\\\\"(?:\\\\"\\\\"|(?!\\\\")[^"])*\\\\"|\\\\"(?:\\\\.|[^"\\\\;\\n])*|"(?:""|[^"])*"|'(?:''|\\\\.|[^'\\\\])*'|["']?[^\\s;"][^;"\\n]*)`,
  'gi',
);

/**
 * A text that may contain connection texts, in JSON or not, with a dot for each character of a possible password: every column
 * stays where it was. For texts that are shown whatever they are; what is known about a target is hidden by its `Redact`.
 */
export function hideSecrets(text: string): string {
  return [inUrl, behindKey].reduce((shown, secret) => shown.replace(secret, (found) => '·'.repeat(found.length)), text);
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
  const found = [inUrl, behindKey].flatMap((secret) => [...text.matchAll(secret)].map(([value]) => value));
  const read = found.flatMap((value) => [value, unquoted(value), value.replace(/[\s&].*$/s, '')]);
  // a path that was made from the text may end in the middle of the password
  return [...new Set([...read, ...read.map(decoded)].flatMap((value) => [value, ...value.split('/')]))];
}

/**
 * Hides possible passwords like {@link hideSecrets}, and those of `texts` wherever they are: a message may show a part of such a
 * text, or a path that was made from it. A password that the rest of its text shows is not looked for: the gap would tell it.
 */
export function secretHider(texts: readonly string[]): Redact {
  const hiding = texts.filter((text) => hideSecrets(text) !== text).toSorted((left, right) => right.length - left.length);
  const secrets = hiding.flatMap((text) => {
    const rest = hideSecrets(text);
    return secretsIn(text).filter((secret) => !rest.includes(secret));
  });
  const redact = redactor(secrets.map((secret) => new Secret(secret)));
  return (text) => redact(hideSecrets(hiding.reduce((shown, each) => shown.replaceAll(each, hideSecrets), text)));
}
