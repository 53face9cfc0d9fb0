import { DmsError, diagnostic } from '@dms/diagnostics';

/** The error for rows of a resource that the database refuses: it cannot be assigned to one of the many documents. */
export function refusedRows(label: string, error: unknown): unknown {
  if (!(error instanceof DmsError) || error.code !== 'DB_SQL') return error;
  const { message, details } = error.diagnostics[0];
  const text = `The database refuses a row of a document of ${label}, so nothing is loaded. Load without --bulk to see which one. ${message}`;
  return new DmsError([diagnostic('DOCUMENT_REFUSED', text, { resource: label }, details)]);
}
