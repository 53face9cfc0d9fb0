/** A decimal number as digits and a power of ten, without leading or trailing zeros; zero has no digits. */
export interface DecimalNumber {
  readonly isNegative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

const numberPattern = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** Whether a text is a number, of any size. */
export const isNumberText = (text: string) => numberPattern.test(text);

/** The limits of PostgreSQL's `numeric` without precision, which allows more digits than any document needs. */
const mostDigits = { before: 131_072, after: 16_383 } as const;

/** A number from its JSON or SQL text; undefined if it is not a number, or beyond the limits of every engine. */
export function decimalNumber(text: string): DecimalNumber | undefined {
  const match = numberPattern.exec(text);
  if (!match) return undefined;
  const [, sign = '', whole = '', fraction = '', power = '0'] = match;
  const leading = (whole + fraction).replace(/^0+/, '');
  const digits = leading.replace(/0+$/, '');
  if (digits === '') return { isNegative: false, digits: '', exponent: 0 };
  // an exponent with more digits puts every number out of range
  if (power.replace(/^[+-]?0*/, '').length > 6) return undefined;
  const exponent = Number(power) - fraction.length + leading.length - digits.length;
  if (digits.length + exponent > mostDigits.before || -exponent > mostDigits.after) return undefined;
  return { isNegative: sign === '-', digits, exponent };
}

/** The number of digits before the decimal point, without leading zeros. */
export const wholeDigits = ({ digits, exponent }: DecimalNumber) => Math.max(digits.length + exponent, 0);

/** The number of digits after the decimal point, without trailing zeros. */
export const fractionDigits = ({ exponent }: DecimalNumber) => Math.max(-exponent, 0);

/**
 * The text of design 07 §9.2: fixed-point, without trailing fractional zeros, without a trailing point, zero without a
 * sign.
 */
export function decimalText(number: DecimalNumber): string {
  const { isNegative, digits, exponent } = number;
  if (digits === '') return '0';
  const sign = isNegative ? '-' : '';
  if (exponent >= 0) return `${sign}${digits}${'0'.repeat(exponent)}`;
  const padded = digits.padStart(1 - exponent, '0');
  return `${sign}${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
}
