import { hash } from 'node:crypto';

/** SHA-256 of bytes or of the UTF-8 form of a text. */
export function sha256(data: string | Uint8Array): Uint8Array {
  return hash('sha256', data, 'buffer');
}

/** The same as 64 lower-case hex digits. */
export function sha256Hex(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex');
}

/** Bytes as lower-case hex digits. */
export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The beginning of a hash, as messages for people show it; machines get the whole. */
export const hashStart = (hash: string): string => hash.toLowerCase().slice(0, 12);

/** The beginnings of two hashes that differ; the whole of them where what differs comes later. */
export function hashStarts(one: string, other: string): readonly [string, string] {
  const first = hashStart(one);
  const second = hashStart(other);
  return first === second ? [one, other] : [first, second];
}
