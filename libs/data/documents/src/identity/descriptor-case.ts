/*
 * Letter case does not distinguish descriptors: their identity is the URI in lower case (design 14a §4.2). `update` in
 * the `DescriptorRules` of each generation decides which spelling a stored descriptor keeps.
 */

/** Lower-cases the letters A to Z, which every database regards as equal to a to z in a URI. */
export const lowerCasedAscii = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

/**
 * Lower-cases character by character, regardless of language and context. For the letters A to Z the result equals
 * `lower` in a database with the collation C (design 07 §9.2).
 */
export function lowerCased(text: string): string {
  // the usual case needs no loop
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII
  if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase();
  return [...text].map((character) => character.toLowerCase()).join('');
}
