/* What stands on a command line, apart from options: this is loaded where no operation is. */

/** A text in single quotes, in the form that bash, zsh and fish accept. */
export const quotedWord = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** A text as one word of a command line: in quotes only where a shell would read it otherwise. */
export const shellWord = (text: string): string => (/^[\w./:@%+,-]+$/.test(text) ? text : quotedWord(text));

/** The text that stands for the standard input or output. */
export const standardStream = '-';

/** The file of an output that is printed without one; undefined for the standard output. */
export const outputFile = (value: string | undefined): string | undefined =>
  value === standardStream ? undefined : value;
