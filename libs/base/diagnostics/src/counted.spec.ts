import { expect, it } from 'vitest';
import { counted, formFor } from './message-text.ts';

it.each([
  [0, '0 resources'],
  [1, '1 resource'],
  [2, '2 resources'],
  [1n, '1 resource'],
  [11, '11 resources'],
])('%s: %s', (count, text) => {
  expect(counted(count, 'resource')).toBe(text);
});

it('takes a plural of its own', () => {
  expect([counted(1, 'query', 'queries'), counted(3, 'query', 'queries')]).toEqual(['1 query', '3 queries']);
  expect([formFor(1, 'is', 'are'), formFor(2, 'is', 'are')]).toEqual(['is', 'are']);
});
