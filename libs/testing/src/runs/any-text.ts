import fc from 'fast-check';

/** The number of halves of surrogate pairs, which are skipped, and the first of them. */
const halves = 0x800;
const firstHalf = 0xd800;

/** The number of a text that is one code point. Throws for another text, as the inverse of a `map` must. */
function numberOf(text: unknown): number {
  const code = typeof text === 'string' ? text.codePointAt(0) : undefined;
  if (code === undefined || text !== String.fromCodePoint(code)) throw new Error('not one code point');
  if (code >= firstHalf && code < firstHalf + halves) throw new Error('half of a surrogate pair');
  return code < firstHalf ? code : code - halves;
}

/** Any code point, except the halves of surrogate pairs. */
const codePoint = fc
  .nat(0x10ffff - halves)
  .map((number) => String.fromCodePoint(number < firstHalf ? number : number + halves), numberOf);

/**
 * Texts of any code points, with the dangerous ones of fast-check, such as `__proto__`, which it mixes in only where
 * the unit has an inverse. They are as frequent as with its unit `binary`, which makes a table of all code points: a
 * second of processor time in every worker, and memory that it keeps.
 */
export const anyText = (constraints: Omit<fc.StringConstraints, 'unit'> = {}): fc.Arbitrary<string> =>
  fc.string({ ...constraints, unit: codePoint });
