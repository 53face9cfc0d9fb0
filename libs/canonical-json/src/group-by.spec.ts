import { expect, it } from 'vitest';
import { groupBy } from './index.ts';

it('groups keep the order of first occurrence, and that of their items', () => {
  const groups = groupBy(['pear', 'apple', 'plum', 'avocado', 'fig'], (name) => name[0]);
  expect([...groups]).toEqual([
    ['p', ['pear', 'plum']],
    ['a', ['apple', 'avocado']],
    ['f', ['fig']],
  ]);
});

it('keys are compared as a map compares them, and none is special', () => {
  const groups = groupBy(['__proto__', 'constructor', '__proto__', '10', '2'], (name) => name);
  expect([...groups.keys()]).toEqual(['__proto__', 'constructor', '10', '2']);
  expect(groups.get('__proto__')).toHaveLength(2);
  expect(groupBy([], String).size).toBe(0);
});
