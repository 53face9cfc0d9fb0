import { command, query } from '@dms/databases';
import { type Column, core, coreV2, type DbTableName, mustExist } from '@dms/model';
import { planDialects, singleDocumentSql, type TableWritePlan } from '@dms/plans';
import { dialectOf, empty, join, type PlainSql, pgsqlIsolation, type Sql, trusted, value } from '@dms/sql';
import { chunk } from 'es-toolkit/array';
import { type DocumentStatements, type NewDocument, onlyDocument, type StoredRow } from './document-statements.ts';
import type { ResourceRange, ScanRange } from './statement.ts';

const { sql, id, ids, literal, next, typeName } = dialectOf.pgsql;

/**
 * An array as one parameter. It is sent as text, because clients treat arrays differently, and because the server must
 * not cut a value to the length of a type.
 */
export const arrayOf = (values: readonly (string | boolean | null)[], type: string): Sql =>
  sql`${value(arrayText(values))}::text::${trusted(type)}[]`;

/** Rows as a relation, from one array for each column. */
export const arraysOf = (rows: readonly (readonly (string | boolean | null)[])[], types: readonly string[]): Sql =>
  sql`unnest(${join(
    types.map((type, index) =>
      arrayOf(
        rows.map((row) => row[index] ?? null),
        type,
      ),
    ),
  )})`;

/** The text of an array value, with every element quoted, so that no text is read as NULL. */
export function arrayText(values: readonly (string | boolean | null)[]): string {
  const elements = values.map((each) =>
    each === null ? 'NULL' : typeof each === 'boolean' ? String(each) : `"${each.replace(/["\\]/g, '\\$&')}"`,
  );
  return `{${elements.join(',')}}`;
}

/** A value in a list, as a join, so that a long list uses the index instead of being searched for each row. */
export const among = (values: readonly string[], type: string): Sql => sql`(SELECT unnest(${arrayOf(values, type)}))`;

/** The number of consecutive document ids that have different marks. */
const marks = 2 ** 20;

/** Keeps the random numbers of other users of the session hard to guess. */
const shift = Math.floor(Math.random() * marks);

/**
 * The mark of a document: a seed of `random()`, the only state that a failed statement leaves behind, for any cause of
 * the failure.
 */
const markOf = (documentId: PlainSql): PlainSql =>
  sql`((${documentId} + ${literal(shift)}) % ${literal(marks)} + 1) / ${literal(marks + 1)}::float8`;

/** A condition that is true, and marks the row that is read. */
const rowMark = (documentId: PlainSql): PlainSql => sql`pg_catalog.setseed(${markOf(documentId)}) IS NOT NULL`;

function typeOf({ scalarType, kind }: Column): string {
  if (scalarType) return typeName({ kind: scalarType.kind, maxLength: null, decimal: null });
  return kind === 'Ordinal' ? 'integer' : 'bigint';
}

/** The rows of a table as a relation. */
const unnested = ({ columnBindings }: TableWritePlan, rows: readonly StoredRow[]): Sql =>
  arraysOf(
    rows,
    columnBindings.map(({ column }) => typeOf(column)),
  );

/**
 * The condition, order and limit of the next rows of a scan, by the document ids and versions of the rows `rows`; `d`
 * are the documents.
 */
function nextRows(rows: 'r' | 'd', { after, before = null, since, limit }: ScanRange): Sql {
  const own = trusted(rows);
  const end = before === null ? empty : sql` AND d."DocumentId" < ${value(before)}`;
  return sql`${own}."DocumentId" > ${value(after)}${end} AND ${own}."ContentVersion" > ${value(since)} ORDER BY ${own}."DocumentId" LIMIT ${value(limit)}`;
}

/** The same for the documents `d` of a resource. */
export const nextOfResource = ({ resourceKeyId, ...range }: ResourceRange): Sql =>
  sql`d."ResourceKeyId" = ${value(resourceKeyId)} AND ${nextRows('d', range)}`;

export const documentColumns = sql`d."DocumentId", d."DocumentUuid"::text AS "DocumentUuid", d."ResourceKeyId", d."ContentVersion"`;
const selectPage = sql`SELECT ${documentColumns} FROM ${core.document} d`;

/**
 * The condition that a document `d` has its root row; none without a root. Because of `OFFSET` the row is looked up for
 * each document of a page; a join would read all roots before the page.
 */
const hasRoot = (root: DbTableName | null) =>
  root === null ? empty : sql`EXISTS (SELECT 1 FROM ${root} r WHERE r."DocumentId" = d."DocumentId" OFFSET 0) AND `;

/** Updates the rows `t` of a table from the rows `n`, which have all its columns. */
function updates(plan: TableWritePlan, rows: readonly StoredRow[], set: readonly string[], where: readonly string[]) {
  const equal = (name: string) => sql`${id(name)} = n.${id(name)}`;
  const names = ids(plan.columnBindings.map(({ column }) => column.name));
  const matches = where.map((name) => sql`t.${equal(name)}`);
  const update = sql`UPDATE ${plan.tableModel.table} t SET ${join(set.map(equal))} FROM `;
  const condition = sql` AS n (${names}) WHERE ${join(matches, ' AND ')}`;
  return chunk(rows, plan.bulkInsertBatching.maxRowsPerBatch).map((batch) =>
    command(sql`${update}${unnested(plan, batch)}${condition}`),
  );
}

const unionAll = (arms: readonly PlainSql[]): PlainSql => join(arms, '\nUNION ALL\n');

/** PostgreSQL: a list of any length is one array parameter. */
export const pgsqlStatements: DocumentStatements = {
  transaction: {
    begin: command(sql`BEGIN`),
    // all tables of a document are read in the same state of the database
    beginReading: command(pgsqlIsolation.beginReading),
    commit: command(sql`COMMIT`),
  },
  documentsById: (documentIds) => [query(sql`${selectPage} WHERE d."DocumentId" IN ${among(documentIds, 'bigint')}`)],
  scanDocuments: ({ resourceKeyId, root, readsRoot, ...range }) => {
    if (root !== null && readsRoot)
      return query(
        sql`SELECT ${documentColumns} FROM ${root} r JOIN ${core.document} d ON d."DocumentId" = r."DocumentId" WHERE ${nextRows('r', range)}`,
      );
    return query(sql`${selectPage} WHERE ${hasRoot(root)}${nextOfResource({ resourceKeyId, ...range })}`);
  },
  nextOfResource,
  descriptorUris: (limit) =>
    query(sql`SELECT "DocumentId" AS "DescriptorId", "Uri" FROM ${core.descriptor} LIMIT ${value(limit)}`),
  insertDocuments: (documents) => {
    const withId = documents.filter(({ documentId = null }) => documentId !== null);
    const others = documents.filter(({ documentId = null }) => documentId === null);
    const returning = sql`RETURNING "DocumentId", "DocumentUuid"::text AS "DocumentUuid"`;
    const valuesOf = ({ uuid, resourceKeyId }: NewDocument) => [uuid, String(resourceKeyId)];
    const again = arraysOf(
      withId.map((document) => [document.documentId ?? null, ...valuesOf(document)]),
      ['bigint', 'uuid', 'smallint'],
    );
    const first = arraysOf(others.map(valuesOf), ['uuid', 'smallint']);
    return [
      ...(withId.length === 0
        ? []
        : [
            query(
              sql`INSERT INTO ${core.document} ("DocumentId", "DocumentUuid", "ResourceKeyId") OVERRIDING SYSTEM VALUE SELECT * FROM ${again} ${returning}`,
            ),
          ]),
      ...(others.length === 0
        ? []
        : [
            query(
              sql`INSERT INTO ${core.document} ("DocumentUuid", "ResourceKeyId") SELECT * FROM ${first} ${returning}`,
            ),
          ]),
    ];
  },
  insertDescriptors: (columns, descriptors) => {
    const rows = descriptors.map((row) => columns.map(({ of }) => of(row)));
    const types = columns.map(({ type }) => type);
    return [
      command(
        sql`INSERT INTO ${core.descriptor} (${ids(columns.map(({ name }) => name))}) SELECT * FROM ${arraysOf(rows, types)}`,
      ),
    ];
  },
  insertRows: (plan, rows, marking = null) => {
    const names = plan.columnBindings.map(({ column }) => column.name);
    const columns = ids(names);
    const document = marking === null ? undefined : names[marking];
    const mark = document === undefined ? empty : sql` AS n (${columns}) WHERE ${rowMark(sql`n.${id(document)}`)}`;
    const insert = sql`INSERT INTO ${plan.tableModel.table} (${columns}) SELECT * FROM `;
    return chunk(rows, plan.bulkInsertBatching.maxRowsPerBatch).map((batch) =>
      command(sql`${insert}${unnested(plan, batch)}${mark}`),
    );
  },
  markedDocument: {
    statements: (documentIds) => [
      query(sql`SELECT pg_catalog.random()::text AS "Seen"`),
      query(
        sql`SELECT id::text AS "DocumentId", (CASE WHEN ${rowMark(sql`id`)} THEN pg_catalog.random() END)::text AS "Seen" FROM unnest(${arrayOf(documentIds, 'bigint')}) AS id`,
      ),
      // no document has this mark
      query(sql`SELECT pg_catalog.setseed(${value(String(-Math.random()))}::float8)`),
    ],
    found: (answers) => {
      const [random = [], marked = []] = answers;
      const found = marked.find(({ Seen }) => Seen === random[0]?.Seen);
      return found === undefined ? null : String(found.DocumentId);
    },
  },
  updateRows: (plan, rows) => {
    const keys = new Set<string>(plan.tableModel.key.columns.map(({ name }) => name));
    const changed = plan.columnBindings.map(({ column }) => column.name).filter((name) => !keys.has(name));
    return changed.length === 0 ? [] : updates(plan, rows, changed, [...keys]);
  },
  updateElements: (plan, rows, { set, where }) => {
    const namesOf = (indexes: readonly number[]) =>
      indexes.map((index) => mustExist(plan.columnBindings[index], 'the column of a value').column.name);
    return updates(plan, rows, namesOf(set), namesOf(where));
  },
  reserveIds: (count) =>
    query(
      sql`SELECT series."Ordinal", ${next(coreV2.collectionItemIdSequence)} AS "CollectionItemId" FROM generate_series(1, ${value(count)}) AS series("Ordinal")`,
    ),
  reservedIds: (rows) => rows.map(({ CollectionItemId }) => String(CollectionItemId)),
  deleteRows: (table, column, documentIds) => [
    command(sql`DELETE FROM ${table} WHERE ${id(column)} IN ${among(documentIds, 'bigint')}`),
  ],
  emptyColumns: (table, columns, documentIds) => [
    command(
      sql`UPDATE ${table} SET ${join(columns.map((column) => sql`${id(column)} = NULL`))} WHERE "DocumentId" IN ${among(documentIds, 'bigint')}`,
    ),
  ],
  contentVersions: (documentIds) => [
    query(
      sql`SELECT "DocumentId", "ContentVersion" FROM ${core.document} WHERE "DocumentId" IN ${among(documentIds, 'bigint')}`,
    ),
  ],
  removeDocuments: (uuids) => [
    command(sql`DELETE FROM ${core.document} WHERE "DocumentUuid" IN ${among(uuids, 'uuid')}`),
  ],
  filterParameter: (_table, _column, _operator, filter) => value(filter),
  countParameter: (count) => value(count),
  readable: (column) => column,
  hydratesArrays: true,
  hydrate: (
    { keysetTable, tablePlansInDependencyOrder, descriptorProjectionPlansInOrder },
    documentIds,
    { tables, uris },
  ) => {
    const only = onlyDocument(tablePlansInDependencyOrder, documentIds, uris);
    if (only !== null)
      return tablePlansInDependencyOrder.map((plan) => ({
        ...query(singleDocumentSql(planDialects.pgsql, plan, trusted(only))),
        asArrays: true,
      }));
    // binds the name of the keyset table to a list for one statement, so no table has to be created or filled
    const { tempTableName, documentIdColumnName } = keysetTable;
    // a literal, because a statement without parameters takes one message instead of five; materialized, because that
    // makes planning faster
    const page = sql`WITH ${id(tempTableName)} (${id(documentIdColumnName)}) AS MATERIALIZED (SELECT i FROM unnest(${literal(`{${documentIds.join(',')}}`)}::bigint[]) i)\n`;
    const ofPage = ({ selectByKeysetSql }: { readonly selectByKeysetSql: string }) =>
      query(sql`${page}${trusted(selectByKeysetSql)}`);
    return [
      ...(tables ? tablePlansInDependencyOrder : []).map((plan) => ({ ...ofPage(plan), asArrays: true })),
      ...(uris ? descriptorProjectionPlansInOrder.map(ofPage) : []),
    ];
  },
  referrers: (places, uuids) => {
    const arms = places.map(
      ({ table, column }, position) =>
        sql`(SELECT ${literal(position)} AS "Position" FROM ${table} WHERE ${id(column)} IN (SELECT "DocumentId" FROM gone) LIMIT 1)`,
    );
    return query(
      sql`WITH gone AS (SELECT "DocumentId" FROM ${core.document} WHERE "DocumentUuid" IN ${among(uuids, 'uuid')})\n${unionAll(arms)}`,
    );
  },
  referringDocuments(places, uuids) {
    const arms = places.map(
      ({ table, column, documentColumn }) =>
        sql`SELECT ${id(documentColumn)} AS id FROM ${table} WHERE ${id(column)} IN (SELECT "DocumentId" FROM sought)`,
    );
    return query(
      sql`WITH sought AS MATERIALIZED (SELECT "DocumentId" FROM ${core.document} WHERE "DocumentUuid" IN ${among(uuids, 'uuid')})\nSELECT "DocumentUuid"::text AS "DocumentUuid" FROM ${core.document} WHERE "DocumentId" IN (${unionAll(arms)})`,
    );
  },
};
