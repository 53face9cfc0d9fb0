import { describe, expect, it } from 'vitest';
import { decimalNumber, decimalText, fractionDigits, isNumberText, wholeDigits } from './decimal-numbers.ts';

/** The text of a number and the count of its digits before and after the point. */
function read(text: string): readonly [string, number, number] | undefined {
  const number = decimalNumber(text);
  return number && [decimalText(number), wholeDigits(number), fractionDigits(number)];
}

describe('a decimal number', () => {
  it.each([
    ['0', '0', 0, 0],
    ['-0', '0', 0, 0],
    ['-0.00', '0', 0, 0],
    ['0e5', '0', 0, 0],
    ['1', '1', 1, 0],
    ['-12.50', '-12.5', 2, 1],
    ['007.10', '7.1', 1, 1],
    ['100', '100', 3, 0],
    ['1.5e3', '1500', 4, 0],
    ['1.5E+1', '15', 2, 0],
    ['15e-1', '1.5', 1, 1],
    ['12345e-3', '12.345', 2, 3],
    ['5e-3', '0.005', 0, 3],
    ['1000e-3', '1', 1, 0],
    ['1e000000000001', '10', 2, 0],
    ['12345678901234567890.123456789', '12345678901234567890.123456789', 20, 9],
  ])('%s is %s, with %i digits before the point and %i after it', (text, expected, whole, fraction) => {
    expect(read(text)).toEqual([expected, whole, fraction]);
  });

  it.each(['', '-', '.5', '5.', '1e', '1e1.5', '+1', '0x1', '1,5', ' 1', 'NaN'])('%j is refused', (text) => {
    expect(decimalNumber(text)).toBeUndefined();
    expect(isNumberText(text)).toBe(false);
  });

  it('has at most 131072 digits before the point and 16383 after it, as PostgreSQL stores', () => {
    expect(read('1e131071')?.slice(1)).toEqual([131_072, 0]);
    expect(read('1e131072')).toBeUndefined();
    expect(read('1e-16383')?.slice(1)).toEqual([0, 16_383]);
    expect(read('1e-16384')).toBeUndefined();
    // the digits of such a power are never generated
    expect(read('1e999999999999')).toBeUndefined();
    expect(read('0e999999999999')?.[0]).toBe('0');
    expect(isNumberText('1e999999999999')).toBe(true);
  });
});
