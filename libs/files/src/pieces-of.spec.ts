import { expect, it } from 'vitest';
import { piecesOf } from './index.ts';

it.each([
  [[], 2, []],
  [['a'], 2, [['a']]],
  [['a', 'b'], 2, [['a', 'b']]],
  [['a', 'b', 'c', 'd', 'e'], 2, [['a', 'b'], ['c', 'd'], ['e']]],
])('%j in pieces of %i', (items, size, pieces) => {
  expect(piecesOf(items, size)).toEqual(pieces);
});
