import { describe, expect, it } from 'vitest';
import { isSameText, withLineFeeds } from './line-ends.ts';

describe('the ends of lines', () => {
  it.each([
    ['a\r\nb\r\n', 'a\nb\n'],
    ['\r\n', '\n'],
    ['é\r\n\r\nü', 'é\n\nü'],
    ['a\r\r\nb', 'a\r\nb'],
    ['a\rb', 'a\rb'],
    ['a\nb\r', 'a\nb\r'],
    ['', ''],
  ])('%j becomes %j', (text, expected) => {
    expect(withLineFeeds(Buffer.from(text)).toString()).toBe(expected);
  });

  it('are the same bytes where no line ends in two characters', () => {
    const bytes = Buffer.from('a\nb\rc');
    expect(withLineFeeds(bytes)).toBe(bytes);
  });

  it.each([
    ['a\r\nb', 'a\nb', true],
    ['a\r\nb\n', 'a\nb\r\n', true],
    ['a\rb', 'a\nb', false],
    ['a\r\nb', 'a\r\nb ', false],
  ])('%j and %j', (one, other, isSame) => {
    expect(isSameText(Buffer.from(one), Buffer.from(other))).toBe(isSame);
  });
});
