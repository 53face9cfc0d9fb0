import { describe, expect, it } from 'vitest';
import { repeated } from './index.ts';

describe('repeated values', () => {
  it('come in the order of their second occurrences, not of their first, nor sorted', () => {
    expect(repeated(['a', 'c', 'b', 'b', 'c', 'a'])).toEqual(['b', 'c', 'a']);
    expect(repeated(['c', 'a', 'c', 'b', 'a', 'b'])).toEqual(['c', 'a', 'b']);
  });

  it('come once however often they occur', () => {
    expect(repeated([2, 1, 2, 1, 2, 2])).toEqual([2, 1]);
  });

  it('are none in a list of distinct values', () => {
    expect(repeated([])).toEqual([]);
    expect(repeated(['1', 1, 'a', 'A'])).toEqual([]);
  });
});
