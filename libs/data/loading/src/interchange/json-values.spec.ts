import { JsonNumber } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { jsonValue } from './json-values.ts';
import type { ValueType } from './model-trees.ts';

const convert = (text: string, type: ValueType, name = 'value') => {
  const { value, reason } = jsonValue(text, type, name);
  return value instanceof JsonNumber ? { number: value.lexeme } : { value, reason };
};

describe('the text of an element', () => {
  it.each<[string, ValueType]>([
    ['1.50', 'String'],
    ['uri://ed-fi.org/SexDescriptor#Female', 'Descriptor'],
    ['2021-12-01T16:00:00Z', 'DateTime'],
    ['2021-12-01T16:00:00.125-06:00', 'DateTime'],
    ['08:10:00', 'Time'],
    ['2022-05-16', 'Date'],
  ])('%s is unchanged as %s', (text, type) => expect(convert(text, type).value).toBe(text));

  it.each([
    ['36.00000', '36.00000'],
    ['007', '7'],
    ['000', '0'],
    ['-0012.5', '-12.5'],
    ['+3', '3'],
    ['.5', '0.5'],
    ['-.5', '-0.5'],
    ['5.', '5'],
    ['1E3', '1E3'],
    ['12345678901234567890.123456789', '12345678901234567890.123456789'],
  ])('%s is the number %s', (text, lexeme) => {
    expect(convert(text, 'Decimal')).toEqual({ number: lexeme });
    expect(JSON.parse(lexeme)).toBe(Number(text));
  });

  it.each(['', '.', '-', 'e5', '1e', '1,5', '0x10', '1 2', 'NaN', 'INF', '2021-2022'])('%j is not a number', (text) =>
    expect(convert(text, 'Int32').reason).toBe('is not a whole number'),
  );

  it.each([
    ['true', true],
    ['1', true],
    ['false', false],
    ['0', false],
  ])('%s is the boolean %s', (text, value) => expect(convert(text, 'Boolean')).toEqual({ value, fault: undefined }));

  it.each([
    ['TRUE', 'Boolean', 'is not true, false, 1 or 0'],
    ['16.05.2022', 'Date', 'is not a date YYYY-MM-DD'],
    ['2022-05-16', 'DateTime', 'is not a date-time YYYY-MM-DDTHH:MM:SS'],
    ['8:10', 'Time', 'is not a time HH:MM:SS'],
    ['ten', 'Decimal', 'is not a number'],
  ] as const)('%s is not a %s', (text, type, reason) => expect(convert(text, type).reason).toBe(reason));

  it('a date-time without a zone is in UTC', () => {
    expect(convert('2021-12-01T16:00:00', 'DateTime').value).toBe('2021-12-01T16:00:00Z');
    expect(convert('2021-12-01T16:00:00.5', 'DateTime').value).toBe('2021-12-01T16:00:00.5Z');
  });

  it('the zone of a date is dropped', () => {
    expect(convert('2022-05-16Z', 'Date').value).toBe('2022-05-16');
    expect(convert('2022-05-16-06:00', 'Date').value).toBe('2022-05-16');
  });

  it('a school year of two years is the second one', () => {
    expect(convert('2021-2022', 'Int32', 'schoolYear')).toEqual({ number: '2022' });
    expect(convert('2021-2022', 'Int64', 'reportingSchoolYear')).toEqual({ number: '2022' });
    expect(convert('2022', 'Int32', 'schoolYear')).toEqual({ number: '2022' });
    expect(convert('2021-2023', 'Int32', 'schoolYear').reason).toBe('is not a whole number');
    expect(convert('2022-2021', 'Int32', 'schoolYear').reason).toBe('is not a whole number');
  });
});
