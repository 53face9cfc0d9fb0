import type { ScalarType } from '@dms/model';
import { dialects, type SqlDialect } from '@dms/sql';
import { JsonNumber } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { valueRulesV1 } from '../v1/writing-rules.ts';
import { valueRulesV2 } from '../v2/table-rows.ts';
import { hashedText, jsonFromDatabase, storedValue, valueFromDatabase } from './stored-value.ts';

const type = (kind: ScalarType['kind']): ScalarType => ({ kind, maxLength: null, decimal: null });

const decimal = (precision: number, scale: number): ScalarType => ({
  ...type('Decimal'),
  decimal: { precision, scale },
});

/** The stored text of a number in a document, or `refused`. */
function storedNumber(lexeme: string, scalarType: ScalarType, dialect: SqlDialect = 'pgsql'): string | boolean {
  return storedValue(new JsonNumber(lexeme), scalarType, dialect, valueRulesV1).value ?? 'refused';
}

describe.each(dialects)('numbers of documents for %s', (dialect) => {
  it.each([
    ['Int32', '2147483647', '2147483648'],
    ['Int32', '-2147483648', '-2147483649'],
    ['Int64', '9223372036854775807', '9223372036854775808'],
    ['Int64', '-9223372036854775808', '-9223372036854775809'],
  ] as const)('%s accepts %s and refuses %s', (kind, last, beyond) => {
    expect(storedNumber(last, type(kind), dialect)).toBe(last);
    expect(storedNumber(beyond, type(kind), dialect)).toBe('refused');
  });

  it('an integer is written with digits only, as an API takes it', () => {
    const fault = (lexeme: string) => storedValue(new JsonNumber(lexeme), type('Int64'), dialect, valueRulesV1).reason;
    expect(storedNumber('-10', type('Int64'), dialect)).toBe('-10');
    expect(fault('10.0')).toBe('is not written as an integer; write 10');
    expect(fault('2.5e1')).toBe('is not written as an integer; write 25');
    expect(fault('0.1')).toBe('is not a whole number');
    expect(fault('1e19')).toMatch(/^is not between/);
  });

  it('a decimal is limited by the digits of its type on each side of the point', () => {
    expect(storedNumber('999.99', decimal(5, 2), dialect)).toBe('999.99');
    expect(storedNumber('1000', decimal(5, 2), dialect)).toBe('refused');
    expect(storedNumber('0.001', decimal(5, 2), dialect)).toBe('refused');
    expect(storedNumber('-0.010', decimal(5, 2), dialect)).toBe('-0.01');
    const fault = (lexeme: string) => storedValue(new JsonNumber(lexeme), decimal(5, 2), dialect, valueRulesV1).reason;
    expect([fault('1000'), fault('0.001')]).toEqual([
      'has more than 3 digits before the decimal point',
      'has more than 2 digits after the decimal point',
    ]);
  });
});

describe('a decimal type without precision', () => {
  const plain = type('Decimal');

  it('accepts every number on PostgreSQL', () => {
    expect(storedNumber('1234567890123456789.5', plain, 'pgsql')).toBe('1234567890123456789.5');
  });

  it('accepts 18 digits without a fraction on SQL Server', () => {
    expect(storedNumber('999999999999999999', plain, 'mssql')).toBe('999999999999999999');
    expect(storedNumber('1000000000000000000', plain, 'mssql')).toBe('refused');
    expect(storedNumber('0.5', plain, 'mssql')).toBe('refused');
  });
});

describe('times of documents', () => {
  const stored = (text: string, kind: 'Time' | 'DateTime', rules = valueRulesV1) =>
    storedValue(text, type(kind), 'pgsql', rules);

  it.each(['08:00:00.5', '08:00:00.000', '08:00:00Z', '08:00:00+00:00', '8:00:00', '24:00:00'])(
    'a time %s is refused: an API takes no fraction and no zone',
    (text) => {
      expect(stored(text, 'Time').reason).toBe('is not a time (HH:MM:SS, without a fraction and without a zone)');
    },
  );

  it('a time is hours, minutes and seconds', () => expect(stored('23:59:59', 'Time')).toEqual({ value: '23:59:59' }));

  it.each([
    ['2030-05-01T08:00:00Z', '2030-05-01T08:00:00Z'],
    ['2030-05-01t08:00:00z', '2030-05-01T08:00:00Z'],
    ['2030-05-01 08:00:00Z', '2030-05-01T08:00:00Z'],
    ['2030-05-01T08:00:00+02:00', '2030-05-01T06:00:00Z'],
    ['2030-05-01 08:00:00-00:00', '2030-05-01T08:00:00Z'],
  ])('a date-time is as RFC 3339 has it: %s', (text, value) => {
    expect(stored(text, 'DateTime')).toEqual({ value });
  });

  it.each([
    '2030-05-01T08:00:00',
    '2030-05-01T08:00:00+02',
    '2030-05-01T08:00:00+0200',
    '2030-05-01T08:00Z',
    '5/1/2030',
  ])('a date-time is in no other form: %s', (text) => {
    expect(stored(text, 'DateTime').reason).toMatch(/^is not a date-time/);
  });

  it('a date-time keeps its fraction of a second in the first generation, and loses it in the second', () => {
    expect(stored('2030-01-01T08:00:00.250Z', 'DateTime')).toEqual({ value: '2030-01-01T08:00:00.25Z' });
    expect(stored('2030-01-01T08:00:00.1234567Z', 'DateTime').reason).toMatch(/^has more than 6 digits/);
    const cut = { value: '2030-01-01T08:00:00Z', isCut: true };
    expect(stored('2030-01-01T10:00:00.250+02:00', 'DateTime', valueRulesV2)).toEqual(cut);
    expect(stored('2030-01-01T08:00:00.123456789Z', 'DateTime', valueRulesV2)).toEqual(cut);
    expect(stored('2030-01-01T08:00:00.000Z', 'DateTime', valueRulesV2)).toEqual({ value: '2030-01-01T08:00:00Z' });
  });
});

describe('values as documents show them', () => {
  it.each<[ScalarType['kind'], unknown, unknown]>([
    ['Date', 'infinity', '9999-12-31'],
    ['Date', '-infinity', '0001-01-01'],
    ['Date', '9999-12-31', '9999-12-31'],
    ['DateTime', 'infinity', '9999-12-31T23:59:59Z'],
    ['DateTime', '-infinity', '0001-01-01T00:00:00Z'],
    ['String', 'infinity', 'infinity'],
  ])('%s %s is %s', (kind, value, expected) => {
    expect(jsonFromDatabase[kind](value)).toBe(expected);
  });
});

describe('values as engines print them', () => {
  it.each<[ScalarType['kind'], unknown, unknown]>([
    ['Decimal', '1.5000', '1.5'],
    ['Decimal', '100.00', '100'],
    ['Decimal', '100', '100'],
    ['Decimal', '0.00', '0'],
    ['Decimal', '-0.050', '-0.05'],
    ['Decimal', '10.010', '10.01'],
    ['Decimal', '12345678901.1234', '12345678901.1234'],
    ['Time', '08:00:00', '08:00:00'],
    ['Time', '08:00:00.5000000', '08:00:00.5'],
    ['Time', '10:20:30.0000000', '10:20:30'],
    ['DateTime', '2030-01-01 08:00:00+00', '2030-01-01T08:00:00Z'],
    ['DateTime', '2030-01-01 08:00:00.25+00', '2030-01-01T08:00:00.25Z'],
    ['DateTime', '2030-01-01 08:00:00+02', '2030-01-01T06:00:00Z'],
    ['DateTime', '2030-01-01T08:00:00.1234500Z', '2030-01-01T08:00:00.12345Z'],
    ['Date', '2030-01-01', '2030-01-01'],
    ['Int64', 9223372036854775807n, '9223372036854775807'],
    ['Boolean', 1, true],
    ['Boolean', false, false],
    ['String', '1.50', '1.50'],
    ['String', null, null],
  ])('%s %s is %s', (kind, value, expected) => {
    expect(valueFromDatabase(value, type(kind))).toBe(expected);
  });
});

describe('values in a hashed name', () => {
  it.each<[ScalarType['kind'], string | boolean, string]>([
    ['Time', '08:00:00.5', '08:00:00'],
    ['DateTime', '2030-01-01T08:00:00.25Z', '2030-01-01T08:00:00Z'],
    ['Decimal', '1.5', '1.5'],
    ['Boolean', true, 'true'],
  ])('%s %s is %s', (kind, value, expected) => {
    expect(hashedText(value, type(kind))).toBe(expected);
  });
});
