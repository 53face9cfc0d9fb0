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
  return plainOnWindows.test(text) ? text : wordOnWindows(text);
}

/**
 * A word in double quotes. A backslash before the last quote would make the quote a part of the word: at the end it is
 * written as `/`. PowerShell expands `$name` and cmd `%name%` between quotes too, so these two signs stand outside of
 * them and before a quote: `C:\"My sets"\a$"b"`. PowerShell joins such parts only if the word does not begin with a
 * quote.
 */
function wordOnWindows(text: string): string {
  const whole = text.replace(/\\+$/, '/');
  const [start = ''] = /^[^$%]*/.exec(whole) ?? [];
  const parts = whole.slice(start.length).match(/[$%][^$%]*/g) ?? [];
  if (parts.length === 0) return quotedPart(start);
  const [bare = ''] = /^[\w./\\:]*/.exec(start) ?? [];
  const begin = bare === start ? bare : bare + quotedPart(start.slice(bare.length));
  const isPlainEnd = (part: string, index: number) => part.length === 1 && index === parts.length - 1;
  return (
    begin +
    parts.map((part, index) => (isPlainEnd(part, index) ? part : part.charAt(0) + quotedPart(part.slice(1)))).join('')
  );
}

/** A part of a word in quotes, with the backslashes at its end behind them. */
function quotedPart(part: string): string {
  const [end = ''] = /\\*$/.exec(part) ?? [];
  return `"${part.slice(0, part.length - end.length).replaceAll('"', '""')}"${end}`;
}
