/** A match that a line must not have. */
export const controlCharacter = /[^\P{Cc}\n]/u;

/**
 * The lines in which the pattern finds something, with their numbers from 1. Most texts have none, and a single search
 * of the whole text shows that. A match must lie within a line.
 */
export function linesWith(text: string, pattern: RegExp): { readonly line: number; readonly text: string }[] {
  if (!pattern.test(text)) return [];
  return text.split('\n').flatMap((found, index) => (pattern.test(found) ? [{ line: index + 1, text: found }] : []));
}
