import { columnTypeName } from '@dms/catalog';
import type { Statement } from '@dms/databases';
import { type Column, core, coreV2, type DbTableName, mustExist, type Table } from '@dms/model';
import { insertSql, planDialects, rowUpdateSql, singleDocumentSql, type TableReadPlan, updateSql } from '@dms/plans';
import { dialectRules, engineLimits, kindFacts, mssqlName, mssqlSequenceRange } from '@dms/sql';
import { chunk } from 'es-toolkit/array';
import { withoutZone } from '../values/dates-and-times.ts';
import type { StoredValue } from '../values/stored-value.ts';
import { type DocumentStatements, onlyDocument } from './document-statements.ts';
import { among, coreTypes, countType, listLimit, nextRows, selecting, tuples } from './mssql-lists.ts';
import { command, type Parameter, planStatement, query, type StatementPart, value } from './statement.ts';

const rules = dialectRules.mssql;

/**
 * The largest number of rows of a table value constructor; with two parameters each they stay below the limit of a
 * request.
 */
const rowLimit = engineLimits.valuesRows.most.mssql;

const tableName = ({ schema, name }: DbTableName) => `${rules.quote(schema)}.${rules.quote(name)}`;

export const documentColumns =
  'd.[DocumentId], LOWER(CONVERT(nvarchar(36), d.[DocumentUuid])) AS [DocumentUuid], d.[ResourceKeyId], CONVERT(nvarchar(20), d.[ContentVersion]) AS [ContentVersion]';
const selectPage = `SELECT ${documentColumns} FROM ${mssqlName(core.document)} d WHERE`;
/** A value with the type of its column. Values other than moments are sent in their stored form. */
function parameterOf(stored: StoredValue, column: Column, table: Table): Parameter {
  const isMoment = column.scalarType?.kind === 'DateTime' && typeof stored === 'string';
  return value(isMoment ? withoutZone(stored) : stored, columnTypeName('mssql', table, column));
}

/**
 * The expression that reads a column so that the client does not convert it to a number or a `Date`; null if the
 * client's form loses nothing.
 */
export function readAsText({ scalarType }: Pick<Column, 'scalarType'>, expression: string): string | null {
  if (scalarType === null) return null;
  return kindFacts[scalarType.kind].mssql.clientText?.(expression) ?? null;
}

/** The text of a plan, with conversions of columns in which the client would lose digits (design 08 §7.3). */
function hydrationText(plan: TableReadPlan, documentId: string | null = null): string {
  const { tableModel, relation, selectListColumnsInOrder, orderByColumnsInOrder, selectByKeysetSql } = plan;
  const { table, jsonScope }: Table = tableModel;
  const alias = jsonScope.canonical === '$' ? 'r' : 't';
  const items = selectListColumnsInOrder.map((column) => {
    const expression = `${alias}.${rules.quote(column.name)}`;
    const text = readAsText(column, expression);
    return { text: text === null ? expression : `${text} AS ${rules.quote(column.name)}`, isConverted: text !== null };
  });
  if (!items.some(({ isConverted }) => isConverted))
    return documentId === null ? selectByKeysetSql : singleDocumentSql(planDialects.mssql, plan, documentId);
  const keys = orderByColumnsInOrder.map((name) => `${alias}.${rules.quote(name)}`);
  const { tempTableName, documentIdColumnName } = planDialects.mssql.keysetTable;
  return [
    'SELECT',
    items.map(({ text }) => `    ${text}`).join(',\n'),
    `FROM ${relation ?? tableName(table)} ${alias}`,
    documentId === null
      ? `INNER JOIN ${rules.quote(tempTableName)} k ON ${keys[0]} = k.${rules.quote(documentIdColumnName)}`
      : `WHERE ${keys[0]} = ${documentId}`,
    'ORDER BY',
    keys.map((name) => `    ${name} ASC`).join(',\n'),
    ';\n',
  ].join('\n');
}

/** Fills the keyset table; the ids are digits. */
function fillPage(ids: readonly string[]): Statement[] {
  const { tempTableName, documentIdColumnName } = planDialects.mssql.keysetTable;
  const table = rules.quote(tempTableName);
  const column = rules.quote(documentIdColumnName);
  return [
    command(`DROP TABLE IF EXISTS ${table}; CREATE TABLE ${table} (${column} bigint NOT NULL PRIMARY KEY);`),
    ...chunk(ids, rowLimit).map((piece) =>
      command(`INSERT INTO ${table} (${column}) VALUES ${piece.map((id) => `(${BigInt(id)})`).join(', ')};`),
    ),
  ];
}

/** The start of a text: a table variable with the ids of the documents that have these uuids. */
const documentsInto = (variable: string, uuids: readonly string[]): StatementPart[] => [
  `DECLARE ${variable} TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY); `,
  ...chunk(uuids, listLimit).flatMap((piece) => [
    `INSERT INTO ${variable} ([DocumentId]) SELECT [DocumentId] FROM ${mssqlName(core.document)} WHERE [DocumentUuid] IN `,
    ...among(piece, coreTypes.uuid),
    ';\n',
  ]),
];

/** SQL Server: lists are sent as parameters, in chunks up to its limit; the driver handles the transaction. */
export const mssqlStatements: DocumentStatements = {
  transaction: null,
  documentsById: (ids) => selecting(`${selectPage} d.[DocumentId]`, ids, coreTypes.documentId),
  scanDocuments: ({ resourceKeyId, root, ...range }) =>
    root === null
      ? query(
          `${selectPage} d.[ResourceKeyId] = `,
          value(resourceKeyId, coreTypes.resourceKeyId),
          ' AND ',
          ...nextRows('d', range),
        )
      : query(
          `SELECT ${documentColumns} FROM ${tableName(root)} r INNER JOIN ${tableName(core.document)} d ON d.[DocumentId] = r.[DocumentId] WHERE `,
          ...nextRows('r', range),
        ),
  descriptorUris: (limit) =>
    query(
      'SELECT TOP (',
      value(limit, countType),
      `) [DocumentId] AS [DescriptorId], [Uri] FROM ${mssqlName(core.descriptor)};`,
    ),
  insertDocuments: (documents) =>
    chunk(documents, rowLimit).flatMap((piece) => [
      // only a sorted SELECT assigns the ids in the order of the rows
      command(
        `INSERT INTO ${mssqlName(core.document)} ([DocumentUuid], [ResourceKeyId]) SELECT v.[DocumentUuid], v.[ResourceKeyId] FROM (VALUES `,
        ...piece.flatMap(({ uuid, resourceKeyId }, index) => [
          index === 0 ? '(' : ', (',
          value(uuid, coreTypes.uuid),
          ', ',
          value(resourceKeyId, coreTypes.resourceKeyId),
          `, ${index})`,
        ]),
        ') AS v ([DocumentUuid], [ResourceKeyId], [Position]) ORDER BY v.[Position];',
      ),
      // OUTPUT is not allowed on a table with triggers
      query(
        `SELECT [DocumentId], LOWER(CONVERT(nvarchar(36), [DocumentUuid])) AS [DocumentUuid] FROM ${mssqlName(core.document)} WHERE [DocumentUuid] IN `,
        ...among(
          piece.map(({ uuid }) => uuid),
          coreTypes.uuid,
        ),
        ';',
      ),
    ]),
  insertDescriptors: (descriptorColumns, descriptors) => {
    const names = descriptorColumns.map(({ name }) => rules.quote(name)).join(', ');
    return chunk(descriptors, Math.floor(listLimit / descriptorColumns.length)).map((piece) =>
      command(
        `INSERT INTO ${mssqlName(core.descriptor)} (${names}) VALUES `,
        ...tuples(
          piece.map((row) => descriptorColumns.map(({ of }) => of(row))),
          descriptorColumns.map(({ mssqlType }) => mssqlType),
        ),
        ';',
      ),
    );
  },
  // a failure ends the transaction
  markedDocument: null,
  insertRows: ({ tableModel, columnBindings, bulkInsertBatching }, rows) =>
    chunk(rows, bulkInsertBatching.maxRowsPerBatch).map((batch) =>
      planStatement<number>(
        (placeholder) =>
          insertSql(planDialects.mssql, tableModel, columnBindings, (_, index) => placeholder(index), batch.length),
        (index) => {
          const row = batch[Math.floor(index / columnBindings.length)];
          const column = index % columnBindings.length;
          const binding = columnBindings[column];
          return parameterOf(row?.[column] ?? null, mustExist(binding, 'the column of a value').column, tableModel);
        },
        false,
      ),
    ),
  updateRows: ({ tableModel, columnBindings, updateSql: planned }, rows) =>
    planned === null
      ? []
      : rows.map((row) =>
          planStatement<number>(
            (placeholder) =>
              updateSql(planDialects.mssql, tableModel, columnBindings, (_, index) => placeholder(index)) ?? planned,
            (index) => {
              const binding = columnBindings[index];
              return parameterOf(row[index] ?? null, mustExist(binding, 'the column of a value').column, tableModel);
            },
            false,
          ),
        ),
  updateElements: ({ tableModel, columnBindings }, rows, parts) =>
    rows.map((row) =>
      planStatement<number>(
        (placeholder) =>
          rowUpdateSql(planDialects.mssql, tableModel, columnBindings, parts, (_, index) => placeholder(index)),
        (index) => {
          const { column } = mustExist(columnBindings[index], 'the column of a value');
          return parameterOf(row[index] ?? null, column, tableModel);
        },
        false,
      ),
    ),
  reserveIds: (count) => {
    const [before, after] = mssqlSequenceRange(coreV2.collectionItemIdSequence);
    return query(
      `DECLARE @first sql_variant; ${before}`,
      value(count, countType),
      `${after} SELECT CONVERT(nvarchar(20), CONVERT(bigint, @first)) AS [First], CONVERT(int, `,
      value(count, countType),
      ') AS [Count];',
    );
  },
  reservedIds: (rows) =>
    rows.flatMap(({ First, Count }) =>
      Array.from({ length: Number(Count) }, (_, index) => String(BigInt(String(First)) + BigInt(index))),
    ),
  deleteRows: (table, column, ids) =>
    chunk(ids, listLimit).map((piece) =>
      command(
        `DELETE FROM ${tableName(table)} WHERE ${rules.quote(column)} IN `,
        ...among(piece, coreTypes.documentId),
        ';',
      ),
    ),
  emptyColumns: (table, columns, documentIds) =>
    chunk(documentIds, listLimit).map((piece) =>
      command(
        `UPDATE ${tableName(table)} SET ${columns.map((column) => `${rules.quote(column)} = NULL`).join(', ')} WHERE [DocumentId] IN `,
        ...among(piece, coreTypes.documentId),
        ';',
      ),
    ),
  contentVersions: (ids) =>
    selecting(
      `SELECT [DocumentId], CONVERT(nvarchar(20), [ContentVersion]) AS [ContentVersion] FROM ${mssqlName(core.document)} WHERE [DocumentId]`,
      ids,
      coreTypes.documentId,
    ),
  removeDocuments: (uuids) =>
    chunk(uuids, listLimit).map((piece) =>
      command(`DELETE FROM ${mssqlName(core.document)} WHERE [DocumentUuid] IN `, ...among(piece, coreTypes.uuid), ';'),
    ),
  // a pattern may be longer than the column
  filterParameter: (table, column, operator, filter) =>
    column === null
      ? value(filter, coreTypes.uuid)
      : operator === 'Like'
        ? value(filter)
        : parameterOf(filter, column, table),
  countParameter: (count) => value(count, countType),
  hydratesArrays: false,
  hydrate: ({ tablePlansInDependencyOrder, descriptorProjectionPlansInOrder }, ids, { tables, uris }) => {
    const only = onlyDocument(tablePlansInDependencyOrder, ids, uris);
    if (only !== null) return tablePlansInDependencyOrder.map((plan) => query(hydrationText(plan, only)));
    return [
      ...fillPage(ids),
      ...(tables ? tablePlansInDependencyOrder.map((plan) => query(hydrationText(plan))) : []),
      ...(uris ? descriptorProjectionPlansInOrder.map(({ selectByKeysetSql }) => query(selectByKeysetSql)) : []),
    ];
  },
  referrers: (places, uuids) => {
    const arms = places.map(
      ({ table, column }, position) =>
        `SELECT ${position} AS [Position] WHERE EXISTS (SELECT 1 FROM ${tableName(table)} WHERE ${rules.quote(column)} IN (SELECT [DocumentId] FROM @gone))`,
    );
    return query(...documentsInto('@gone', uuids), arms.join('\nUNION ALL\n'), ';');
  },
  referringDocuments(places, uuids) {
    const arms = places.map(
      ({ table, column, documentColumn }) =>
        `SELECT ${rules.quote(documentColumn)} FROM ${tableName(table)} WHERE ${rules.quote(column)} IN (SELECT [DocumentId] FROM @sought)`,
    );
    const uuid = 'LOWER(CONVERT(nvarchar(36), [DocumentUuid])) AS [DocumentUuid]';
    return query(
      ...documentsInto('@sought', uuids),
      `SELECT ${uuid} FROM ${mssqlName(core.document)} WHERE [DocumentId] IN (${arms.join('\nUNION ALL\n')});`,
    );
  },
};
