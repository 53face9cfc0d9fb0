import type { Statement } from '@dms/databases';
import { core, mustExist } from '@dms/model';
import { mssqlName } from '@dms/sql';
import { chunk } from 'es-toolkit/array';
import { command, query, type ScanRange, type StatementPart, value } from './statement.ts';

/* Lists of values for SQL Server: each value is a parameter (design 14 §3). */

/** The largest number of values of a list in one statement (design 14 §2). */
export const listLimit = 2000;

/** The types of the core columns that statements compare. */
export const coreTypes = {
  documentId: 'bigint',
  uuid: 'uniqueidentifier',
  resourceKeyId: 'smallint',
  version: 'bigint',
} as const;

/** The type of offsets, limits and other counts. */
export const countType = 'bigint';

/** The values of a row, each with the type of its column. */
const list = (values: readonly unknown[], typeOf: (index: number) => string): StatementPart[] => [
  '(',
  ...values.flatMap((each, index) => (index === 0 ? [value(each, typeOf(0))] : [', ', value(each, typeOf(index))])),
  ')',
];

/** Rows in the form after `VALUES`, each value with the type of its column. */
export const tuples = (rows: readonly (readonly unknown[])[], types: readonly string[]): StatementPart[] =>
  rows.flatMap((row, index) => [
    index === 0 ? '' : ', ',
    ...list(row, (column) => mustExist(types[column], 'the type of a column')),
  ]);

/** Pads the list with its last value to a power of two, so that there are few texts and few compiled plans. */
function padded(values: readonly unknown[]): readonly unknown[] {
  let length = 1;
  while (length < values.length) length *= 2;
  const wanted = Math.min(length, Math.max(listLimit, values.length));
  return [...values, ...Array.from({ length: wanted - values.length }, () => values.at(-1))];
}

/** The right side of an `IN` comparison; all values have the type of the column. */
export const among = (values: readonly unknown[], type: string): StatementPart[] => list(padded(values), () => type);

/** A query for each part of a list. */
export const selecting = (before: string, values: readonly string[], type: string, after = ';'): Statement[] =>
  chunk(values, listLimit).map((piece) => query(`${before} IN `, ...among(piece, type), after));

/**
 * The condition, order and limit of the next rows of a scan, by the document ids and versions of the rows `rows`; `d`
 * are the documents.
 */
export const nextRows = (rows: 'r' | 'd', { after, before = null, since, limit }: ScanRange): StatementPart[] => [
  `${rows}.[DocumentId] > `,
  value(after, coreTypes.documentId),
  ...(before === null ? [] : [' AND d.[DocumentId] < ', value(before, coreTypes.documentId)]),
  ` AND ${rows}.[ContentVersion] > `,
  value(since, coreTypes.version),
  ` ORDER BY ${rows}.[DocumentId] OFFSET 0 ROWS FETCH NEXT `,
  value(limit, countType),
  ' ROWS ONLY;',
];

/** The documents to lock: the query of their ids, up to the column that is compared with the list. */
interface LockedDocuments {
  readonly select: string;
  readonly values: readonly string[];
  readonly type: string;
}

/** The tables of several parts are in one request, so each has its own name. */
const own = (part: number) => `@own${part + 1}`;

/**
 * Takes the locks one by one, by id: a single statement would take them in the order of its plan, and two writers that
 * take the same locks in different orders would deadlock.
 */
function locking({ select, type }: LockedDocuments, piece: readonly string[], part: number): StatementPart[] {
  const ids = own(part);
  const next = `@next${part + 1}`;
  const locked = `@locked${part + 1}`;
  return [
    `DECLARE ${ids} TABLE ([DocumentId] bigint NOT NULL PRIMARY KEY); INSERT INTO ${ids} ([DocumentId]) ${select} IN `,
    ...among(piece, type),
    [
      `; DECLARE ${locked} bigint, ${next} bigint = (SELECT MIN([DocumentId]) FROM ${ids});`,
      `WHILE ${next} IS NOT NULL BEGIN`,
      `SELECT ${locked} = d.[DocumentId] FROM ${mssqlName(core.document)} d WITH (UPDLOCK, ROWLOCK) WHERE d.[DocumentId] = ${next};`,
      `SET ${next} = (SELECT MIN([DocumentId]) FROM ${ids} WHERE [DocumentId] > ${next});`,
      'END;',
    ].join(' '),
  ];
}

/** Locks documents until the end of the transaction, in the order of their ids; a long list is locked part by part. */
export const lockDocuments = (documents: LockedDocuments): Statement[] =>
  chunk(documents.values, listLimit).map((piece, part) => command(...locking(documents, piece, part)));

/**
 * Locks documents like {@link lockDocuments}, and then reads them. `before` and `after` enclose the table with their
 * ids.
 */
export const lockAndSelect = (documents: LockedDocuments, before: string, after: string): Statement[] =>
  chunk(documents.values, listLimit).map((piece, part) =>
    query(...locking(documents, piece, part), ` ${before} ${own(part)} ${after}`),
  );
