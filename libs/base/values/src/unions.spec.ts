import { expect, it } from 'vitest';
import { Unions } from './index.ts';

it('joined items are in one set, in any order of joins', () => {
  const unions = new Unions<string>();
  for (const [one, other] of ['ab', 'cd', 'ef', 'bd', 'da', 'gg']) unions.join(one ?? '', other ?? '');
  const sorted = unions.groups.map((group) => group.toSorted().join('')).sort();
  expect(sorted).toEqual(['abcd', 'ef']);
  expect(new Set([...'abcd'].map((item) => unions.find(item))).size).toBe(1);
  expect(unions.find('g')).toBe('g');
});

it('many joins in a row make one set', () => {
  const unions = new Unions<number>();
  const count = 50_000;
  for (let item = 1; item < count; item += 1) unions.join(item - 1, item);
  expect(unions.groups.map(({ length }) => length)).toEqual([count]);
});
