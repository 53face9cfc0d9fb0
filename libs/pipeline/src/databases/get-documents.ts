import { labelledResource } from '@dms/api-schema';
import { countedPage } from '@dms/bulk';
import { type Diagnostic, fail } from '@dms/diagnostics';
import { openDocuments, type StoredDocument, snapshotWarnings, type UnreadableDocument } from '@dms/documents';
import { type ReadingTaskOptions, withStoredDocuments } from './document-database.ts';
import type { DatabaseResult } from './with-database.ts';

export interface GetDocumentsOptions extends ReadingTaskOptions {
  /** `Project:Resource`. */
  readonly resource: string;
  readonly id?: string | undefined;
  /** Values that all documents have, by path. */
  readonly where?: readonly { readonly path: string; readonly value: string }[] | undefined;
  /** Document id at which to continue. */
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export interface FoundDocuments extends DatabaseResult {
  /** Where the next page begins; null after the last document. */
  readonly next: string | null;
  readonly documents: readonly StoredDocument[];
  /** Documents of the page that cannot be read, because they have values that no document can hold. */
  readonly unreadable: readonly Diagnostic[];
}

/**
 * `dms-ddl get`: documents of a resource: one by its id, or those with certain values, by document id (design 14 §4). Throws
 * the codes of `withStoredDocuments`, `DOCUMENT_RESOURCE_UNKNOWN`, `DOCUMENT_NOT_FOUND`, `DOCUMENT_PROPERTY_UNKNOWN`,
 * `QUERY_FIELD_UNSUPPORTED`, `DOCUMENT_VALUE_INVALID`.
 */
export function getDocuments(options: GetDocumentsOptions): Promise<FoundDocuments> {
  const { resource: label, id, where = [], cursor, limit } = options;
  const resource = labelledResource(label);
  return withStoredDocuments(options, async ({ plans, connection }) => {
    const store = openDocuments(connection, plans);
    plans.of(resource);
    const diagnostics = await snapshotWarnings(connection);
    const refused: UnreadableDocument[] = [];
    const onUnreadable = (document: UnreadableDocument) => refused.push(document);
    const unreadable = () => refused.map(({ diagnostic }) => diagnostic);
    if (id !== undefined) {
      const found = (await store.read([id], { onUnreadable })).filter((document) => document.resource === label);
      if (found.length === 0 && refused.length === 0)
        fail('DOCUMENT_NOT_FOUND', `There is no ${label} with the uuid ${id}.`, { resource: label }, { uuid: id });
      return { documents: found, unreadable: unreadable(), next: null, diagnostics };
    }
    const filters = where.map(({ path, value }) => ({ path: path.startsWith('$') ? path : `$.${path}`, value }));
    const page = await countedPage<StoredDocument>(
      (takes) => store.readPage(resource, { filters, cursor, limit, onUnreadable: takes }),
      onUnreadable,
    );
    const next = page.last !== undefined && page.count === limit ? String(BigInt(page.last) + 1n) : null;
    return { documents: page.found, unreadable: unreadable(), next, diagnostics };
  });
}
