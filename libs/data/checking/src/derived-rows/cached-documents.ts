import { type Connection, type Limits, rowsOf } from '@dms/databases';
import { type DocumentPlans, dateTimeText, documentPlans, finiteText, openDocuments } from '@dms/documents';
import { core, coreV2, type DbTableName, descriptorMembers, qualified } from '@dms/model';
import { compileMappingSet } from '@dms/plans';
import { join, type PlainSql } from '@dms/sql';
import { isJsonArray, isJsonObject, JsonNumber, type JsonValue } from '@dms/values';
import { chunk } from 'es-toolkit/array';
import type { CheckedSet } from '../checked-set.ts';
import type { DocumentFinding, RowCheck } from './data-finding.ts';
import { eachPage, FoundDocuments } from './document-pages.ts';
import type { RowDialect } from './row-dialect.ts';
import { columnsIn, namesOf, rowCheck, rowDialects, tableOf } from './row-dialects.ts';

/*
 * A server caches documents in the form in which it shows them, with members that no row holds, such as ids and links.
 * So a cached document is right if it has every member of the document. One that is older than the document is not
 * compared.
 */

/** Rows of the cache and of its queue belong to a document and are not ahead of it. */
export function cacheChecks(input: CheckedSet, dialect: RowDialect): RowCheck[] {
  const { sql, q, named, id, document } = namesOf(dialect);
  const checkOf = (
    kind: 'cache' | 'queue',
    name: DbTableName,
    rows: readonly (readonly [column: string, condition: PlainSql])[],
  ) => {
    const table = tableOf(input, name);
    const conditions = rows.flatMap(([column, condition]) => (columnsIn(table, column) ? [condition] : []));
    if (table === undefined || conditions.length === 0) return [];
    const query = sql`SELECT ${dialect.rules.text(sql`d."DocumentUuid"`, 'uuid')} AS example FROM ${named(name)} AS t INNER JOIN ${document} AS d ON d.${id} = t.${id} WHERE ${join(conditions, ' OR ')}`;
    return [rowCheck(kind, qualified(name), query)];
  };
  const isAhead = (own: string, of: string) => [own, sql`t.${q(own)} > d.${q(of)}`] as const;
  const otherResource = join(
    ['ProjectName', 'ResourceName', 'ResourceVersion'].map((name) => sql`k.${q(name)} = t.${q(name)}`),
    ' AND ',
  );
  return [
    ...checkOf('cache', core.documentCache, [
      ['DocumentUuid', sql`t."DocumentUuid" <> d."DocumentUuid"`],
      [
        'ResourceName',
        sql`NOT EXISTS (SELECT 1 FROM ${named(core.resourceKey)} AS k WHERE k."ResourceKeyId" = d."ResourceKeyId" AND ${otherResource})`,
      ],
      isAhead('ContentVersion', 'ContentVersion'),
      isAhead('LastModifiedAt', 'ContentLastModifiedAt'),
    ]),
    ...checkOf('queue', coreV2.documentProjectionWork, [
      isAhead('RequiredContentVersion', 'ContentVersion'),
      ['RequiredContentVersion', sql`t."RequiredContentVersion" <= 0`],
      ['FirstEnqueuedAt', sql`t."FirstEnqueuedAt" > t."LastEnqueuedAt"`],
    ]),
  ];
}

/** The condition that a cached document `t` is as new as its document `d`. */
export const isFresh = (input: CheckedSet, { rules: { sql } }: RowDialect): PlainSql =>
  columnsIn(tableOf(input, core.documentCache), 'ContentVersion')
    ? sql`t."ContentVersion" = d."ContentVersion"`
    : sql`t."LastModifiedAt" = d."ContentLastModifiedAt"`;

/** A cached document that is as old as the document. */
interface Cached {
  readonly id: string;
  readonly uuid: string;
  readonly document: unknown;
}

/** The cached documents that differ from their document. The rows must make documents. */
export async function wrongCachedDocuments(
  connection: Connection,
  input: CheckedSet,
  limits: Limits,
): Promise<readonly DocumentFinding[]> {
  const table = tableOf(input, core.documentCache);
  if (table === undefined) return [];
  const { rules, longText } = rowDialects[connection.dialect];
  const { sql } = rules;
  const query = (documentIds: readonly string[]) =>
    sql`SELECT ${rules.text(sql`t."DocumentId"`, 'bigint')} AS id, ${rules.text(sql`d."DocumentUuid"`, 'uuid')} AS uuid, ${longText(sql`t."DocumentJson"`)} AS document FROM ${core.documentCache} AS t INNER JOIN ${core.document} AS d ON d."DocumentId" = t."DocumentId" WHERE ${isFresh(input, rowDialects[connection.dialect])} AND ${rules.among(sql`t."DocumentId"`, documentIds, 'bigint')}`;
  const wrongDocuments = new FoundDocuments();
  let plans: DocumentPlans | null = null;
  await eachPage(
    connection,
    { table: core.documentCache, columns: ['ProjectName'], stored: null },
    limits,
    async (page) => {
      plans ??= documentPlans(compileMappingSet(input.model), input.inventory);
      for (const some of chunk(page, 200)) {
        const asked = query(some.map(({ documentId }) => documentId));
        const rows = await rowsOf<{ id: string; uuid: string; document: string }>(connection, asked, limits);
        const cached = rows.map((row): Cached => ({ ...row, document: JSON.parse(row.document) }));
        const stored = await storedDocuments(connection, plans, cached, limits);
        const isWrong = ({ id: documentId, document }: Cached) => {
          const own = stored.get(documentId);
          return own !== undefined && !holds(document, own);
        };
        for (const { uuid } of cached.filter(isWrong)) wrongDocuments.add('cache', false, uuid);
      }
    },
  );
  const object = `${qualified(core.documentCache)} DocumentJson`;
  return wrongDocuments.findings(object).map((finding) => ({ ...finding, table: qualified(core.documentCache) }));
}

/** Reads documents from their rows, by document id, and leaves out those with values that no document can hold. */
async function storedDocuments(
  connection: Connection,
  plans: DocumentPlans,
  cached: readonly Cached[],
  limits: Limits,
): Promise<ReadonlyMap<string, JsonValue>> {
  const documents = await descriptorDocuments(
    connection,
    cached.map(({ id }) => id),
    limits,
  );
  const others = cached.filter(({ id }) => !documents.has(id));
  const store = openDocuments({ ...connection, isInTransaction: true }, plans);
  const read = await store.read(
    others.map(({ uuid }) => uuid),
    { onUnreadable: () => undefined },
  );
  for (const { documentId, document } of read) documents.set(documentId, document);
  return documents;
}

const descriptorFields = Object.entries(descriptorMembers);

/** The documents of descriptors, by document id. */
async function descriptorDocuments(connection: Connection, ids: readonly string[], limits: Limits) {
  const { rules, shownText } = rowDialects[connection.dialect];
  const { sql } = rules;
  const id = rules.id('DocumentId');
  const columns = descriptorFields.map(([field, column]) => {
    const value = rules.id(column);
    return sql`${field.endsWith('Date') ? shownText(value) : value} AS ${rules.id(field)}`;
  });
  const rows = await rowsOf<Readonly<Record<string, string | null>>>(
    connection,
    sql`SELECT ${rules.text(id, 'bigint')} AS id, ${join(columns)} FROM ${core.descriptor} WHERE ${rules.among(id, ids, 'bigint')}`,
    limits,
  );
  return new Map(
    rows.map((row): [string, JsonValue] => {
      const members = descriptorFields.flatMap(([field]): [string, JsonValue][] => {
        const value = row[field];
        return value === null || value === undefined
          ? []
          : [[field, field.endsWith('Date') ? finiteText(value, 'Date') : value]];
      });
      return [String(row.id), new Map(members)];
    }),
  );
}

/** Whether a cached value contains the whole stored value. */
function holds(cached: unknown, stored: JsonValue): boolean {
  if (stored instanceof JsonNumber) return typeof cached === 'number' && cached === Number(stored.lexeme);
  if (isJsonArray(stored))
    return (
      Array.isArray(cached) &&
      cached.length === stored.length &&
      stored.every((item, index) => holds(cached[index], item))
    );
  if (isJsonObject(stored)) {
    if (typeof cached !== 'object' || cached === null) return false;
    const members = new Map<string, unknown>(Object.entries(cached));
    return [...stored].every(([name, value]) => holds(members.get(name), value));
  }
  if (cached === stored) return true;
  if (typeof cached !== 'string' || typeof stored !== 'string') return false;
  const moment = dateTimeText(stored);
  return moment !== undefined && moment === dateTimeText(cached);
}
