import { fail } from '@dms/diagnostics';
import { expectNoPointer } from './lfs-pointer.ts';

/**
 * Decodes UTF-8 strictly and drops one leading byte order mark. Throws `INPUT_UNICODE_INVALID`, which names the actual
 * encoding, or the offset of the invalid byte, and `INPUT_LFS_POINTER`.
 */
export function decodeUtf8(bytes: Uint8Array, file: string): string {
  expectUtf8(bytes, file);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const offset = firstInvalidByte(bytes);
    fail(
      'INPUT_UNICODE_INVALID',
      `The file is not valid UTF-8: the byte at offset ${offset} does not belong there.`,
      { file },
      { offset },
    );
  }
}

function firstInvalidByte(bytes: Uint8Array): number {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  let offset = 0;
  for (const character of text) {
    const isReplacement =
      character === '\ufffd' && !(bytes[offset] === 0xef && bytes[offset + 1] === 0xbf && bytes[offset + 2] === 0xbd);
    if (isReplacement) return offset;
    offset += Buffer.byteLength(character);
  }
  return offset;
}

/** Throws `INPUT_UNICODE_INVALID` if the text begins like UTF-16 or UTF-32, and `INPUT_LFS_POINTER`. */
export function expectUtf8(start: Uint8Array, file: string): void {
  expectNoPointer(start, file);
  const encoding = otherEncoding(start);
  if (encoding === undefined) return;
  fail(
    'INPUT_UNICODE_INVALID',
    `The file is ${encoding}, not UTF-8; save it as UTF-8.`,
    { file },
    { offset: 0, encoding },
  );
}

/**
 * The encodings that Windows editors and shells write instead of UTF-8, by their first bytes; longer marks come first.
 */
const otherEncodings: readonly (readonly [readonly (number | null)[], string])[] = [
  [[0xff, 0xfe, 0, 0], 'UTF-32'],
  [[0, 0, 0xfe, 0xff], 'UTF-32'],
  [[0xff, 0xfe], 'UTF-16'],
  [[0xfe, 0xff], 'UTF-16'],
  // without a mark, every other byte of plain UTF-16 text is zero, but UTF-8 text has no zero bytes
  [[0, 0, 0, null], 'UTF-32'],
  [[null, 0, 0, 0], 'UTF-32'],
  [[0, null], 'UTF-16'],
  [[null, 0], 'UTF-16'],
];

/** The encoding that the first bytes of a text indicate, if it is not UTF-8. */
function otherEncoding(bytes: Uint8Array): string | undefined {
  return otherEncodings.find(([start]) => start.every((wanted, index) => isByte(wanted, bytes[index])))?.[1];
}

const isByte = (wanted: number | null, found: number | undefined) =>
  wanted === null ? found !== undefined && found !== 0 : found === wanted;
