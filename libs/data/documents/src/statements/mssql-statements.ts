import { columnTypeName } from '@dms/catalog';
import { command, query, type Statement } from '@dms/databases';
import { type Column, core, coreV2, type DbTableName, mustExist, type Table } from '@dms/model';
import {
  insertSql,
  planDialects,
  rowUpdateSql,
  singleDocumentSql,
  type TableReadPlan,
  type TableWritePlan,
  updateSql,
} from '@dms/plans';
import {
  dialectOf,
  empty,
  ended,
  engineLimits,
  join,
  kindFacts,
  listed,
  mssqlSequenceRange,
  type PlainSql,
  type Sql,
  textOf,
  trusted,
  value,
} from '@dms/sql';
import { chunk } from 'es-toolkit/array';
import { withoutZone } from '../values/dates-and-times.ts';
import type { StoredValue } from '../values/stored-value.ts';
import { type DocumentStatements, onlyDocument, type StoredRow } from './document-statements.ts';
import { among, coreTypes, countType, listLimit, nextOfResource, nextRows, selecting, tuples } from './mssql-lists.ts';

const { sql, lines, id, ids, literal, text } = dialectOf.mssql;

/**
 * The largest number of rows of a table value constructor; with two parameters each they stay below the limit of a
 * request.
 */
const rowLimit = engineLimits.valuesRows.most.mssql;

const uuid = sql`${text(sql`"DocumentUuid"`, 'uuid')} AS "DocumentUuid"`;

export const documentColumns = sql`d."DocumentId", ${text(sql`d."DocumentUuid"`, 'uuid')} AS "DocumentUuid", d."ResourceKeyId", ${text(sql`d."ContentVersion"`, 'bigint')} AS "ContentVersion"`;
const selectPage = sql`SELECT ${documentColumns} FROM ${core.document} d WHERE`;

/** The condition that a document `d` has its root row; none without a root. */
const hasRoot = (root: DbTableName | null) =>
  root === null ? empty : sql`EXISTS (SELECT 1 FROM ${root} r WHERE r."DocumentId" = d."DocumentId") AND `;

/** A value with the type of its column. Values other than moments are sent in their stored form. */
function parameterOf(stored: StoredValue, column: Column, table: Table): Sql {
  const isMoment = column.scalarType?.kind === 'DateTime' && typeof stored === 'string';
  return value(isMoment ? withoutZone(stored) : stored, columnTypeName('mssql', table, column));
}

/** The values of a row by the indexes of their bindings. */
const rowParameters =
  ({ tableModel, columnBindings }: TableWritePlan, rows: readonly StoredRow[]) =>
  (_: unknown, index: number): Sql => {
    const row = rows[Math.floor(index / columnBindings.length)];
    const column = index % columnBindings.length;
    const binding = mustExist(columnBindings[column], 'the column of a value');
    return parameterOf(row?.[column] ?? null, binding.column, tableModel);
  };

const readable: DocumentStatements['readable'] = (column, type) => {
  const converted = type && kindFacts[type.kind].mssql.clientText?.(textOf(column));
  return converted === null || converted === undefined ? column : trusted(converted);
};

/** The text of a plan, with conversions of columns in which the client would lose digits (design 08 §7.3). */
function hydration(plan: TableReadPlan, documentId: string | null = null): Sql {
  const { tableModel, relation, selectListColumnsInOrder, orderByColumnsInOrder, selectByKeysetSql } = plan;
  const { table, jsonScope }: Table = tableModel;
  const alias = jsonScope.canonical === '$' ? sql`r` : sql`t`;
  const columnOf = (name: string) => sql`${alias}.${id(name)}`;
  const items = selectListColumnsInOrder.map(({ name, scalarType }) => {
    const column = columnOf(name);
    const read = readable(column, scalarType);
    return { isConverted: read !== column, item: read === column ? column : sql`${read} AS ${id(name)}` };
  });
  if (!items.some(({ isConverted }) => isConverted))
    return documentId === null
      ? trusted(selectByKeysetSql)
      : singleDocumentSql(planDialects.mssql, plan, trusted(documentId));
  const [key] = orderByColumnsInOrder;
  const { tempTableName, documentIdColumnName } = planDialects.mssql.keysetTable;
  const document = columnOf(mustExist(key, 'the document of a row'));
  const select = lines`
    SELECT
        ${listed(items.map(({ item }) => item))}
    FROM ${relation === undefined ? table : trusted(relation)} ${alias}
    ${
      documentId === null
        ? sql`INNER JOIN ${id(tempTableName)} k ON ${document} = k.${id(documentIdColumnName)}`
        : sql`WHERE ${document} = ${trusted(documentId)}`
    }
    ORDER BY
        ${listed(orderByColumnsInOrder.map((name) => sql`${columnOf(name)} ASC`))}
    ;`;
  return ended(select);
}

/** Fills the keyset table; the ids are digits. */
function fillPage(documentIds: readonly string[]): Statement[] {
  const { tempTableName, documentIdColumnName } = planDialects.mssql.keysetTable;
  const table = id(tempTableName);
  const column = id(documentIdColumnName);
  return [
    command(sql`DROP TABLE IF EXISTS ${table}; CREATE TABLE ${table} (${column} bigint NOT NULL PRIMARY KEY);`),
    ...chunk(documentIds, rowLimit).map((piece) =>
      command(
        sql`INSERT INTO ${table} (${column}) VALUES ${join(piece.map((each) => sql`(${literal(BigInt(each))})`))};`,
      ),
    ),
  ];
}

/** The start of a text: a table variable with the ids of the documents that have these uuids. */
const documentsInto = (variable: PlainSql, uuids: readonly string[]): Sql => {
  const inserts = chunk(uuids, listLimit).map(
    (piece) =>
      sql`INSERT INTO ${variable} ("DocumentId") SELECT "DocumentId" FROM ${core.document} WHERE "DocumentUuid" IN ${among(piece, coreTypes.uuid)};\n`,
  );
  return sql`DECLARE ${variable} TABLE ("DocumentId" bigint NOT NULL PRIMARY KEY); ${join(inserts, '')}`;
};

const unionAll = (arms: readonly PlainSql[]): PlainSql => join(arms, '\nUNION ALL\n');

/** SQL Server: lists are sent as parameters, in chunks up to its limit; the driver handles the transaction. */
export const mssqlStatements: DocumentStatements = {
  transaction: null,
  documentsById: (documentIds) => selecting(sql`${selectPage} d."DocumentId"`, documentIds, coreTypes.documentId),
  scanDocuments: ({ resourceKeyId, root, readsRoot, ...range }) =>
    query(
      root === null || !readsRoot
        ? sql`${selectPage} ${hasRoot(root)}${nextOfResource({ resourceKeyId, ...range })}`
        : sql`SELECT ${documentColumns} FROM ${root} r INNER JOIN ${core.document} d ON d."DocumentId" = r."DocumentId" WHERE ${nextRows('r', range)}`,
    ),
  nextOfResource,
  descriptorUris: (limit) =>
    query(sql`SELECT TOP (${value(limit, countType)}) "DocumentId" AS "DescriptorId", "Uri" FROM ${core.descriptor};`),
  insertDocuments: (documents) =>
    chunk(documents, rowLimit).flatMap((piece) => [
      // only a sorted SELECT assigns the ids in the order of the rows
      command(
        sql`INSERT INTO ${core.document} ("DocumentUuid", "ResourceKeyId") SELECT v."DocumentUuid", v."ResourceKeyId" FROM (VALUES ${join(
          piece.map(
            ({ uuid, resourceKeyId }, index) =>
              sql`(${value(uuid, coreTypes.uuid)}, ${value(resourceKeyId, coreTypes.resourceKeyId)}, ${literal(index)})`,
          ),
        )}) AS v ("DocumentUuid", "ResourceKeyId", "Position") ORDER BY v."Position";`,
      ),
      // OUTPUT is not allowed on a table with triggers
      query(
        sql`SELECT "DocumentId", ${uuid} FROM ${core.document} WHERE "DocumentUuid" IN ${among(
          piece.map((document) => document.uuid),
          coreTypes.uuid,
        )};`,
      ),
    ]),
  insertDescriptors: (columns, descriptors) => {
    const types = columns.map(({ mssqlType }) => mssqlType);
    return chunk(descriptors, Math.floor(listLimit / columns.length)).map((piece) => {
      const rows = piece.map((row) => columns.map(({ of }) => of(row)));
      return command(
        sql`INSERT INTO ${core.descriptor} (${ids(columns.map(({ name }) => name))}) VALUES ${tuples(rows, types)};`,
      );
    });
  },
  // a failure ends the transaction
  markedDocument: null,
  insertRows: (plan, rows) =>
    chunk(rows, plan.bulkInsertBatching.maxRowsPerBatch).map((batch) => {
      const { tableModel, columnBindings } = plan;
      const parameters = rowParameters(plan, batch);
      return command(insertSql(planDialects.mssql, tableModel, columnBindings, parameters, batch.length));
    }),
  updateRows: (plan, rows) =>
    rows.flatMap((row) => {
      const update = updateSql(planDialects.mssql, plan.tableModel, plan.columnBindings, rowParameters(plan, [row]));
      return update ? [command(update)] : [];
    }),
  updateElements: (plan, rows, parts) =>
    rows.map((row) => {
      const { tableModel, columnBindings } = plan;
      return command(rowUpdateSql(planDialects.mssql, tableModel, columnBindings, parts, rowParameters(plan, [row])));
    }),
  reserveIds: (count) => {
    const [before, after] = mssqlSequenceRange(coreV2.collectionItemIdSequence);
    const rows = value(count, countType);
    return query(
      sql`DECLARE @first sql_variant; ${trusted(before)}${rows}${trusted(after)} SELECT CONVERT(nvarchar(20), CONVERT(bigint, @first)) AS "First", CONVERT(int, ${rows}) AS "Count";`,
    );
  },
  reservedIds: (rows) =>
    rows.flatMap(({ First, Count }) =>
      Array.from({ length: Number(Count) }, (_, index) => String(BigInt(String(First)) + BigInt(index))),
    ),
  deleteRows: (table, column, documentIds) =>
    chunk(documentIds, listLimit).map((piece) =>
      command(sql`DELETE FROM ${table} WHERE ${id(column)} IN ${among(piece, coreTypes.documentId)};`),
    ),
  emptyColumns: (table, columns, documentIds) =>
    chunk(documentIds, listLimit).map((piece) =>
      command(
        sql`UPDATE ${table} SET ${join(columns.map((column) => sql`${id(column)} = NULL`))} WHERE "DocumentId" IN ${among(piece, coreTypes.documentId)};`,
      ),
    ),
  contentVersions: (documentIds) =>
    selecting(
      sql`SELECT "DocumentId", ${text(sql`"ContentVersion"`, 'bigint')} AS "ContentVersion" FROM ${core.document} WHERE "DocumentId"`,
      documentIds,
      coreTypes.documentId,
    ),
  removeDocuments: (uuids) =>
    chunk(uuids, listLimit).map((piece) =>
      command(sql`DELETE FROM ${core.document} WHERE "DocumentUuid" IN ${among(piece, coreTypes.uuid)};`),
    ),
  // a pattern may be longer than the column
  filterParameter: (table, column, operator, filter) =>
    column === null
      ? value(filter, coreTypes.uuid)
      : operator === 'Like'
        ? value(filter)
        : parameterOf(filter, column, table),
  countParameter: (count) => value(count, countType),
  readable,
  hydratesArrays: false,
  hydrate: ({ tablePlansInDependencyOrder, descriptorProjectionPlansInOrder }, documentIds, { tables, uris }) => {
    const only = onlyDocument(tablePlansInDependencyOrder, documentIds, uris);
    if (only !== null) return tablePlansInDependencyOrder.map((plan) => query(hydration(plan, only)));
    return [
      ...fillPage(documentIds),
      ...(tables ? tablePlansInDependencyOrder.map((plan) => query(hydration(plan))) : []),
      ...(uris
        ? descriptorProjectionPlansInOrder.map(({ selectByKeysetSql }) => query(trusted(selectByKeysetSql)))
        : []),
    ];
  },
  referrers: (places, uuids) => {
    const arms = places.map(
      ({ table, column }, position) =>
        sql`SELECT ${literal(position)} AS "Position" WHERE EXISTS (SELECT 1 FROM ${table} WHERE ${id(column)} IN (SELECT "DocumentId" FROM @gone))`,
    );
    return query(sql`${documentsInto(sql`@gone`, uuids)}${unionAll(arms)};`);
  },
  referringDocuments(places, uuids) {
    const arms = places.map(
      ({ table, column, documentColumn }) =>
        sql`SELECT ${id(documentColumn)} FROM ${table} WHERE ${id(column)} IN (SELECT "DocumentId" FROM @sought)`,
    );
    return query(
      sql`${documentsInto(sql`@sought`, uuids)}SELECT ${uuid} FROM ${core.document} WHERE "DocumentId" IN (${unionAll(arms)});`,
    );
  },
};
