import { describe, expect, it } from 'vitest';
import { comparedForm, type TextEquality } from './text-equality.ts';

const isEqual = (equality: TextEquality, a: string, b: string) =>
  comparedForm[equality](a) === comparedForm[equality](b);

describe('texts that differ only in case', () => {
  it.each([
    ['Kind', 'kIND'],
    ['É', 'é'],
    ['Σ', 'ς'],
    ['ǆ', 'ǅ'],
    // letters whose full upper case is two letters
    ['ᾀ', 'ᾈ'],
    ['ᾗ', 'ᾟ'],
    ['ᾯ', 'ᾧ'],
    ['ῃ', 'ῌ'],
    ['ῳ', 'ῼ'],
    // two code units
    ['𐐀', '𐐨'],
  ])('%s and %s are equal without case and different otherwise', (a, b) => {
    expect([isEqual('ignoreCase', a, b), isEqual('exact', a, b)]).toEqual([true, false]);
  });

  it.each([
    ['ß', 'ss'],
    ['ß', 'ẞ'],
    ['ﬁ', 'fi'],
    ['ŉ', 'ʼn'],
    ['ᾀ', 'ἀι'],
    // to ASCII
    ['ı', 'I'],
    ['ſ', 's'],
    ['İ', 'i'],
    ['\u212a', 'k'],
    ['a', 'a '],
    ['é', 'e\u0301'],
    ['\ud801', '\ud801\udc00'],
  ])('%s and %s are different', (a, b) => {
    expect(isEqual('ignoreCase', a, b)).toBe(false);
  });

  it('keeps every other character of a text', () => {
    expect(comparedForm.ignoreCase('Straße 1, ﬁ ı\u0000')).toBe('STRAßE 1, ﬁ ı\u0000');
  });
});
