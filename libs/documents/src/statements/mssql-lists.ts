import type { Statement } from '@dms/databases';
import { mustExist } from '@dms/model';
import { chunk } from 'es-toolkit/array';

import { query, type StatementPart, value } from './statement.ts';

/* Lists of values for SQL Server: each value is a parameter (design 14 §3). */

/** The most values of a list in one statement (design 14 §2). */
export const listLimit = 2000;

/** The types of the core columns that statements compare. */
export const coreTypes = {
  documentId: 'bigint',
  uuid: 'uniqueidentifier',
  resourceKeyId: 'smallint',
  version: 'bigint',
} as const;

/** The type of an offset, a limit and other counts. */
export const countType = 'bigint';

/** Values of a row, each with the type of its column. */
export const list = (values: readonly unknown[], typeOf: (index: number) => string): StatementPart[] => [
  '(',
  ...values.flatMap((each, index) => (index === 0 ? [value(each, typeOf(0))] : [', ', value(each, typeOf(index))])),
  ')',
];

/** Rows as they follow `VALUES`, each value with the type of its column. */
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
