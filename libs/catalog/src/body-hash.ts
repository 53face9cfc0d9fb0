import { sha256Hex } from '@dms/files';
import { canonicalSqlText } from '@dms/sql';

/**
 * The hash by which two catalogs compare a body: line ends are unified, and blanks at line ends and around the whole
 * are removed (09 §3.5).
 */
export function bodyHash(text: string): string {
  return sha256Hex(canonicalSqlText(text).trim());
}
