import { type Diagnostic, DmsError } from '@dms/diagnostics';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, parseJson } from './index.ts';

const parse = (text: string) => parseJson(text, 'a.json');

function failureOf(run: () => unknown): Diagnostic {
  try {
    run();
  } catch (error) {
    if (error instanceof DmsError) return error.diagnostics[0];
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('decoding UTF-8', () => {
  const bom = [0xef, 0xbb, 0xbf];
  const ascii = (text: string) => [...Buffer.from(text, 'latin1')];
  const decode = (bytes: number[]) => decodeUtf8(Uint8Array.from(bytes), 'a.json');

  it('gives the text of characters of one to four bytes', () => {
    expect(decode([0x24, 0xc3, 0xa9, 0xe6, 0xbc, 0xa2, 0xf0, 0x9f, 0x98, 0x80])).toBe('$é漢😀');
  });

  it('drops one leading byte order mark', () => {
    expect(decode([...bom, ...ascii('{}')])).toBe('{}');
  });

  it('drops no second byte order mark, so that the text is not JSON', () => {
    expect(failureOf(() => parse(decode([...bom, ...bom, ...ascii('{}')]))).code).toBe('INPUT_JSON_INVALID');
  });

  it('keeps a byte order mark that is not the first character', () => {
    expect(decode([...ascii('"'), ...bom, ...ascii('"')])).toBe('"\ufeff"');
  });

  it('keeps a replacement character that the file holds', () => {
    expect(decode([0xef, 0xbf, 0xbd])).toBe('\ufffd');
  });

  it.each<[string, number[], number]>([
    ['a byte that never occurs', [0x22, 0xff, 0x22], 1],
    ['a continuation byte without a start', [0xc3, 0xa9, 0x80], 2],
    ['a start byte without continuation', [0x61, 0xc3, 0x61], 1],
    ['a sequence cut by the end', [0x61, 0x62, 0xe2, 0x82], 2],
    ['an overlong form', [0xc0, 0xaf], 0],
    ['an encoded surrogate', [0x61, 0xed, 0xa0, 0x80], 1],
    ['a code point above U+10FFFF', [0xf4, 0x90, 0x80, 0x80], 0],
    ['a bad byte after a genuine replacement character', [0xef, 0xbf, 0xbd, 0xff], 3],
    ['a bad byte after a byte order mark', [...bom, 0xff], 3],
    ['a bad byte after a character of four bytes', [0xf0, 0x9f, 0x98, 0x80, 0xff], 4],
    ['the first of several bad bytes', [0x61, 0xff, 0x61, 0xfe], 1],
  ])('refuses %s with its byte offset', (_name, bytes, offset) => {
    const failure = failureOf(() => decode(bytes));
    expect(failure.code).toBe('INPUT_UNICODE_INVALID');
    expect(failure.where.file).toBe('a.json');
    expect(failure.details).toEqual({ offset });
    expect(failure.message).toContain(String(offset));
  });

  const utf16 = (text: string) => Buffer.from(text, 'utf16le');
  const utf32 = (text: string) => Buffer.from([...text].flatMap((character) => [character.charCodeAt(0), 0, 0, 0]));

  it.each<[string, string, number[]]>([
    ['UTF-16', 'little end first, with mark', [0xff, 0xfe, ...utf16('{"a":1}')]],
    ['UTF-16', 'big end first, with mark', [0xfe, 0xff, ...utf16('{"a":1}').swap16()]],
    ['UTF-16', 'little end first', [...utf16('{"a":1}')]],
    ['UTF-16', 'big end first', [...utf16('{"a":1}').swap16()]],
    ['UTF-32', 'little end first, with mark', [0xff, 0xfe, 0, 0, ...utf32('{}')]],
    ['UTF-32', 'big end first, with mark', [0, 0, 0xfe, 0xff, ...utf32('{}').swap32()]],
    ['UTF-32', 'little end first', [...utf32('{}')]],
    ['UTF-32', 'big end first', [...utf32('{}').swap32()]],
  ])('names %s (%s) and says what to save the file as', (encoding, _, bytes) => {
    const { code, message, where, details } = failureOf(() => decode(bytes));
    expect([code, message]).toEqual(['INPUT_UNICODE_INVALID', `The file is ${encoding}, not UTF-8; save it as UTF-8.`]);
    expect([where.file, details]).toEqual(['a.json', { offset: 0, encoding }]);
  });

  it('refuses a pointer of Git LFS', () => {
    const { code, message } = failureOf(() =>
      decode(ascii('version https://git-lfs.github.com/spec/v1\noid sha256:0\n')),
    );
    expect([code, message]).toEqual([
      'INPUT_LFS_POINTER',
      'a.json is only a pointer of Git LFS; get the file itself: git lfs pull',
    ]);
  });

  it('accepts texts of one character and the empty text', () => {
    expect([decode([]), decode([0x41])]).toEqual(['', 'A']);
  });
});
