import { command, query, type Statement } from '@dms/databases';
import { core, mustExist } from '@dms/model';
import { dialectOf, empty, join, type PlainSql, type Sql, trusted, value } from '@dms/sql';
import { chunk } from 'es-toolkit/array';
import type { ResourceRange, ScanRange } from './statement.ts';

const { sql } = dialectOf.mssql;

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

/** Rows in the form after `VALUES`, each value with the type of its column. */
export const tuples = (rows: readonly (readonly unknown[])[], types: readonly string[]): Sql =>
  join(
    rows.map((row) => {
      const values = row.map((each, column) => value(each, mustExist(types[column], 'the type of a column')));
      return sql`(${join(values)})`;
    }),
  );

/** Pads the list with its last value to a power of two, so that there are few texts and few compiled plans. */
function padded(values: readonly unknown[]): readonly unknown[] {
  let length = 1;
  while (length < values.length) length *= 2;
  const wanted = Math.min(length, Math.max(listLimit, values.length));
  return [...values, ...Array.from({ length: wanted - values.length }, () => values.at(-1))];
}

/** The right side of an `IN` comparison; all values have the type of the column. */
export const among = (values: readonly unknown[], type: string): Sql =>
  sql`(${join(padded(values).map((each) => value(each, type)))})`;

/** A query for each part of a list; the text before it ends with the column that is compared. */
export const selecting = (before: Sql, values: readonly string[], type: string): Statement[] =>
  chunk(values, listLimit).map((piece) => query(sql`${before} IN ${among(piece, type)};`));

/**
 * The condition, order and limit of the next rows of a scan, by the document ids and versions of the rows `rows`; `d`
 * are the documents.
 */
export function nextRows(rows: 'r' | 'd', { after, before = null, since, limit }: ScanRange): Sql {
  const own = trusted(rows);
  const end = before === null ? empty : sql` AND d."DocumentId" < ${value(before, coreTypes.documentId)}`;
  return sql`${own}."DocumentId" > ${value(after, coreTypes.documentId)}${end} AND ${own}."ContentVersion" > ${value(since, coreTypes.version)} ORDER BY ${own}."DocumentId" OFFSET 0 ROWS FETCH NEXT ${value(limit, countType)} ROWS ONLY;`;
}

/** The same for the documents `d` of a resource. */
export const nextOfResource = ({ resourceKeyId, ...range }: ResourceRange): Sql =>
  sql`d."ResourceKeyId" = ${value(resourceKeyId, coreTypes.resourceKeyId)} AND ${nextRows('d', range)}`;

/** The documents to lock: the query of their ids, up to the column that is compared with the list. */
interface LockedDocuments {
  readonly select: PlainSql;
  readonly values: readonly string[];
  readonly type: string;
}

/** The tables of several parts are in one request, so each has its own name. */
const own = (part: number): PlainSql => trusted(`@own${part + 1}`);

/**
 * Takes the locks one by one, by id: a single statement would take them in the order of its plan, and two writers that
 * take the same locks in different orders would deadlock.
 */
function locking({ select, type }: LockedDocuments, piece: readonly string[], part: number): Sql {
  const ids = own(part);
  const next = trusted(`@next${part + 1}`);
  const locked = trusted(`@locked${part + 1}`);
  return join(
    [
      sql`DECLARE ${ids} TABLE ("DocumentId" bigint NOT NULL PRIMARY KEY); INSERT INTO ${ids} ("DocumentId") ${select} IN ${among(piece, type)};`,
      sql`DECLARE ${locked} bigint, ${next} bigint = (SELECT MIN("DocumentId") FROM ${ids});`,
      sql`WHILE ${next} IS NOT NULL BEGIN`,
      sql`SELECT ${locked} = d."DocumentId" FROM ${core.document} d WITH (UPDLOCK, ROWLOCK) WHERE d."DocumentId" = ${next};`,
      sql`SET ${next} = (SELECT MIN("DocumentId") FROM ${ids} WHERE "DocumentId" > ${next});`,
      sql`END;`,
    ],
    ' ',
  );
}

/** Locks documents until the end of the transaction, in the order of their ids; a long list is locked part by part. */
export const lockDocuments = (documents: LockedDocuments): Statement[] =>
  chunk(documents.values, listLimit).map((piece, part) => command(locking(documents, piece, part)));

/** Locks documents like {@link lockDocuments}, and then reads them by a query of the table with their ids. */
export const lockAndSelect = (documents: LockedDocuments, select: (ids: PlainSql) => Sql): Statement[] =>
  chunk(documents.values, listLimit).map((piece, part) =>
    query(sql`${locking(documents, piece, part)} ${select(own(part))}`),
  );
