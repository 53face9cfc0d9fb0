import { passwordKeys } from './semicolon-form.ts';

/** A password in a URL: from the colon behind the user to the last `@` of the text that it stands in. */
const inUrl = /(?<=:\/\/[^\s"'/@:]*:)(?:\\.|[^"\\\n])*(?=@)/g;

/** Behind its key, as it is or in quotes, which JSON escapes. */
const behindKey = new RegExp(
  `(?<=(?<!\\w)(?:${passwordKeys.join('|')})["']?\\s*[=:]\\s*)` +
    `(?:\\\\"(?:\\\\"\\\\"|(?!\\\\").)*\\\\"|"(?:""|[^"])*"|'(?:''|[^'])*'|[^\\s;"][^;"\\n]*)`,
  'gi',
);

/**
 * A text in which connection texts may stand, in JSON or not, with a dot for each character of what may be a password: every column is
 * where it was. For texts that are shown before anything was read from them; what is known of a target is hidden by its `Redact`.
 */
export function hideSecrets(text: string): string {
  return [inUrl, behindKey].reduce((shown, secret) => shown.replace(secret, (found) => '·'.repeat(found.length)), text);
}
