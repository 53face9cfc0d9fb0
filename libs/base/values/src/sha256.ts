import { hash } from 'node:crypto';

/** SHA-256 of bytes or of the UTF-8 form of a text. */
export function sha256(data: string | Uint8Array): Uint8Array {
  return hash('sha256', data, 'buffer');
}

/** SHA-256 as 64 lower-case hex digits. */
export function sha256Hex(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex');
}

/** Bytes as lower-case hex digits. */
export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The beginning of a hash for messages to people; machine-readable output has the whole hash. */
export const hashStart = (hash: string): string => hash.toLowerCase().slice(0, 12);

/** The beginnings of two different hashes; the whole hashes if their beginnings are equal. */
export function hashStarts(one: string, other: string): readonly [string, string] {
  const first = hashStart(one);
  const second = hashStart(other);
  return first === second ? [one, other] : [first, second];
}
