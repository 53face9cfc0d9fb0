import { describe, expect, it } from 'vitest';
import { appearance, hiddenDifferences } from './hidden-differences.ts';

describe('what people do not see in a text', () => {
  it.each([
    ['Mu\u0308ller', ['is not in the normal form NFC', 'has U+0308']],
    ['Müller', ['is in the normal form NFC, not NFD', 'has ü U+00FC']],
    ['\u1112\u1161\u11ab', ['is not in the normal form NFC', 'has ᄒ U+1112, ᅡ U+1161, ᆫ U+11AB']],
    ['a\u00a0b', ['has U+00A0']],
    ['a  b', ['has several blanks in a row']],
    [' a', ['begins or ends with white space']],
    ['a\u2003', ['begins or ends with white space', 'has U+2003']],
    ['a\u200bb', ['has U+200B']],
    ['\u0410lpha', ['has letters of the script Latin and Cyrillic', 'has А U+0410']],
    ['\u0391', ['has letters of the script Greek', 'has Α U+0391']],
    ['a\u{1d400}', ['has 𝐀 U+1D400']],
    ['x‐y', ['has ‐ U+2010']],
  ])('%j', (text, expected) => {
    expect(hiddenDifferences(text)).toEqual(expected);
  });

  it.each(['', 'Alpha', 'two words', '100-5/b'])('is nothing in %j', (text) => {
    expect(hiddenDifferences(text)).toEqual([]);
  });

  it('is shown for the first characters of a long text', () => {
    expect(hiddenDifferences('абвгдежзик').at(-1)).toMatch(/^has а U\+0430, .*, …$/);
  });
});

describe('how a text looks', () => {
  it.each([
    ['Müller', 'Mu\u0308ller'],
    ['two words', 'two\u00a0words'],
    ['two words', ' two  words '],
    ['two words', 'two\u2003words\t'],
    ['Alpha', 'Al\u200bpha'],
    ['Alpha', '\ufeffAlpha'],
    ['Alpha', '\u0410lph\u0430'],
    ['Omega', '\u039fmega'],
    ['Alpha', '\uff21lpha'],
    ['x-y', 'x\u2010y'],
    ["Mary's", 'Mary\u2019s'],
    ['Ёж', '\u0415\u0308ж'],
  ])('%j is as %j', (text, other) => {
    expect(appearance(other)).toBe(appearance(text));
  });

  it.each([
    ['Müller', 'Muller'],
    ['Alpha', 'alpha'],
    ['ab', 'a b'],
    ['a-b', 'ab'],
    ['Б', 'B'],
  ])('%j is not as %j', (text, other) => {
    expect(appearance(other)).not.toBe(appearance(text));
  });
});
