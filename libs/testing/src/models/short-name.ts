import { createHash } from 'node:crypto';
import type { SqlDialect } from '@dms/sql';

export const sha256Of = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** The longest prefix of complete characters with at most `bytes` bytes. */
function beginning(text: string, bytes: number): string {
  let result = '';
  for (const character of text) {
    if (Buffer.byteLength(result + character, 'utf8') > bytes) break;
    result += character;
  }
  return result;
}

/** A name shortened to the limit of a dialect, 63 bytes or 128 UTF-16 units, written from design 03 §6.2. */
export function shortNameIn(dialect: SqlDialect, name: string, hashInput = name): string {
  const hash = () => sha256Of(hashInput).slice(0, 10);
  if (dialect === 'mssql') return name.length <= 128 ? name : `${name.slice(0, 117)}_${hash()}`;
  return Buffer.byteLength(name, 'utf8') <= 63 ? name : `${beginning(name, 52)}_${hash()}`;
}

/** Like {@link shortNameIn}, for PostgreSQL. */
export const shortName = (name: string, hashInput = name): string => shortNameIn('pgsql', name, hashInput);
