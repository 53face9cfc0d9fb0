import { expect, it } from 'vitest';
import { jsonText } from './json-text.ts';
import { parseJson } from './parse-json.ts';

it('keeps members in their order and numbers as they are written', () => {
  const text = '{"b":1.50,"a":[true,null,12345678901234567890.1e2,{},[]],"10":"\\"ü\\n","__proto__":-0}';
  expect(jsonText(parseJson(text, 'a.json'))).toBe(text);
});

it('writes a value that is not in an object', () => {
  expect(jsonText('x')).toBe('"x"');
  expect(jsonText(null)).toBe('null');
  expect(jsonText(false)).toBe('false');
});

it.each([
  ['a quote', 'a"b'],
  ['a backslash', 'a\\b'],
  ['each control character', String.fromCharCode(...Array(0x21).keys())],
  ['the last of ASCII', '\u007f'],
  ['separators of lines', '\u2028\u2029'],
  ['a character of two halves', '😀'],
  ['half a character', 'a\ud800b'],
  ['nothing', ''],
])('writes %s as JSON does, in a name and in a value', (_, text) => {
  expect(jsonText(new Map([[text, [text]]]))).toBe(JSON.stringify({ [text]: [text] }));
});
