/*
 * Letter case does not distinguish descriptors: their identity is the URI in lower case (design 14a §4.2). `update` in
 * the `DescriptorRules` of each generation decides which spelling a stored descriptor keeps.
 */

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII
const ascii = /^[\x00-\x7f]*$/;

/** Whether a text has no characters beyond ASCII. */
export const isAscii = (text: string): boolean => ascii.test(text);

/** Lower-cases the letters A to Z, which every database regards as equal to a to z in a URI. */
export const lowerCasedAscii = (text: string): string =>
  isAscii(text) ? text.toLowerCase() : text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

/**
 * Lower-cases character by character, regardless of language and context. For the letters A to Z the result equals
 * `lower` in a database with the collation C (design 07 §9.2).
 */
export function lowerCased(text: string): string {
  // the usual case needs no loop
  if (isAscii(text)) return text.toLowerCase();
  return [...text].map((character) => character.toLowerCase()).join('');
}
