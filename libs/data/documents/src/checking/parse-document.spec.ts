import { JsonNumber } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { parseDocument } from '../index.ts';

const codeOf = (action: () => unknown) => {
  try {
    action();
    return null;
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe('the text of a document', () => {
  it('keeps the digits of its numbers', () => {
    expect(parseDocument('{"a":12345678901.1234}', 'a.json')).toEqual(
      new Map([['a', new JsonNumber('12345678901.1234')]]),
    );
  });

  it('may be as long as the limit, in bytes', () => {
    const text = '{"a":"éé"}';
    expect(codeOf(() => parseDocument(text, 'a.json', { textLimit: 12 }))).toBeNull();
    expect(codeOf(() => parseDocument(text, 'a.json', { textLimit: 11 }))).toBe('DOCUMENT_TOO_LARGE');
  });

  it('has a limit of 4 MiB and of 64 levels', () => {
    const long = (length: number) => JSON.stringify('x'.repeat(length - 2));
    expect(codeOf(() => parseDocument(long(4 * 1024 * 1024), 'a.json'))).toBeNull();
    expect(codeOf(() => parseDocument(long(4 * 1024 * 1024 + 1), 'a.json'))).toBe('DOCUMENT_TOO_LARGE');
    expect(codeOf(() => parseDocument('['.repeat(64) + ']'.repeat(64), 'a.json'))).toBeNull();
    expect(codeOf(() => parseDocument('['.repeat(65) + ']'.repeat(65), 'a.json'))).toBe('DOCUMENT_TOO_LARGE');
  });
});
