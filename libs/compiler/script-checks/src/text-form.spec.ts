import { describe, expect, it } from 'vitest';
import { controlCharacter, linesWith, textForm } from './text-form.ts';

describe('S13: the form of a text (design 06 §2.5)', () => {
  it.each(['SELECT 1;\n\n', 'a\n\nb\n\n', '    a\n    b\n\n'])('accepts %j', (text) => {
    expect(textForm(text)).toEqual([]);
  });

  it.each([
    ['a', ['the script must end with one empty line']],
    ['a\n', ['the script must end with one empty line']],
    ['a\n\n\n', ['the script must end with one empty line', 'two empty lines after one another']],
    ['', ['the script must end with one empty line']],
    ['a\r\nb\n\n', ['carriage return']],
    ['a\nb \n\n', ['line 2 ends with a blank']],
    ['a\tb\n\n', ['line 1 has a tab']],
    ['a\n\tb\t\n\n', ['line 2 ends with a blank', 'line 2 has a tab']],
    ['a\n\n\nb\n\n', ['two empty lines after one another']],
  ])('refuses %j', (text, expected) => {
    expect(textForm(text)).toEqual(expected);
  });
});

describe('faulty lines', () => {
  it('are reported with their numbers, starting at 1', () => {
    expect(linesWith('a\nb\nab', /b/)).toEqual([
      { line: 2, text: 'b' },
      { line: 3, text: 'ab' },
    ]);
    expect(linesWith('a\nb', /c/)).toEqual([]);
  });

  it('include every control character except the line feed', () => {
    for (const character of ['\u0000', '\u0007', '\t', '\r', '\u001b', '\u007f', '\u0085', '\u009f'])
      expect(linesWith(`a\n${character}`, controlCharacter).map(({ line }) => line)).toEqual([2]);
    expect(linesWith('a\n\nß …\u00a0\u2028', controlCharacter)).toEqual([]);
  });
});
