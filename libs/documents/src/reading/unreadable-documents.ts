import { type Diagnostic, DmsError, diagnostic } from '@dms/diagnostics';
import type { UnwritableValue } from './page-rows.ts';
import type { UnreadableDocument, UnreadableOptions } from './stored-document.ts';

/**
 * Why a document cannot be read: `DOCUMENT_UNREADABLE`, with the column and the value that no document can hold (design
 * 14 §3).
 */
export function unreadable(resource: string, uuid: string, { path, column, shown }: UnwritableValue): Diagnostic {
  const text = `The ${resource} ${uuid} has the value ${shown} in ${column} (${path}), which no document can hold. Correct the row, or write the document again; dms-ddl check --data names all such values.`;
  return diagnostic('DOCUMENT_UNREADABLE', text, { resource, path }, { uuid, column, value: shown });
}

/** Passes documents that cannot be read to the caller, who goes on without them, or throws all of their diagnostics. */
export function reportUnreadable(found: readonly UnreadableDocument[], { onUnreadable }: UnreadableOptions): void {
  const [first, ...others] = found;
  if (first === undefined) return;
  if (onUnreadable === undefined) throw new DmsError([first.diagnostic, ...others.map((each) => each.diagnostic)]);
  for (const each of found) onUnreadable(each);
}
