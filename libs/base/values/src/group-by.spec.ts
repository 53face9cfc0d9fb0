import { describe, expect, it } from 'vitest';
import { groupBy } from './index.ts';

describe('groups', () => {
  it('stand in the order of their first items, and their items in the given order', () => {
    const groups = groupBy(['bb', 'a', 'cc', 'ddd', 'e'], (text) => text.length);
    expect([...groups]).toEqual([
      [2, ['bb', 'cc']],
      [1, ['a', 'e']],
      [3, ['ddd']],
    ]);
  });

  it('are made of anything that can be walked once', () => {
    expect([...groupBy(new Set([1, 2, 3]).values(), (value) => value % 2 === 0)]).toEqual([
      [false, [1, 3]],
      [true, [2]],
    ]);
    expect(groupBy([], String).size).toBe(0);
  });
});
