import type { Connection } from '@dms/databases';
import { groupBy } from '@dms/files';
import { mustExist } from '@dms/model';
import { generations } from '../generations.ts';
import type { DocumentPlans, ResourcePlans } from '../resource-plans.ts';
import type { PageRow } from '../statements/document-statements.ts';
import type { DocumentRow } from '../statements/identity-statements.ts';
import { documentStatements } from '../statements/statements-by-dialect.ts';
import { Transaction } from '../statements/transaction.ts';
import type { DescriptorUris } from './descriptor-uris.ts';
import { type DocumentReader, documentReader, type PageDocuments } from './document-reader.ts';
import {
  type IdentifiedDocument,
  reportUnreadable,
  type StoredDocument,
  type UnreadableDocument,
  type UnreadableOptions,
  unreadable,
} from './stored-document.ts';

/** Thrown when a read must be repeated from its beginning. */
const outdated = Symbol('outdated');

/** Reads that see a single moment, so that the rows and the descriptors of a page fit together. */
export async function inOneMoment<Result>(
  connection: Connection,
  read: (transaction: Transaction) => Promise<Result | typeof outdated>,
): Promise<Result> {
  for (;;) {
    const transaction = new Transaction(connection, 'reading');
    try {
      const result = await read(transaction);
      if (result !== outdated) return result;
    } finally {
      await transaction.rollback();
    }
  }
}

/** Documents of one resource, and those of them that cannot be read. */
export interface ReadDocuments<Content> {
  readonly documents: readonly StoredDocument<Content>[];
  readonly unreadable: readonly UnreadableDocument[];
}

export const noDocuments: ReadDocuments<never> = { documents: [], unreadable: [] };

interface RowsToRead<Content> {
  readonly plans: ResourcePlans;
  /** The reader of the resource. */
  readonly reader: DocumentReader<Content>;
  /** The rows of one resource. */
  readonly rows: readonly PageRow[];
  readonly uris: DescriptorUris;
  /** Whether this is the last question, so that the transaction may end with it. */
  readonly isLast: boolean;
}

/**
 * The documents of some rows of `dms.Document`, in their order. While no descriptors are cached, their URIs are read
 * together with the rows, later only if rows name an unknown one. If all were expected to be cached, the transaction
 * has already ended then, and the read must be repeated.
 */
export async function documentsOf<Content>(
  transaction: Transaction,
  { plans, reader, rows, uris, isLast }: RowsToRead<Content>,
): Promise<ReadDocuments<Content> | typeof outdated> {
  if (rows.length === 0) return noDocuments;
  const ids = rows.map(({ DocumentId }) => String(DocumentId));
  const { hydrate } = documentStatements[plans.dialect];
  const asksUris = uris.areUnasked;
  const question = hydrate(plans.read, ids, { tables: true, uris: asksUris });
  const ends = isLast && (asksUris || uris.isComplete);
  const answers = ends ? await transaction.askAndCommit(question) : await transaction.ask(question);
  uris.remember(answers.slice(plans.read.tablePlansInDependencyOrder.length));
  let page = reader.documentsOf(ids, answers, uris);
  if (page === null && ends) {
    uris.forget();
    return outdated;
  }
  if (page === null) {
    uris.remember(await transaction.ask(hydrate(plans.read, ids, { tables: false, uris: true })));
    page = mustExist(reader.documentsOf(ids, answers, uris) ?? undefined, `the descriptors of ${plans.label}`);
  }
  return withoutUnreadable(plans.label, rows, page);
}

/** Pairs documents with their rows, apart from those with a value that no document can hold. */
function withoutUnreadable<Content>(
  resource: string,
  rows: readonly PageRow[],
  { documents, unwritable }: PageDocuments<Content>,
): ReadDocuments<Content> {
  const unreadableDocuments: UnreadableDocument[] = [];
  const stored = rows.flatMap(
    ({ DocumentId, DocumentUuid: uuid, ContentVersion }, index): StoredDocument<Content>[] => {
      const documentId = String(DocumentId);
      const value = unwritable.get(documentId);
      if (value !== undefined) {
        unreadableDocuments.push({ uuid, documentId, diagnostic: unreadable(resource, uuid, value) });
        return [];
      }
      const document = mustExist(documents[index], 'a document of the page');
      return [{ resource, uuid, documentId, contentVersion: BigInt(ContentVersion), document }];
    },
  );
  return { documents: stored, unreadable: unreadableDocuments };
}

/** Documents by uuid, in the order of the uuids; missing documents are left out. */
export async function readDocuments(
  connection: Connection,
  all: DocumentPlans,
  uuids: readonly string[],
  uris: DescriptorUris,
  options: UnreadableOptions = {},
): Promise<IdentifiedDocument[]> {
  if (uuids.length === 0) return [];
  const { documents, unreadable: refused } = await inOneMoment(connection, async (transaction) => {
    const found = await transaction.ask(generations[all.version].identities(all).documentsByUuid(uuids));
    const rows = found.flat() as unknown as DocumentRow[];
    const byKey = groupBy(rows, ({ ResourceKeyId }) => ResourceKeyId);
    const read = new Map<string, IdentifiedDocument>();
    const unreadableDocuments: UnreadableDocument[] = [];
    let left = byKey.size;
    for (const [key, own] of byKey) {
      const resource = mustExist(all.mappingSet.resourceKeyById.get(key), `the resource of key ${key}`);
      left -= 1;
      const plans = all.of(resource);
      const question = { plans, reader: documentReader(plans), rows: own, uris, isLast: left === 0 };
      const page = await documentsOf(transaction, question);
      if (page === outdated) return outdated;
      unreadableDocuments.push(...page.unreadable);
      const ids = new Map(own.map(({ DocumentId, ReferentialId }) => [String(DocumentId), ReferentialId]));
      for (const document of page.documents)
        read.set(document.uuid, { ...document, referentialId: ids.get(document.documentId) ?? null });
    }
    return { documents: read, unreadable: unreadableDocuments };
  });
  reportUnreadable(refused, options);
  return uuids.flatMap((uuid) => documents.get(uuid.toLowerCase()) ?? []);
}
