import { type Column, core, coreV2, type DbTableName } from '@dms/model';
import { planDialects, singleDocumentSql, type TableWritePlan } from '@dms/plans';
import { dialectRules, pgsqlIsolation, pgsqlName } from '@dms/sql';
import { chunk } from 'es-toolkit/array';
import { type DocumentStatements, type NewDocument, onlyDocument, type StoredRow } from './document-statements.ts';
import { command, query, type ScanRange, type StatementPart, value } from './statement.ts';

const rules = dialectRules.pgsql;

/**
 * An array as one parameter. It is sent as text, because clients treat arrays differently, and because the server must
 * not cut a value to the length of a type.
 */
export const arrayOf = (values: readonly (string | boolean | null)[], type: string): StatementPart[] => [
  value(arrayText(values)),
  `::text::${type}[]`,
];

/** The text of an array value, with every element quoted, so that no text is read as NULL. */
function arrayText(values: readonly (string | boolean | null)[]): string {
  const elements = values.map((each) =>
    each === null ? 'NULL' : typeof each === 'boolean' ? String(each) : `"${each.replace(/["\\]/g, '\\$&')}"`,
  );
  return `{${elements.join(',')}}`;
}

/** A value in a list, as a join, so that a long list uses the index instead of being searched for each row. */
export const among = (values: readonly string[], type: string): StatementPart[] => [
  '(SELECT unnest(',
  ...arrayOf(values, type),
  '))',
];

const unnestedIds = (ids: readonly string[]): StatementPart[] => ['unnest(', ...arrayOf(ids, 'bigint'), ')'];

/** The number of consecutive document ids that have different marks. */
const marks = 2 ** 20;

/** Keeps the random numbers of other users of the session hard to guess. */
const shift = Math.floor(Math.random() * marks);

/**
 * The mark of a document: a seed of `random()`, the only state that a failed statement leaves behind, for any cause of
 * the failure.
 */
const markOf = (id: string) => `((${id} + ${shift}) % ${marks} + 1) / ${marks + 1}::float8`;

/** A condition that is true, and marks the row that is read. */
const rowMark = (id: string) => `pg_catalog.setseed(${markOf(id)}) IS NOT NULL`;

/** The random number that follows a mark. */
const randomAfterMark = (id: string) => `CASE WHEN ${rowMark(id)} THEN pg_catalog.random() END`;

function typeOf({ scalarType, kind }: Column): string {
  if (scalarType) return rules.typeName({ kind: scalarType.kind, maxLength: null, decimal: null });
  return kind === 'Ordinal' ? 'integer' : 'bigint';
}

const tableName = ({ schema, name }: DbTableName) => `${rules.quote(schema)}.${rules.quote(name)}`;

/** The rows of a table as a relation, from one array for each column. */
function unnested({ columnBindings }: TableWritePlan, rows: readonly StoredRow[]): StatementPart[] {
  return columnBindings.flatMap(({ column }, index) => [
    index === 0 ? 'unnest(' : ', ',
    ...arrayOf(
      rows.map((row) => row[index] ?? null),
      typeOf(column),
    ),
    ...(index === columnBindings.length - 1 ? [')'] : []),
  ]);
}

/**
 * The condition, order and limit of the next rows of a scan, by the document ids and versions of the rows `rows`; `d`
 * are the documents.
 */
export const nextRows = (rows: 'r' | 'd', { after, before = null, since, limit }: ScanRange): StatementPart[] => [
  `${rows}."DocumentId" > `,
  value(after),
  ...(before === null ? [] : [' AND d."DocumentId" < ', value(before)]),
  ` AND ${rows}."ContentVersion" > `,
  value(since),
  ` ORDER BY ${rows}."DocumentId" LIMIT `,
  value(limit),
];

export const documentColumns =
  'd."DocumentId", d."DocumentUuid"::text AS "DocumentUuid", d."ResourceKeyId", d."ContentVersion"';
const selectPage = `SELECT ${documentColumns} FROM ${pgsqlName(core.document)} d`;
/** PostgreSQL: a list of any length is one array parameter. */
export const pgsqlStatements: DocumentStatements = {
  transaction: {
    begin: command('BEGIN'),
    // all tables of a document are read in the same state of the database
    beginReading: command(pgsqlIsolation.beginReading),
    commit: command('COMMIT'),
  },
  documentsById: (ids) => [query(`${selectPage} WHERE d."DocumentId" IN `, ...among(ids, 'bigint'))],
  // the same text for all resources
  scanDocuments: ({ resourceKeyId, root, ...range }) => {
    if (root !== null)
      return query(
        `SELECT ${documentColumns} FROM ${tableName(root)} r JOIN ${tableName(core.document)} d ON d."DocumentId" = r."DocumentId" WHERE `,
        ...nextRows('r', range),
      );
    const own = [`${selectPage} WHERE d."ResourceKeyId" = `, value(resourceKeyId), ' AND '];
    const statement = query(...own, ...nextRows('d', range));
    return (range.before ?? null) === null ? { name: 'dms-scan-documents', ...statement } : statement;
  },
  descriptorUris: (limit) =>
    query(`SELECT "DocumentId" AS "DescriptorId", "Uri" FROM ${pgsqlName(core.descriptor)} LIMIT `, value(limit)),
  insertDocuments: (documents) => {
    const returning = ') RETURNING "DocumentId", "DocumentUuid"::text AS "DocumentUuid"';
    const values = (rows: readonly NewDocument[]) => [
      ...arrayOf(
        rows.map(({ uuid }) => uuid),
        'uuid',
      ),
      ', ',
      ...arrayOf(
        rows.map(({ resourceKeyId }) => String(resourceKeyId)),
        'smallint',
      ),
    ];
    const withId = documents.filter(({ documentId = null }) => documentId !== null);
    const others = documents.filter(({ documentId = null }) => documentId === null);
    const ids = withId.map(({ documentId = null }) => documentId);
    const again = `INSERT INTO ${pgsqlName(core.document)} ("DocumentId", "DocumentUuid", "ResourceKeyId") OVERRIDING SYSTEM VALUE SELECT * FROM unnest(`;
    const first = `INSERT INTO ${pgsqlName(core.document)} ("DocumentUuid", "ResourceKeyId") SELECT * FROM unnest(`;
    return [
      ...(withId.length > 0 ? [query(again, ...arrayOf(ids, 'bigint'), ', ', ...values(withId), returning)] : []),
      ...(others.length > 0 ? [query(first, ...values(others), returning)] : []),
    ];
  },
  insertDescriptors: (descriptorColumns, descriptors) => {
    const names = descriptorColumns.map(({ name }) => rules.quote(name)).join(', ');
    const columns = descriptorColumns.flatMap(({ type, of }, index) => [
      index === 0 ? 'unnest(' : ', ',
      ...arrayOf(descriptors.map(of), type),
    ]);
    return [command(`INSERT INTO ${pgsqlName(core.descriptor)} (${names}) SELECT * FROM `, ...columns, ')')];
  },
  insertRows: (plan, rows, marking = null) => {
    const names = plan.columnBindings.map(({ column }) => rules.quote(column.name));
    const columns = names.join(', ');
    const table = tableName(plan.tableModel.table);
    const document = marking === null ? undefined : names[marking];
    const mark = document === undefined ? [] : [` AS n (${columns}) WHERE ${rowMark(`n.${document}`)}`];
    return chunk(rows, plan.bulkInsertBatching.maxRowsPerBatch).map((batch) =>
      command(`INSERT INTO ${table} (${columns}) SELECT * FROM `, ...unnested(plan, batch), ...mark),
    );
  },
  markedDocument: {
    statements: (documentIds) => [
      query('SELECT pg_catalog.random()::text AS "Seen"'),
      query(
        `SELECT id::text AS "DocumentId", (${randomAfterMark('id')})::text AS "Seen" FROM `,
        ...unnestedIds(documentIds),
        ' AS id',
      ),
      // no document has this mark
      query('SELECT pg_catalog.setseed(', value(String(-Math.random())), '::float8)'),
    ],
    found: (answers) => {
      const [random = [], marked = []] = answers;
      const found = marked.find(({ Seen }) => Seen === random[0]?.Seen);
      return found === undefined ? null : String(found.DocumentId);
    },
  },
  updateRows: (plan, rows) => {
    const keys = new Set<string>(plan.tableModel.key.columns.map(({ name }) => name));
    const names = plan.columnBindings.map(({ column }) => column.name);
    const changed = names
      .filter((name) => !keys.has(name))
      .map((name) => `${rules.quote(name)} = n.${rules.quote(name)}`);
    if (changed.length === 0) return [];
    const matches = [...keys].map((name) => `t.${rules.quote(name)} = n.${rules.quote(name)}`).join(' AND ');
    return chunk(rows, plan.bulkInsertBatching.maxRowsPerBatch).map((batch) =>
      command(
        `UPDATE ${tableName(plan.tableModel.table)} t SET ${changed.join(', ')} FROM `,
        ...unnested(plan, batch),
        ` AS n (${names.map((name) => rules.quote(name)).join(', ')}) WHERE ${matches}`,
      ),
    );
  },
  updateElements: (plan, rows, { set, where }) => {
    const names = plan.columnBindings.map(({ column }) => rules.quote(column.name));
    const changed = set.map((index) => `${names[index]} = n.${names[index]}`).join(', ');
    const matches = where.map((index) => `t.${names[index]} = n.${names[index]}`).join(' AND ');
    return chunk(rows, plan.bulkInsertBatching.maxRowsPerBatch).map((batch) =>
      command(
        `UPDATE ${tableName(plan.tableModel.table)} t SET ${changed} FROM `,
        ...unnested(plan, batch),
        ` AS n (${names.join(', ')}) WHERE ${matches}`,
      ),
    );
  },
  reserveIds: (count) =>
    query(
      `SELECT series."Ordinal", nextval(${rules.stringLiteral(tableName(coreV2.collectionItemIdSequence))}) AS "CollectionItemId" FROM generate_series(1, `,
      value(count),
      ') AS series("Ordinal")',
    ),
  reservedIds: (rows) => rows.map(({ CollectionItemId }) => String(CollectionItemId)),
  deleteRows: (table, column, ids) => [
    command(`DELETE FROM ${tableName(table)} WHERE ${rules.quote(column)} IN `, ...among(ids, 'bigint')),
  ],
  emptyColumns: (table, columns, documentIds) => [
    command(
      `UPDATE ${tableName(table)} SET ${columns.map((column) => `${rules.quote(column)} = NULL`).join(', ')} WHERE "DocumentId" IN `,
      ...among(documentIds, 'bigint'),
    ),
  ],
  contentVersions: (ids) => [
    query(
      `SELECT "DocumentId", "ContentVersion" FROM ${pgsqlName(core.document)} WHERE "DocumentId" IN `,
      ...among(ids, 'bigint'),
      '',
    ),
  ],
  removeDocuments: (uuids) => [
    command(`DELETE FROM ${pgsqlName(core.document)} WHERE "DocumentUuid" IN `, ...among(uuids, 'uuid')),
  ],
  filterParameter: (_table, _column, _operator, filter) => value(filter),
  countParameter: (count) => value(count),
  hydratesArrays: true,
  hydrate: ({ keysetTable, tablePlansInDependencyOrder, descriptorProjectionPlansInOrder }, ids, { tables, uris }) => {
    const only = onlyDocument(tablePlansInDependencyOrder, ids, uris);
    if (only !== null)
      return tablePlansInDependencyOrder.map((plan) => ({
        ...query(singleDocumentSql(planDialects.pgsql, plan, only)),
        asArrays: true,
      }));
    // binds the name of the keyset table to a list for one statement, so no table has to be created or filled
    const { tempTableName, documentIdColumnName } = keysetTable;
    const list = rules.stringLiteral(`{${ids.join(',')}}`);
    // a literal, because a statement without parameters takes one message instead of five; materialized, because that
    // makes planning faster
    const page = `WITH ${rules.quote(tempTableName)} (${rules.quote(documentIdColumnName)}) AS MATERIALIZED (SELECT i FROM unnest(${list}::bigint[]) i)\n`;
    return [
      ...(tables ? tablePlansInDependencyOrder : []).map((plan) => ({
        ...query(page + plan.selectByKeysetSql),
        asArrays: true,
      })),
      ...(uris ? descriptorProjectionPlansInOrder : []).map((plan) => query(page + plan.selectByKeysetSql)),
    ];
  },
  referrers: (places, uuids) => {
    const arms = places.map(
      ({ table, column }, position) =>
        `(SELECT ${position} AS "Position" FROM ${tableName(table)} WHERE ${rules.quote(column)} IN (SELECT "DocumentId" FROM gone) LIMIT 1)`,
    );
    return query(
      `WITH gone AS (SELECT "DocumentId" FROM ${pgsqlName(core.document)} WHERE "DocumentUuid" IN `,
      ...among(uuids, 'uuid'),
      `)\n${arms.join('\nUNION ALL\n')}`,
    );
  },
  referringDocuments(places, uuids) {
    const arms = places.map(
      ({ table, column, documentColumn }) =>
        `SELECT ${rules.quote(documentColumn)} AS id FROM ${tableName(table)} WHERE ${rules.quote(column)} IN (SELECT "DocumentId" FROM sought)`,
    );
    return query(
      `WITH sought AS MATERIALIZED (SELECT "DocumentId" FROM ${pgsqlName(core.document)} WHERE "DocumentUuid" IN `,
      ...among(uuids, 'uuid'),
      `)\nSELECT "DocumentUuid"::text AS "DocumentUuid" FROM ${pgsqlName(core.document)} WHERE "DocumentId" IN (${arms.join('\nUNION ALL\n')})`,
    );
  },
};
