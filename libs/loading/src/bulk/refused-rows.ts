import { isRefusedRow } from '@dms/databases';
import { DmsError, diagnostic } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';

/**
 * The error for rows that the database refuses where they cannot be assigned to one of the many documents of a
 * resource, or of all.
 */
export function refusedRows(label: string | null, error: unknown, dialect: SqlDialect): unknown {
  if (!(error instanceof DmsError) || !isRefusedRow(error, dialect)) return error;
  const { message, details } = error.diagnostics[0];
  const whose = label === null ? 'a document' : `a document of ${label}`;
  const text = `The database refuses a row of ${whose}, so nothing is loaded. Load without --bulk to see which one. ${message}`;
  return new DmsError([diagnostic('DOCUMENT_REFUSED', text, label === null ? {} : { resource: label }, details)]);
}
