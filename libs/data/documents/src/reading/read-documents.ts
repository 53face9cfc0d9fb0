import { type Connection, query } from '@dms/databases';
import { mustExist } from '@dms/model';
import {
  bindPageQuery,
  bindPartitionQuery,
  compilePageQuery,
  compilePartitionQuery,
  type Paging,
  pageQuery,
  partitionQuery,
  queryAliases,
} from '@dms/plans';
import { groupBy } from '@dms/values';
import { generations } from '../generations.ts';
import type { DocumentPlans, ResourcePlans } from '../resource-plans.ts';
import type { DocumentPageRow } from '../statements/document-statements.ts';
import type { DocumentRow } from '../statements/identity-statements.ts';
import { documentStatements } from '../statements/statements-by-dialect.ts';
import { Transaction } from '../statements/transaction.ts';
import type { DescriptorUris } from './descriptor-uris.ts';
import { type DocumentReader, documentReader, type PageDocuments } from './document-reader.ts';
import { lostAmong } from './lost-documents.ts';
import type { DocumentFilter } from './page-filters.ts';
import {
  type IdentifiedDocument,
  reportUnreadable,
  type StoredDocument,
  type UnreadableDocument,
  type UnreadableOptions,
  unreadable,
} from './stored-document.ts';

export interface Page extends UnreadableOptions {
  readonly filters?: readonly DocumentFilter[] | undefined;
  readonly offset?: number | undefined;
  /** The document id to continue from, inclusive; a cursor replaces an offset. */
  readonly cursor?: string | undefined;
  readonly limit: number;
  /**
   * Whether a filter with a value that no document can have is `DOCUMENT_VALUE_INVALID`; the second generation otherwise
   * finds nothing (design 17a §1).
   */
  readonly refusesImpossible?: boolean | undefined;
}

/** The documents of a resource that a scan reads. */
export interface Scan extends UnreadableOptions {
  /** The document id to continue after: the last one read. */
  readonly after?: string | undefined;
  /** The document id to stop before, exclusive. */
  readonly before?: string | undefined;
  /** Only documents with a greater content version. */
  readonly since?: bigint | undefined;
  readonly limit: number;
}

/** How to split the documents of a resource. */
export interface Partitioning {
  /** The largest number of parts. */
  readonly count: number;
  /** The smallest number of documents in a part; the last part may have fewer. */
  readonly minimumSize: number;
}

/** State that all reads through one connection share. */
export interface ReadContext {
  readonly connection: Connection;
  readonly all: DocumentPlans;
  readonly uris: DescriptorUris;
  /** Whether URIs are cached for later reads. */
  readonly remembersUris: boolean;
}

const greatestId = String(2n ** 63n - 1n);

/** Documents by uuid, in the order of the uuids; missing documents are left out. */
export async function readDocuments(
  { connection, all, uris }: ReadContext,
  uuids: readonly string[],
  options: UnreadableOptions = {},
): Promise<IdentifiedDocument[]> {
  if (uuids.length === 0) return [];
  const {
    documents,
    unreadable: refused,
    lost,
  } = await inOneMoment(connection, async (transaction) => {
    const found = await transaction.ask(generations[all.version].identities(all).documentsByUuid(uuids));
    const rows = found.flat() as unknown as DocumentRow[];
    const byKey = groupBy(rows, ({ ResourceKeyId }) => ResourceKeyId);
    const read = new Map<string, IdentifiedDocument>();
    const unreadableDocuments: UnreadableDocument[] = [];
    const lost = new Set<string>();
    let left = byKey.size;
    for (const [key, own] of byKey) {
      const resource = mustExist(all.mappingSet.resourceKeyById.get(key), `the resource of key ${key}`);
      left -= 1;
      const plans = all.of(resource);
      const question = { plans, reader: documentReader(plans), rows: own, uris, isLast: left === 0 };
      const page = await readRows(transaction, question);
      if (page === outdated) return outdated;
      unreadableDocuments.push(...page.unreadable);
      for (const id of page.lost) lost.add(id);
      const ids = new Map(own.map(({ DocumentId, ReferentialId }) => [String(DocumentId), ReferentialId]));
      for (const document of page.documents)
        if (!page.lost.has(document.documentId))
          read.set(document.uuid, { ...document, referentialId: ids.get(document.documentId) ?? null });
    }
    return { documents: read, unreadable: unreadableDocuments, lost };
  });
  // a document that was deleted in the meantime is no longer there
  const withoutRoot = await lostAmong(connection, all, all.mappingSet.model.resources, [...lost]);
  reportUnreadable([...refused, ...withoutRoot], options);
  return uuids.flatMap((uuid) => documents.get(uuid.toLowerCase()) ?? []);
}

/** Reads in a single state of the database, so that the rows and the descriptors of a page are consistent. */
async function inOneMoment<Result>(
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

interface RowsToRead<Content> {
  readonly plans: ResourcePlans;
  /** The reader of the resource. */
  readonly reader: DocumentReader<Content>;
  /** The rows of one resource. */
  readonly rows: readonly DocumentPageRow[];
  readonly uris: DescriptorUris;
  /** Whether this is the last query, so that the transaction may end with it; true by default. */
  readonly isLast?: boolean;
}

/**
 * The documents of some rows of `dms.Document`, in their order. While no descriptors are cached, their URIs are read
 * together with the rows, later only if rows refer to an unknown one. If all were expected to be cached, the
 * transaction has already ended by then, and the read must be repeated.
 */
async function readRows<Content>(
  transaction: Transaction,
  { plans, reader, rows, uris, isLast = true }: RowsToRead<Content>,
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
  rows: readonly DocumentPageRow[],
  { documents, unwritable, lost }: PageDocuments<Content>,
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
  return { documents: stored, unreadable: unreadableDocuments, lost };
}

/** One page of the documents that match all filters, by document id (design 08 §8, 17a §1). */
export async function readPage(
  { connection, all, uris }: ReadContext,
  plans: ResourcePlans,
  { filters = [], offset = 0, cursor, limit, onUnreadable, refusesImpossible = false }: Page,
): Promise<readonly StoredDocument[]> {
  const { dialect } = connection;
  const statements = documentStatements[dialect];
  const { findTargets } = generations[all.version].identities(all);
  const paging: Paging = cursor === undefined ? { mode: 'traditional' } : { mode: 'cursor' };
  const bound = generations[plans.version].reading.boundFilters(all, plans, filters, paging, refusesImpossible);
  if (bound === null) return [];
  const root = mustExist(plans.shape.tables[0], 'the root table').table;
  const found = await inOneMoment(connection, async (transaction) => {
    const descriptors = bound.flatMap(({ descriptor }) => descriptor ?? []);
    const named = descriptors.length === 0 ? [] : await transaction.answer(findTargets(descriptors));
    const ids = new Map(named.map(({ referentialId, documentId }) => [referentialId, documentId]));
    const values = new Map<string, string | boolean>();
    for (const { predicate, value, descriptor } of bound) {
      const found = descriptor === null ? value : ids.get(descriptor.referentialId);
      // no document refers to a descriptor that does not exist
      if (found === undefined || found === null) return noDocuments;
      values.set(predicate.parameterName, found);
    }
    const specification = {
      rootTable: root.table,
      predicates: bound.map(({ predicate }) => predicate),
      aliases: queryAliases(root),
      ...paging,
    };
    const range = { cursorInclusiveMinimum: cursor ?? '0', cursorInclusiveMaximum: greatestId, pageSize: limit };
    const { page } = bindPageQuery(
      compilePageQuery(dialect, specification),
      values,
      cursor === undefined ? { offset, limit } : range,
    );
    if (page === null) return noDocuments;
    const columns = new Map(root.columns.map((column) => [column.name as string, column]));
    const filterOf = new Map(
      bound.map(({ predicate }) => {
        const { operator, parameterName } = predicate;
        const isUuid = predicate.target === 'DocumentUuid';
        const column = isUuid ? null : mustExist(columns.get(predicate.column), `the column ${predicate.column}`);
        return [
          parameterName,
          { column, operator, value: mustExist(values.get(parameterName), `the value of ${parameterName}`) },
        ];
      }),
    );
    // only filters have boolean values
    const counts = new Map(
      page.values.flatMap(({ parameterName, value }) =>
        typeof value === 'boolean' ? [] : [[parameterName, value] as const],
      ),
    );
    const sent = pageQuery(dialect, specification, (name) => {
      const filter = filterOf.get(name);
      if (filter) return statements.filterParameter(root, filter.column, filter.operator, filter.value);
      return statements.countParameter(mustExist(counts.get(name), `the value of ${name}`));
    });
    const documentIds = (await transaction.ask([query(sent.page)])).flat().map(({ DocumentId }) => String(DocumentId));
    if (documentIds.length === 0) return noDocuments;
    const rowsOfPage = (
      await transaction.ask(statements.documentsById(documentIds))
    ).flat() as unknown as DocumentPageRow[];
    const byId = new Map(rowsOfPage.map((row) => [String(row.DocumentId), row]));
    const inOrder = documentIds.flatMap((id) => byId.get(id) ?? []);
    return readRows(transaction, { plans, reader: documentReader(plans), rows: inOrder, uris });
  });
  reportUnreadable(found.unreadable, { onUnreadable });
  return found.documents;
}

/** The first document id of each of several parts of about equal size, in ascending order (design 17a §1). */
export async function partitionDocuments(
  connection: Connection,
  { shape }: ResourcePlans,
  { count, minimumSize }: Partitioning,
): Promise<readonly string[]> {
  const root = mustExist(shape.tables[0], 'the root table').table;
  const specification = { rootTable: root.table, predicates: [], aliases: queryAliases(root) };
  const { dialect } = connection;
  const { values } = bindPartitionQuery(compilePartitionQuery(dialect, specification), new Map<string, never>(), {
    partitionCount: count,
    minimumPartitionSize: minimumSize,
  });
  const bindings = new Map(values.map(({ parameterName, value }) => [parameterName, value]));
  const { countParameter } = documentStatements[dialect];
  const { partitions } = partitionQuery(dialect, specification, (name) =>
    countParameter(mustExist(bindings.get(name), `the value of ${name}`)),
  );
  const [rows = []] = await connection.queryAll([query(partitions)]);
  return rows.map(({ DocumentId }) => String(DocumentId));
}

/** The documents of a resource with these ids, by id; missing ones, and those without a root row, are left out. */
export async function readDocumentsById(
  { connection, uris }: ReadContext,
  plans: ResourcePlans,
  documentIds: readonly string[],
  options: UnreadableOptions,
): Promise<readonly StoredDocument[]> {
  if (documentIds.length === 0) return [];
  const reader = documentReader(plans);
  const found = await inOneMoment(connection, async (transaction) => {
    const answers = await transaction.ask(documentStatements[connection.dialect].documentsById(documentIds));
    const rows = (answers.flat() as unknown as DocumentPageRow[]).filter(
      (row) => row.ResourceKeyId === plans.resourceKey.id,
    );
    const inOrder = rows.toSorted((a, b) => Number(BigInt(a.DocumentId) - BigInt(b.DocumentId)));
    return readRows(transaction, { plans, reader, rows: inOrder, uris });
  });
  reportUnreadable(found.unreadable, options);
  return found.documents.filter(({ documentId }) => !found.lost.has(documentId));
}

/**
 * The next documents of a resource by document id, for a scan of all of them while others write. Such a scan finds most
 * descriptors, so the first page loads the URIs of all of them if they are to be cached.
 */
export async function scanDocuments<Content>(
  { connection, uris, remembersUris }: ReadContext,
  plans: ResourcePlans,
  reader: DocumentReader<Content>,
  { after = '0', before, since = -1n, limit, onUnreadable }: Scan,
): Promise<readonly StoredDocument<Content>[]> {
  const statements = documentStatements[connection.dialect];
  const page = await inOneMoment(connection, async (transaction) => {
    const root = plans.isReadElsewhere ? null : (plans.shape.tables[0]?.table.table ?? null);
    const scan = statements.scanDocuments({
      resourceKeyId: plans.resourceKey.id,
      root,
      readsRoot: generations[plans.version].reading.scansRoots,
      after,
      before: before ?? null,
      since: String(since),
      limit,
    });
    const preloads = remembersUris && uris.areUnasked;
    const [rows = [], all] = await transaction.ask(preloads ? [scan, statements.descriptorUris(uris.limit)] : [scan]);
    if (all) uris.rememberAll(all);
    return readRows(transaction, { plans, reader, rows: rows as unknown as DocumentPageRow[], uris });
  });
  reportUnreadable(page.unreadable, { onUnreadable });
  return page.documents;
}

/** Thrown when a read must be repeated from its beginning. */
const outdated = Symbol('outdated');

/** Documents of one resource, and those of them that cannot be read. */
interface ReadDocuments<Content> {
  readonly documents: readonly StoredDocument<Content>[];
  readonly unreadable: readonly UnreadableDocument[];
  /** The ids of documents without a root row. */
  readonly lost: ReadonlySet<string>;
}

const noDocuments: ReadDocuments<never> = { documents: [], unreadable: [], lost: new Set() };
