/*
 * How texts of documents are compared where a program must decide as a database does (design 22 §4.5).
 */

/** Whether all texts that differ are different, or texts that differ only in case are equal. */
export type TextEquality = 'exact' | 'ignoreCase';

/** The form of a text in which equal texts are the same code units, for each equality. */
export const comparedForm: Readonly<Record<TextEquality, (text: string) => string>> = {
  exact: (text) => text,
  // ordinal, so no language and no weight of letters counts
  ignoreCase: upperCased,
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII
const ascii = /^[\x00-\x7f]*$/;

/**
 * The simple upper case of each code point, regardless of language and context. A letter beyond ASCII never becomes an
 * ASCII letter.
 */
function upperCased(text: string): string {
  // the usual case needs no loop
  if (ascii.test(text)) return text.toUpperCase();
  let result = '';
  for (const character of text) result += upperCase(character);
  return result;
}

/**
 * The engine knows the full upper case, which may be several characters. Those that also have a simple one are Greek
 * letters with an iota subscript, whose simple upper case is their title form (UnicodeData.txt, field 12).
 */
function upperCase(character: string): string {
  const upper = character.toUpperCase();
  if (upper.length > character.length && [...upper].length > 1)
    return String.fromCodePoint(titleForm(character.codePointAt(0) ?? 0));
  return ascii.test(upper) && !ascii.test(character) ? character : upper;
}

/** The title form of a letter with an iota subscript; any other letter stays as it is. */
function titleForm(letter: number): number {
  if (letter >= 0x1f80 && letter <= 0x1faf) return letter | 8;
  return letter === 0x1fb3 || letter === 0x1fc3 || letter === 0x1ff3 ? letter + 9 : letter;
}
