import fc from 'fast-check';

/** Any code point, except the halves of surrogate pairs. */
const codePoint = fc
  .nat(0x10ffff - 0x800)
  .map((number) => String.fromCodePoint(number < 0xd800 ? number : number + 0x800));

/**
 * Texts of any code points. The same as the unit `binary` of fast-check, which makes a table of all code points: a
 * second of processor time in every worker, and memory that it keeps.
 */
export const anyText = (constraints: Omit<fc.StringConstraints, 'unit'> = {}): fc.Arbitrary<string> =>
  fc.string({ ...constraints, unit: codePoint });
