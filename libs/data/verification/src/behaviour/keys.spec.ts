import type { ScalarType } from '@dms/model';
import { build } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { inputOfDocuments } from '../../test/inputs.ts';
import { WorldValues } from './column-values.ts';
import { WorldKeys } from './keys.ts';
import { allValues, otherValue, plainValue, valueCount } from './value-domains.ts';

const type = (kind: ScalarType['kind'], more: Partial<ScalarType> = {}): ScalarType => ({
  kind,
  maxLength: null,
  decimal: null,
  ...more,
});

const decimal = (precision: number, scale: number) => type('Decimal', { decimal: { precision, scale } });

describe('the values of a type', () => {
  it.each([
    ['flags', type('Boolean'), 2],
    ['one letter', type('String', { maxLength: 1 }), 36],
    ['two letters', type('String', { maxLength: 2 }), 1296],
    ['one digit', decimal(1, 0), 19],
    ['two digits', decimal(2, 0), 199],
    ['two digits behind the point', decimal(2, 2), 199],
  ])('of %s are listed once each', (_what, of, count) => {
    const values = allValues(of) ?? [];
    expect([valueCount(of), new Set(values.map((value) => plainValue(of, value, 'pgsql'))).size]).toEqual([
      count,
      count,
    ]);
    for (const value of values) {
      const digits = value.replace(/\D/g, '').replace(/^0+/, '');
      if (of.decimal) expect(digits.length).toBeLessThanOrEqual(of.decimal.precision);
      else if (of.maxLength !== null) expect(value).toHaveLength(of.maxLength);
    }
  });

  it('of others have no end', () => {
    for (const of of [type('Int32'), type('Date'), type('DateTime'), type('Time'), type('String'), decimal(9, 2)])
      expect([allValues(of), valueCount(of)]).toEqual([null, Number.POSITIVE_INFINITY]);
  });

  it('have the nearest neighbours last, because checks try them one by one', () => {
    expect(allValues(decimal(1, 0))?.slice(-4).sort()).toEqual(['-1', '0', '1', '9']);
    expect(allValues(type('String', { maxLength: 1 }))?.slice(-4)).toEqual(['a', 'b', 'e', 'x']);
  });

  it.each(['DateTime', 'Time', 'Date', 'Int32', 'String'] as const)('of %s: another one is never the same', (kind) => {
    const values = new WorldValues();
    const found = Array.from({ length: 5 }, () => otherValue(type(kind), values, new Set()));
    expect(new Set(found).size).toBe(5);
  });

  it('are the same in all ways of writing them', () => {
    const same = (of: ScalarType, ...texts: readonly string[]) =>
      expect(new Set(texts.map((text) => plainValue(of, text, 'pgsql'))).size, texts.join(' ')).toBe(1);
    same(type('Boolean'), 'true', 't', '1');
    same(decimal(5, 2), '1.5', '1.50', '01.5');
    same(decimal(2, 2), '0.5', '.5', '0.50');
    same(decimal(2, 0), '0', '-0', '00');
    same(type('DateTime'), '2024-06-01T00:00:00Z', '2024-06-01 00:00:00+00', '2024-06-01T00:00:00.000Z');
    same(type('Time'), '09:30:00', '09:30:00.0000000');
    const text = type('String', { maxLength: 5 });
    expect([plainValue(text, 'Ab ', 'mssql'), plainValue(text, 'Ab ', 'pgsql')]).toEqual(['ab', 'Ab ']);
  });
});

describe('the keys of rows', () => {
  const document = build.project('Core', [
    build.resource('Lamp', {
      identityJsonPaths: ['$.isLit', '$.letter'],
      jsonSchemaForInsert: build.object({ isLit: build.boolean(), letter: build.string(1) }, ['isLit', 'letter']),
      documentPathsMapping: { IsLit: build.scalarPath('$.isLit'), Letter: build.scalarPath('$.letter') },
    }),
  ]);
  const input = inputOfDocuments([document], 'pgsql', 'v1');
  const table = input.model.resources[0]?.tablesInDependencyOrder[0]?.table;
  if (!table) throw new Error('no table');
  const row = (isLit: string, letter: string) =>
    new Map([
      ['IsLit', isLit],
      ['Letter', letter],
    ]);

  it('are as many as the values of their columns together', () => {
    const keys = WorldKeys.of(input);
    const others = keys.valuesOf(table, new WorldValues());
    const found = new Set<string>();
    for (let count = 0; count < 72; count += 1) {
      const free = keys.free(table, row('true', 'a'), ['IsLit', 'Letter'], others);
      if (!free) throw new Error(`no key after ${count}`);
      found.add([...free.values()].join(' '));
      keys.add(table, free);
    }
    expect(found.size).toBe(72);
    expect(keys.free(table, row('true', 'a'), ['IsLit', 'Letter'], others)).toBeNull();
    expect(keys.room(table, ['IsLit', 'Letter'], (column) => (column === 'IsLit' ? 2 : 36))).toBe(0);
  });

  it('change only to those that no other row has', () => {
    const keys = WorldKeys.of(input);
    const others = keys.valuesOf(table, new WorldValues());
    keys.add(table, row('true', 'a'));
    expect(keys.changed(table, row('true', 'a'), ['IsLit'], others)?.get('IsLit')).toBe('false');
    keys.add(table, row('f', 'a'));
    expect(keys.changed(table, row('true', 'a'), ['IsLit'], others)).toBeNull();
    expect([keys.isFree(table, row('false', 'a')), keys.isFree(table, row('f', 'a'), row('false', 'a'))]).toEqual([
      false,
      true,
    ]);
  });

  it('of a trial do not stay', () => {
    const keys = WorldKeys.of(input);
    const trial = keys.trial();
    keys.add(table, row('true', 'a'));
    trial.add(table, row('true', 'b'));
    expect([trial.isFree(table, row('true', 'a')), trial.isFree(table, row('true', 'b'))]).toEqual([false, false]);
    expect(keys.isFree(table, row('true', 'b'))).toBe(true);
  });

  it('of a row that leaves its document stay there where others follow from it', () => {
    const keys = WorldKeys.of(input);
    keys.add(table, row('true', 'a'));
    const others = keys.valuesOf(table, new WorldValues());
    expect(keys.free(table, row('true', 'a'), ['IsLit'], others, row('true', 'a'))?.get('IsLit')).toBe('false');
  });
});
