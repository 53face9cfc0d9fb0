import { expect, it } from 'vitest';
import { rejectsFileOf } from './rejects-of-fleet.ts';

it.each([
  ['north-2026', 'north-2026.jsonl'],
  ['1.2_a', '1.2_a.jsonl'],
  ['aux', 'aux_.jsonl'],
  ['nul.2026', 'nul_.2026.jsonl'],
  ['ends.', 'ends..jsonl'],
])('the rejects of %s are in %s', (database, file) => {
  expect(rejectsFileOf(database)).toBe(file);
});

it('names that differ in letter case only are different files everywhere', () => {
  const files = ['north', 'North', 'NORTH', 'nORTH', 'AUX', 'aux'].map((name) => rejectsFileOf(name).toLowerCase());
  expect(new Set(files).size).toBe(6);
});
