import { describe, expect, it } from 'vitest';
import { sha256, sha256Hex } from './index.ts';

describe('SHA-256', () => {
  // test values of FIPS 180-4
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ])('of %j is 64 lower-case hex digits, or the same 32 bytes', (text, digest) => {
    expect(sha256Hex(text)).toBe(digest);
    expect(sha256(text)).toHaveLength(32);
    expect(Buffer.from(sha256(text)).toString('hex')).toBe(digest);
  });

  it('of a text is that of its UTF-8 bytes', () => {
    expect(sha256Hex('é漢😀')).toBe(sha256Hex(new TextEncoder().encode('é漢😀')));
    expect(sha256Hex('é')).not.toBe(sha256Hex(Uint8Array.of(0xe9)));
  });
});
