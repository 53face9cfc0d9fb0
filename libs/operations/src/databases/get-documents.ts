import { labelledResource } from '@dms/api-schema';
import { atOneMoment } from '@dms/databases';
import { type Diagnostic, fail } from '@dms/diagnostics';
import { countedPage, type DocumentStore, openDocuments, type StoredDocument, type UnreadableDocument } from '@dms/documents';
import { type ReadingTaskOptions, warnOfMoments, withStoredDocuments } from './document-database.ts';
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

/** The documents that a request is for. */
async function foundDocuments(
  store: DocumentStore,
  { resource: label, id, where = [], cursor, limit }: GetDocumentsOptions,
): Promise<Omit<FoundDocuments, 'diagnostics'>> {
  const refused: UnreadableDocument[] = [];
  const onUnreadable = (document: UnreadableDocument) => refused.push(document);
  const unreadable = () => refused.map(({ diagnostic }) => diagnostic);
  if (id !== undefined) {
    const found = (await store.read([id], { onUnreadable })).filter((document) => document.resource === label);
    if (found.length === 0 && refused.length === 0)
      fail('DOCUMENT_NOT_FOUND', `There is no ${label} with the uuid ${id}.`, { resource: label }, { uuid: id });
    return { documents: found, unreadable: unreadable(), next: null };
  }
  const filters = where.map(({ path, value }) => ({ path: path.startsWith('$') ? path : `$.${path}`, value }));
  const page = await countedPage<StoredDocument>(
    (takes) => store.readPage(labelledResource(label), { filters, cursor, limit, onUnreadable: takes }),
    onUnreadable,
  );
  const next = page.last !== undefined && page.count === limit ? String(BigInt(page.last) + 1n) : null;
  return { documents: page.found, unreadable: unreadable(), next };
}

/**
 * `dms-ddl get`: documents of a resource as of one moment: one by its id, or those with certain values, by document id (design 14 §4). Throws
 * the codes of `withStoredDocuments`, `DOCUMENT_RESOURCE_UNKNOWN`, `DOCUMENT_NOT_FOUND`, `DOCUMENT_PROPERTY_UNKNOWN`,
 * `QUERY_FIELD_UNSUPPORTED`, `DOCUMENT_VALUE_INVALID`.
 */
export function getDocuments(options: GetDocumentsOptions): Promise<FoundDocuments> {
  return withStoredDocuments(options, async ({ plans, connection }) => {
    plans.of(labelledResource(options.resource));
    const diagnostics = await warnOfMoments(connection, options);
    const found = await atOneMoment(connection, (session) => foundDocuments(openDocuments(session, plans), options));
    return { ...found, diagnostics };
  });
}
