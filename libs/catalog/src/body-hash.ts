import { sha256Hex } from '@dms/canonical-json';
import { canonicalSqlText } from '@dms/sql';

/** Hash of a body as two catalogs compare it: line ends unified, blanks at line ends and around the whole removed (09 §3.5). */
export function bodyHash(text: string): string {
  return sha256Hex(canonicalSqlText(text).trim());
}
