/** A text in single quotes, in the form that bash, zsh and fish accept. */
export const quotedWord = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The system whose shells read the commands of messages; pages use this module too, and run in none. */
const system = typeof process === 'undefined' ? 'linux' : process.platform;

/** What no shell reads otherwise. In PowerShell a comma makes a list, and a word may not begin with `@`. */
const plain = /^[\w./:@%+,-]+$/;
const plainOnWindows = /^[\w./\\:+-]+$/;

/**
 * A text as one word of a command line: in quotes only where a shell would read it otherwise. On Windows the quotes are
 * those that PowerShell and cmd both take.
 */
export function shellWord(text: string, platform: string = system): string {
  if (platform !== 'win32') return plain.test(text) ? text : quotedWord(text);
  return plainOnWindows.test(text) ? text : `"${text.replaceAll('"', '""')}"`;
}
