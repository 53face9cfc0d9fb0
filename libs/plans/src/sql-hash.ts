import { sha256Hex } from '@dms/files';

/** Unifies line ends and removes trailing white space at the end of the text (design 08 §10). */
export function normalizePlanSql(sql: string): string {
  return sql.replace(/\r\n|[\r\f\u0085\u2028\u2029]/g, '\n').replace(/\p{White_Space}+$/u, '');
}

/** The hash of a plan's SQL: 64 lower-case hex digits. */
export function planSqlHash(sql: string): string {
  return sha256Hex(normalizePlanSql(sql));
}
