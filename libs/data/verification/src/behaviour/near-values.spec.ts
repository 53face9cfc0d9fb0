import type { ScalarType } from '@dms/model';
import { describe, expect, it } from 'vitest';
import { dateType, infiniteValues, nearText, nearValues, textType } from './column-values.ts';

const type = (kind: ScalarType['kind'], decimal: ScalarType['decimal'] = null): ScalarType => ({
  kind,
  maxLength: null,
  decimal,
});

/** The ISO week year of a date: the year of the Thursday of its week. */
function weekYear(date: string): number {
  const thursday = new Date(`${date}T00:00:00Z`);
  thursday.setUTCDate(thursday.getUTCDate() + 4 - (thursday.getUTCDay() || 7));
  return thursday.getUTCFullYear();
}

/** Functions that compare or copy only a part of a value, by type: each must confuse two neighbours. */
const parts: readonly (readonly [what: string, type: ScalarType, part: (value: string) => unknown])[] = [
  ['letter case', textType(20), (value) => value.toLowerCase()],
  ['blanks at an end', textType(20), (value) => value.trim()],
  ['the way of writing an accent', textType(20), (value) => value.normalize('NFC')],
  ['the way of writing an accent, in one letter', textType(1), (value) => value.normalize('NFC')],
  ['accents', textType(20), (value) => value.normalize('NFD').replace(/\p{M}/gu, '')],
  ['what is behind a point', textType(20), (value) => value.split('.')[0]],
  ['all but the first letters', textType(75), (value) => value.slice(0, 50)],
  ['all but the last letter', textType(5), (value) => value.slice(0, 4)],
  ['the sign', type('Int32'), (value) => Math.abs(Number(value))],
  ['the sign', type('Decimal', { precision: 9, scale: 2 }), (value) => Math.abs(Number(value))],
  [
    'what is behind the decimal point',
    type('Decimal', { precision: 9, scale: 2 }),
    (value) => Math.trunc(Number(value)),
  ],
  ['the last digit', type('Int64'), (value) => value.slice(0, -1) || value],
  ['the day of the month', dateType, (value) => value.slice(0, 'YYYY-MM'.length)],
  ['seconds', type('Time'), (value) => value.slice(0, 'HH:MM'.length)],
  ['seconds', type('DateTime'), (value) => value.slice(0, 'YYYY-MM-DDTHH:MM'.length)],
  ['the time of day', type('DateTime'), (value) => value.slice(0, 'YYYY-MM-DD'.length)],
];

describe('near values', () => {
  it.each(parts)('have two neighbours that differ only in %s', (_what, of, part) => {
    const values = nearValues(of, false, 'pgsql').map(String);
    expect(values.some((value, index) => index > 0 && part(value) === part(values[index - 1] ?? ''))).toBe(true);
  });

  it('begin with NULL beside the value that an absent one is often taken for', () => {
    for (const [of, empty] of [
      [textType(5), ''],
      [type('Int32'), '0'],
      [type('Int64'), '0'],
      [type('Decimal', { precision: 5, scale: 2 }), '0'],
      [type('Boolean'), 'false'],
      [dateType, '0001-01-01'],
      [type('Time'), '00:00:00'],
    ] as const)
      expect(nearValues(of, true, 'pgsql').slice(0, 2)).toEqual([null, empty]);
  });

  it('have dates whose week belongs to the year before and to the year after', () => {
    const ofYear = nearValues(dateType, false, 'pgsql').map(
      (value) => weekYear(String(value)) - Number(value?.slice(0, 4)),
    );
    expect(new Set(ofYear)).toEqual(new Set([-1, 0, 1]));
  });

  it.each([1, 2, 3, 5, 50, 255])('of texts fit a column of %i letters and differ from their neighbours', (length) => {
    for (const dialect of ['pgsql', 'mssql'] as const) {
      const values = nearValues(textType(length), false, dialect).map(String);
      expect(Math.max(...values.map((value) => value.length))).toBe(length);
      for (const [index, value] of values.entries()) expect(value).not.toBe(values[index - 1]);
    }
  });

  it.each([
    [5, 2],
    [3, 3],
    [9, 0],
  ])('of decimals fit a precision of %i and a scale of %i', (precision, scale) => {
    for (const value of nearValues(type('Decimal', { precision, scale }), false, 'pgsql')) {
      const [whole = '', fraction = ''] = String(value).replace('-', '').split('.');
      expect(fraction.length).toBeLessThanOrEqual(scale);
      expect(whole.replace(/^0+/, '').length).toBeLessThanOrEqual(precision - scale);
    }
  });

  it('of SQL Server are unlike for a comparison without case, accents apart, and blanks at the end', () => {
    const values = nearValues(textType(20), false, 'mssql').map((value) =>
      String(value).toLowerCase().trimEnd().normalize('NFC'),
    );
    for (const [index, value] of values.entries()) expect(value).not.toBe(values[index - 1]);
  });

  it('are infinite only for times with a date, and only on PostgreSQL', () => {
    expect(infiniteValues(dateType, 'pgsql')).toEqual(['-infinity', 'infinity']);
    expect(infiniteValues(type('DateTime'), 'pgsql')).toEqual(['-infinity', 'infinity']);
    expect(infiniteValues(type('Time'), 'pgsql')).toEqual([]);
    expect(infiniteValues(dateType, 'mssql')).toEqual([]);
  });

  it('are shown with the value before', () => {
    expect(nearText([null, '', 'x'], 1)).toBe('a new version for "" after NULL');
    expect(nearText(['a'.repeat(30), `${'a'.repeat(29)}b`], 1)).toContain(`"…${'a'.repeat(19)}b"`);
  });
});
