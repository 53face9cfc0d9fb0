import { createHash } from 'node:crypto';
import type { SqlDialect } from '@dms/sql';

const hashOf = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 10);

/** A name within the limit of a dialect, written down from design 03 §6.2; the hash input is the name itself. */
export function shortName(name: string, dialect: SqlDialect): string {
  if (dialect === 'mssql') return name.length <= 128 ? name : `${name.slice(0, 117)}_${hashOf(name)}`;
  if (Buffer.byteLength(name, 'utf8') <= 63) return name;
  let prefix = '';
  for (const character of name) {
    if (Buffer.byteLength(prefix + character, 'utf8') > 52) break;
    prefix += character;
  }
  return `${prefix}_${hashOf(name)}`;
}
