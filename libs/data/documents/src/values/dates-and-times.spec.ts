import { describe, expect, it } from 'vitest';
import { dateText, dateTimeText, isPlainTime, secondFractionDigits } from './dates-and-times.ts';

describe('a date', () => {
  const lastDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  const date = (year: number, month: number, day: number) =>
    [String(year).padStart(4, '0'), String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-');

  it.each(lastDays.map((last, index) => [index + 1, last] as const))(
    'in month %i may be any day up to the %ith',
    (month, last) => {
      for (const day of [1, last]) expect(dateText(date(2030, month, day))).toBe(date(2030, month, day));
      for (const day of [0, last + 1]) expect(dateText(date(2030, month, day))).toBeUndefined();
    },
  );

  it.each([
    [2024, true],
    [2023, false],
    [2022, false],
    [2100, false],
    [2000, true],
    [2004, true],
    [1600, true],
  ])('in the year %i may be the 29th of February: %s', (year, isLeap) => {
    expect(dateText(date(year, 2, 29)) !== undefined).toBe(isLeap);
    expect(dateText(date(year, 2, 28))).toBe(date(year, 2, 28));
    expect(dateText(date(year, 2, 30))).toBeUndefined();
  });

  it('lies in the years 1 to 9999', () => {
    expect(dateText('0001-01-01')).toBe('0001-01-01');
    expect(dateText('9999-12-31')).toBe('9999-12-31');
    expect(dateText('0000-12-31')).toBeUndefined();
  });

  it.each(['2030-00-01', '2030-13-01', '2030-1-01', '2030-01-1', '30-01-01', '2030/01/01', '2030-01-01T', ''])(
    '%j is refused',
    (text) => {
      expect(dateText(text)).toBeUndefined();
    },
  );
});

describe('a time', () => {
  it.each(['00:00:00', '23:59:59'])('may be %s', (text) => expect(isPlainTime(text)).toBe(true));

  it.each([
    '24:00:00',
    '20:60:00',
    '20:00:60',
    '8:00:00',
    '08:00',
    '08:00:00.',
    '08:00:00.5',
    '08:00:00Z',
    '08:00:00+01:00',
  ])('%s is refused', (text) => expect(isPlainTime(text)).toBe(false));
});

describe('a moment', () => {
  it.each([
    ['2030-01-01T08:00:00Z', '2030-01-01T08:00:00Z'],
    ['2030-01-01t08:00:00z', '2030-01-01T08:00:00Z'],
    ['2030-01-01 08:00:00+00', '2030-01-01T08:00:00Z'],
    ['2030-01-01T08:00:00-00:00', '2030-01-01T08:00:00Z'],
    ['2030-01-01T08:00:00.120+02:30', '2030-01-01T05:30:00.12Z'],
    ['2030-01-01T01:00:00+02', '2029-12-31T23:00:00Z'],
    ['2029-12-31T23:00:00-0130', '2030-01-01T00:30:00Z'],
    ['2030-01-02T00:00:00+23:59', '2030-01-01T00:01:00Z'],
    ['0001-01-01T02:00:00+02:00', '0001-01-01T00:00:00Z'],
    ['9999-12-31T21:59:59-02:00', '9999-12-31T23:59:59Z'],
  ])('%s is %s', (text, expected) => {
    expect(dateTimeText(text)).toBe(expected);
  });

  it.each([
    '2030-01-01T08:00:00',
    '2030-01-01',
    '2030-02-29T08:00:00Z',
    '2030-01-01T24:00:00Z',
    '2030-01-01T08:00:00+24:00',
    '2030-01-01T08:00:00+01:60',
    // outside the years 1 to 9999 once converted to UTC
    '0001-01-01T00:59:59+01:00',
    '9999-12-31T23:00:00-01:00',
  ])('%s is refused', (text) => {
    expect(dateTimeText(text)).toBeUndefined();
  });

  it('reports the count of its fractional digits', () => {
    expect(
      ['2030-01-01T08:00:00Z', '2030-01-01T08:00:00.5Z', '08:00:00.1234567', '08:00:00'].map(secondFractionDigits),
    ).toEqual([0, 1, 7, 0]);
  });
});
