import { expect, test } from 'vitest';
import { codeFrame } from './printer.ts';

const lines = (count: number) => Array.from({ length: count }, (_, index) => `"line ${index + 1}",`);
const frame = (text: readonly string[], line: number, column: number, endColumn = column + 1) =>
  codeFrame({ lines: text, line, column, endColumn }, false).split('\n');

test('two lines before and after, numbered, with a mark under the place', () => {
  expect(frame(lines(9), 5, 2, 8)).toEqual([
    '  3 | "line 3",',
    '  4 | "line 4",',
    '> 5 | "line 5",',
    '    |  ^^^^^^',
    '  6 | "line 6",',
    '  7 | "line 7",',
  ]);
});

test('the first and the last line', () => {
  expect(frame(lines(9), 1, 1)[0]).toBe('> 1 | "line 1",');
  expect(frame(lines(9), 9, 1)).toEqual(['  7 | "line 7",', '  8 | "line 8",', '> 9 | "line 9",', '    | ^']);
});

test('of a long line the part around the place', () => {
  const long = `${'x'.repeat(5000)}HERE${'y'.repeat(5000)}`;
  const [text = '', mark = ''] = frame([long], 1, 5001, 5005);
  expect(text.length).toBeLessThan(140);
  expect(text.slice(mark.indexOf('^'), mark.lastIndexOf('^') + 1)).toBe('HERE');
});

test('a value of several lines is marked to the end of its first', () => {
  expect(frame(['{', '  "a": {', '    "b": 1', '  }', '}'], 2, 8, 9)[2]).toBe('    |        ^');
});

test('no character of a file steers the terminal', () => {
  const shown = frame(['"\u001b[31m\u0007"'], 1, 1).join('');
  for (const character of ['\u001b', '\u0007']) expect(shown).not.toContain(character);
});

test('a line that may hold a password is not shown', () => {
  const text = [
    '"target": "postgres://u:pass@word@h/d",',
    '"x": "user: a@b",',
    '"other": "Server=h;Password=word;Database=d"',
    '"quoted": "Server=h;Pwd=\\"pass;word\\";Database=d"',
  ];
  const shown = frame(text, 2, 1).join('\n');
  expect(shown).not.toMatch(/pass@|=word|;word/);
  expect(shown.match(/\(not shown: it may hold a password\)/g)).toHaveLength(3);
  expect(shown).toContain('"x": "user: a@b",');
});
