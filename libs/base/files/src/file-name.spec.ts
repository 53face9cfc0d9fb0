import { expect, it } from 'vitest';
import { fileName } from './file-name.ts';

it.each(['', '.', '..', '../x', 'a/b', 'a\\b', '/etc/passwd', 'C:\\x', '.a', 'a.', ' a', 'a ', 'a\u0000b', 'a\nb'])(
  'a text that may lead out of a folder is refused: %j',
  (text) => {
    expect(() => fileName(text, 'the resource X')).toThrow(
      /^INPUT_VALUE_UNSAFE: the resource X cannot be part of a file name: /,
    );
  },
);

it.each([
  ['students', 'students'],
  ['Straße 日本', 'Straße 日本'],
  ['a:b|c?', 'a%3Ab%7Cc%3F'],
  ['100%', '100%25'],
  ['con', 'con_'],
  ['COM1.jsonl', 'COM1_.jsonl'],
  ['contact', 'contact'],
  ['__proto__', '__proto__'],
])('%j becomes %j', (text, name) => expect(fileName(text, 'x')).toBe(name));

it('a long text is cut to what file systems allow, and stays different from others', () => {
  const names = ['日'.repeat(256), `${'日'.repeat(255)}本`, 'x'.repeat(256)].map((text) => fileName(text, 'x'));
  expect(new Set(names).size).toBe(3);
  for (const name of names) {
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
    expect(name).not.toContain('\ufffd');
  }
});
