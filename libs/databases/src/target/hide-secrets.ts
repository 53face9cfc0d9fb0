import { passwordKeys } from './semicolon-form.ts';

/** A password in a URL: from the colon after the user to the last `@` of the text that contains it. */
const inUrl = /(?<=:\/\/[^\s"'/@:]*:)(?:\\.|[^"\\\n])*(?=@)/g;

/** After its key, plain or in quotes, which JSON escapes. */
const behindKey = new RegExp(
  `(?<=(?<!\\w)(?:${passwordKeys.join('|')})["']?\\s*[=:]\\s*)` +
    `(?:\\\\"(?:\\\\"\\\\"|(?!\\\\").)*\\\\"|"(?:""|[^"])*"|'(?:''|[^'])*'|[^\\s;"][^;"\\n]*)`,
  'gi',
);

/**
 * A text that may contain connection texts, in JSON or not, with a dot for each character of a possible password: every column
 * stays where it was. For texts that are shown before anything is read from them; what is known about a target is hidden by its
 * `Redact`.
 */
export function hideSecrets(text: string): string {
  return [inUrl, behindKey].reduce((shown, secret) => shown.replace(secret, (found) => '·'.repeat(found.length)), text);
}
