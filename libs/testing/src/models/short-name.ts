import { createHash } from 'node:crypto';

export const sha256Of = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** What PostgreSQL's 63 bytes make of an ASCII name, written from design 03 §6.2: 52 characters, `_`, ten hex digits. */
export function shortName(name: string, hashInput: string = name): string {
  return name.length <= 63 ? name : `${name.slice(0, 52)}_${sha256Of(hashInput).slice(0, 10)}`;
}
