import { labelledResource } from '@dms/api-schema';
import { countedPage, type DocumentStore, type StoredDocument, type UnreadableDocument } from '@dms/documents';

/** The selection of a page: documents of a resource. */
interface PageRequest {
  /** Values by path, with or without `$.`. */
  readonly where: readonly { readonly path: string; readonly value: string }[];
  /** The document id at which the page begins; by default that of the first document. */
  readonly cursor?: string | undefined;
  /** The maximum number of documents. */
  readonly limit: number;
  /** Whether a value that no document can have is an error, and not an empty page. */
  readonly refusesImpossible?: boolean | undefined;
}

interface DocumentPage {
  readonly documents: readonly StoredDocument[];
  /** The document id at which the next page begins; null after the last document. */
  readonly next: string | null;
}

/**
 * A page of the documents of a resource with certain values, by document id (design 14a §1.4). Throws
 * `DOCUMENT_UNREADABLE`, unless `onUnreadable` takes the errors of unreadable documents.
 */
export async function documentPage(
  store: DocumentStore,
  label: string,
  { where, cursor, limit, refusesImpossible }: PageRequest,
  onUnreadable?: (document: UnreadableDocument) => void,
): Promise<DocumentPage> {
  const resource = labelledResource(label);
  const filters = where.map(({ path, value }) => ({ path: path.startsWith('$') ? path : `$.${path}`, value }));
  const pageFrom = (from: string | undefined, size: number, take: typeof onUnreadable) =>
    countedPage<StoredDocument>(
      (takes) =>
        store.readPage(resource, { filters, cursor: from, limit: size, refusesImpossible, onUnreadable: takes }),
      take,
    );
  const page = await pageFrom(cursor, limit, onUnreadable);
  const after = page.last !== undefined && page.count === limit ? String(BigInt(page.last) + 1n) : null;
  // a full page may be the last one
  const isLast = after === null || (await pageFrom(after, 1, () => undefined)).count === 0;
  return { documents: page.found, next: isLast ? null : after };
}
