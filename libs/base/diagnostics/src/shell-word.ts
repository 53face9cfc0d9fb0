/** A text in single quotes, in the form that bash, zsh and fish accept. */
export const quotedWord = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** A text as one word of a command line: in quotes only where a shell would read it otherwise. */
export const shellWord = (text: string): string => (/^[\w./:@%+,-]+$/.test(text) ? text : quotedWord(text));
