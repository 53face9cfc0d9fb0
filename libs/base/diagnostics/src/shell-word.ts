/** A text in single quotes, in the form that bash, zsh and fish accept. */
export const quotedWord = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The platform whose shells run the commands in messages; pages use this module too, outside of any system. */
const system = typeof process === 'undefined' ? 'linux' : process.platform;

/** Words that no shell interprets. In PowerShell a comma makes a list, and a word may not begin with `@`. */
const plain = /^[\w./:@%+,-]+$/;
const plainOnWindows = /^[\w./\\:+-]+$/;

/**
 * A text as one word of a command line, quoted only if a shell would interpret it. On Windows the quotes are accepted
 * by both PowerShell and cmd.
 */
export function shellWord(text: string, platform: string = system): string {
  if (platform !== 'win32') return plain.test(text) ? text : quotedWord(text);
  return plainOnWindows.test(text) ? text : `"${text.replaceAll('"', '""')}"`;
}
