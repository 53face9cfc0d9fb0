import type { Connection } from '@dms/databases';
import { type Diagnostic, diagnostic } from '@dms/diagnostics';

const statement = 'ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON';

/**
 * `DOCUMENT_SNAPSHOT_OFF` for a database in which the statements of a read may see different moments (design 09 §1.5);
 * otherwise nothing.
 */
export async function snapshotWarnings(connection: Connection): Promise<readonly Diagnostic[]> {
  if ((await connection.readsOneMoment?.()) ?? true) return [];
  const text = `${connection.label}: the database does not allow snapshots. A document that is changed while it is read may be returned with rows from before and after the change, and documents that are written meanwhile may be there without those that they name. To allow snapshots, run: ${statement}`;
  return [diagnostic('DOCUMENT_SNAPSHOT_OFF', text, {}, { statement })];
}
