import { describe, expect, it } from 'vitest';
import { familyConversion, typeConversion } from './type-conversion.ts';

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

describe('a type of another family', () => {
  it.each([
    ['integer', 'varchar(11)', 'Int32', 'String', true],
    ['integer', 'varchar(10)', 'Int32', 'String', false],
    ['bigint', 'nvarchar(20)', 'Int64', 'String', true],
    ['int', 'nvarchar(max)', 'Int32', 'String', true],
    ['numeric(18,4)', 'varchar(21)', 'Decimal', 'String', true],
    ['decimal(18,4)', 'nvarchar(20)', 'Decimal', 'String', false],
    ['numeric(9,0)', 'varchar(10)', 'Decimal', 'String', true],
    ['numeric', 'varchar(300)', 'Decimal', 'String', false],
    ['boolean', 'varchar(5)', 'Boolean', 'String', true],
    ['bit', 'nvarchar(4)', 'Boolean', 'String', false],
    ['date', 'varchar(10)', 'Date', 'String', true],
    ['date', 'nvarchar(9)', 'Date', 'String', false],
    ['date', 'timestamp with time zone', 'Date', 'DateTime', true],
    ['date', 'datetime2(7)', 'Date', 'DateTime', true],
  ])('%s to %s is the form of %s in %s; it holds all values: %s', (before, after, from, into, holdsAll) => {
    const found = familyConversion(before, after);
    expect([found?.conversion.from.kind, found?.conversion.into, found?.fits === null]).toEqual([from, into, holdsAll]);
  });

  it.each([
    ['varchar(20)', 'integer'],
    ['timestamp with time zone', 'date'],
    ['timestamp with time zone', 'varchar(40)'],
    ['uuid', 'varchar(60)'],
    ['integer', 'boolean'],
  ])('%s to %s is none', (before, after) => {
    expect(familyConversion(before, after)).toBeNull();
  });
});
