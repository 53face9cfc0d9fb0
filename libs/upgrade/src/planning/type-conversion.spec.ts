import { describe, expect, it } from 'vitest';
import { typeConversion } from './type-conversion.ts';

/* How the values of a column are converted to another type (design 12 §3.2). */

describe('an integer that becomes a decimal', () => {
  // the largest values have 5, 10 and 19 digits: 32767, 2147483647, 9223372036854775807
  it.each([
    ['smallint', 'numeric(6,1)', 'wider'],
    ['smallint', 'numeric(5,1)', 'other'],
    ['integer', 'numeric(11,1)', 'wider'],
    ['integer', 'numeric(10,1)', 'other'],
    ['int', 'decimal(14,4)', 'wider'],
    ['int', 'decimal(13,4)', 'other'],
    ['bigint', 'numeric(20,1)', 'wider'],
    ['bigint', 'decimal(19,1)', 'other'],
    ['bigint', 'numeric', 'wider'],
    // a decimal without fractional digits still stores integers
    ['integer', 'numeric(10,0)', 'other'],
    ['integer', 'numeric(18)', 'other'],
  ])('%s to %s is %s', (before, after, expected) => {
    expect(typeConversion(before, after).kind).toBe(expected);
  });
});
