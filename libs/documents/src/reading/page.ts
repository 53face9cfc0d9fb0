import type { Connection } from '@dms/databases';
import { mustExist } from '@dms/model';
import {
  bindPageQuery,
  bindPartitionQuery,
  compilePageQuery,
  compilePartitionQuery,
  type Paging,
  queryAliases,
} from '@dms/plans';
import { generations } from '../generations.ts';
import type { DocumentPlans, ResourcePlans } from '../resource-plans.ts';
import type { PageRow } from '../statements/document-statements.ts';
import { planStatement } from '../statements/statement.ts';
import { documentStatements } from '../statements/statements-by-dialect.ts';
import type { DescriptorUris } from './descriptor-uris.ts';
import { type DocumentReader, documentReader } from './document-reader.ts';
import type { DocumentFilter } from './page-filters.ts';
import { documentsOf, inOneMoment, noDocuments } from './read-documents.ts';
import { reportUnreadable, type StoredDocument, type UnreadableOptions } from './stored-document.ts';

export interface Page extends UnreadableOptions {
  readonly filters?: readonly DocumentFilter[] | undefined;
  readonly offset?: number | undefined;
  /** The document id to continue from, inclusive; a cursor replaces an offset. */
  readonly cursor?: string | undefined;
  readonly limit: number;
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
  /** The most parts. */
  readonly count: number;
  /** The fewest documents in a part; the last part may have fewer. */
  readonly minimumSize: number;
}

const greatestId = String(2n ** 63n - 1n);

/** One page of the documents that match all filters, by document id (design 08 §8, 17a §1). */
export async function readPage(
  connection: Connection,
  all: DocumentPlans,
  plans: ResourcePlans,
  { filters = [], offset = 0, cursor, limit, onUnreadable }: Page,
  uris: DescriptorUris,
): Promise<readonly StoredDocument[]> {
  const { dialect } = connection;
  const statements = documentStatements[dialect];
  const { findTargets } = generations[all.version].identities(all);
  const paging: Paging = cursor === undefined ? { mode: 'traditional' } : { mode: 'cursor' };
  const bound = generations[plans.version].reading.boundFilters(all, plans, filters, paging);
  if (bound === null) return [];
  const root = mustExist(plans.shape.tables[0], 'the root table').table;
  const found = await inOneMoment(connection, async (transaction) => {
    const descriptors = bound.flatMap(({ descriptor }) => descriptor ?? []);
    const rows = descriptors.length === 0 ? [] : (await transaction.ask(findTargets(descriptors))).flat();
    const ids = new Map(rows.map(({ ReferentialId, DocumentId }) => [String(ReferentialId), String(DocumentId)]));
    const values = new Map<string, string | boolean>();
    for (const { predicate, value, descriptor } of bound) {
      const found = descriptor === null ? value : ids.get(descriptor.referentialId);
      // no document has a descriptor that does not exist
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
    // a value that is a boolean belongs to a filter
    const counts = new Map(
      page.values.flatMap(({ parameterName, value }) =>
        typeof value === 'boolean' ? [] : [[parameterName, value] as const],
      ),
    );
    const statement = planStatement<string>(
      (placeholder) => compilePageQuery(dialect, { ...specification, placeholder }).pageDocumentIdSql,
      (name) => {
        const filter = filterOf.get(name);
        if (filter) return statements.filterParameter(root, filter.column, filter.operator, filter.value);
        return statements.countParameter(mustExist(counts.get(name), `the value of ${name}`));
      },
      true,
    );
    const documentIds = (await transaction.ask([statement])).flat().map(({ DocumentId }) => String(DocumentId));
    if (documentIds.length === 0) return noDocuments;
    const rowsOfPage = (await transaction.ask(statements.documentsById(documentIds))).flat() as unknown as PageRow[];
    const byId = new Map(rowsOfPage.map((row) => [String(row.DocumentId), row]));
    const inOrder = documentIds.flatMap((id) => byId.get(id) ?? []);
    return documentsOf(transaction, { plans, reader: documentReader(plans), rows: inOrder, uris, isLast: true });
  });
  reportUnreadable(found.unreadable, { onUnreadable });
  return found.documents;
}

/** The first document ids of parts of about equal size, in ascending order (design 17a §1). */
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
  const statement = planStatement<string>(
    (placeholder) => compilePartitionQuery(dialect, { ...specification, placeholder }).partitionSql,
    (name) => documentStatements[dialect].countParameter(mustExist(bindings.get(name), `the value of ${name}`)),
    true,
  );
  const [rows = []] = await connection.queryAll([statement]);
  return rows.map(({ DocumentId }) => String(DocumentId));
}

/** The documents of a resource with these ids, by id; missing ones are left out. */
export async function readDocumentsById(
  connection: Connection,
  plans: ResourcePlans,
  documentIds: readonly string[],
  uris: DescriptorUris,
  options: UnreadableOptions,
): Promise<readonly StoredDocument[]> {
  if (documentIds.length === 0) return [];
  const reader = documentReader(plans);
  const found = await inOneMoment(connection, async (transaction) => {
    const answers = await transaction.ask(documentStatements[connection.dialect].documentsById(documentIds));
    const rows = (answers.flat() as unknown as PageRow[]).filter((row) => row.ResourceKeyId === plans.resourceKey.id);
    const inOrder = rows.toSorted((a, b) => Number(BigInt(a.DocumentId) - BigInt(b.DocumentId)));
    return documentsOf(transaction, { plans, reader, rows: inOrder, uris, isLast: true });
  });
  reportUnreadable(found.unreadable, options);
  return found.documents;
}

/**
 * The next documents of a resource by document id, for a scan of all of them while others write. Such a scan meets
 * most descriptors, so the first page loads the URIs of all of them if they are to be cached.
 */
export async function scanDocuments<Content>(
  connection: Connection,
  plans: ResourcePlans,
  reader: DocumentReader<Content>,
  { after = '0', before, since = -1n, limit, onUnreadable }: Scan,
  uris: DescriptorUris,
  remembersUris: boolean,
): Promise<readonly StoredDocument<Content>[]> {
  const statements = documentStatements[connection.dialect];
  const found = await inOneMoment(connection, async (transaction) => {
    const scansRoot = generations[plans.version].reading.scansRoots && !plans.isReadElsewhere;
    const scan = statements.scanDocuments({
      resourceKeyId: plans.resourceKey.id,
      root: scansRoot ? (plans.shape.tables[0]?.table.table ?? null) : null,
      after,
      before: before ?? null,
      since: String(since),
      limit,
    });
    const preloads = remembersUris && uris.areUnasked;
    const [rows = [], all] = await transaction.ask(preloads ? [scan, statements.descriptorUris(uris.limit)] : [scan]);
    if (all) uris.rememberAll(all);
    return documentsOf(transaction, { plans, reader, rows: rows as unknown as PageRow[], uris, isLast: true });
  });
  reportUnreadable(found.unreadable, { onUnreadable });
  return found.documents;
}
