import type { Connection } from '@dms/databases';
import { type Diagnostic, diagnostic } from '@dms/diagnostics';

const statement = 'ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON';

/**
 * `DOCUMENT_SNAPSHOT_OFF` for a database in which the statements of one read may see different moments (design 09 §1.5); nothing for any
 * other.
 */
export async function snapshotWarnings(connection: Connection): Promise<readonly Diagnostic[]> {
  if ((await connection.readsOneMoment?.()) ?? true) return [];
  const text = `${connection.label}: the database allows no snapshots. A document that is changed while it is read may come with rows of before and after the change. To allow them, run: ${statement}`;
  return [diagnostic('DOCUMENT_SNAPSHOT_OFF', text, {}, { statement })];
}
