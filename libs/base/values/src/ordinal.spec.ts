import { anyText } from '@dms/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareBy, compareOrdinal, orderedMembers } from './index.ts';

describe('ordinal comparison', () => {
  it.each([
    ['a', 'b', -1],
    ['b', 'a', 1],
    ['a', 'a', 0],
    ['', 'a', -1],
    ['a', 'ab', -1],
    ['B', 'a', -1],
    ['Z', '_', -1],
    ['_', 'a', -1],
    ['10', '9', -1],
    ['z', 'Ä', -1],
    ['e', 'é', -1],
    ['e\u0301', '\u00e9', -1],
    ['ed-fi', 'edfi', -1],
    ['\u{1f600}', '\uff5e', -1],
  ])('of %j and %j is %i', (a, b, order) => {
    expect(compareOrdinal(a, b)).toBe(order);
    expect(compareOrdinal(b, a)).toBe(order === 0 ? 0 : -order);
  });

  it('is the order of the UTF-16 code units, for all texts', () => {
    const units = (text: string) => Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
    fc.assert(
      fc.property(anyText(), anyText(), (a, b) => {
        const left = units(a);
        const right = units(b);
        const at = left.findIndex((unit, index) => unit !== right[index]);
        const expected =
          at < 0 ? left.length - right.length : right[at] === undefined ? 1 : Number(left[at]) - Number(right[at]);
        expect(compareOrdinal(a, b)).toBe(Math.sign(expected));
      }),
    );
  });
});

describe('comparison by several keys', () => {
  const order = compareBy<{ project: string; name: string }>(
    (item) => item.project,
    (item) => item.name,
  );

  it('is decided by the first key that differs', () => {
    const items = [
      { project: 'b', name: 'A' },
      { project: 'a', name: 'b' },
      { project: 'B', name: 'z' },
      { project: 'a', name: 'B' },
    ];
    expect(items.sort(order).map(({ project, name }) => `${project}:${name}`)).toEqual(['B:z', 'a:B', 'a:b', 'b:A']);
  });

  it('finds items equal when all keys are', () => {
    expect(order({ project: 'a', name: 'b' }, { project: 'a', name: 'b' })).toBe(0);
  });

  it('never joins keys: (a, bc) and (ab, c) differ', () => {
    expect(order({ project: 'a', name: 'bc' }, { project: 'ab', name: 'c' })).toBe(-1);
  });
});

describe('ordered members', () => {
  it('are those of the map in ordinal order of their names', () => {
    const members = new Map([
      ['b', 1],
      ['9', 2],
      ['10', 3],
      ['__proto__', 4],
      ['B', 5],
    ]);
    expect(orderedMembers(members)).toEqual([
      ['10', 3],
      ['9', 2],
      ['B', 5],
      ['__proto__', 4],
      ['b', 1],
    ]);
    expect([...members.keys()]).toEqual(['b', '9', '10', '__proto__', 'B']);
  });
});
