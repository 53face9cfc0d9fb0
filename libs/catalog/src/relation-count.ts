import type { CatalogTable } from './catalog.ts';

/*
 * The relations that a table of PostgreSQL consists of. A transaction that creates or alters a table keeps a lock on
 * each until it ends (design 09 §1.9).
 */

/** Greatest number of bytes of a value; a type that is not here has no limit. */
const sizes: Readonly<Record<string, number>> = {
  boolean: 1,
  smallint: 2,
  integer: 4,
  date: 4,
  bigint: 8,
  uuid: 16,
  'time without time zone': 8,
  time: 8,
  'timestamp with time zone': 8,
  'timestamp without time zone': 8,
};

/** A letter has up to four bytes in UTF8. */
function bytesOf(type: string): number {
  const letters = /^(?:varchar|character varying)\((\d+)\)$/.exec(type)?.[1];
  if (letters !== undefined) return 4 * Number(letters) + 4;
  const digits = /^numeric\((\d+),\d+\)$/.exec(type)?.[1];
  if (digits !== undefined) return Number(digits) + 8;
  return sizes[type] ?? Number.POSITIVE_INFINITY;
}

/** Rows that may be longer get a second table for long values, with an index: a quarter of a page. */
const longestRow = 2_032;

/** At most so many bytes are lost before a value, so that it begins at a multiple of eight. */
const alignment = 7;

const isFixed = (type: string) => type in sizes;

function hasLongValues(columns: CatalogTable['columns']): boolean {
  if (columns.every(({ type }) => isFixed(type))) return false;
  return columns.reduce((sum, { type }) => sum + bytesOf(type) + (isFixed(type) ? alignment : 0), 0) > longestRow;
}

/**
 * How many relations a table has at most: itself, its indexes, the sequences of its columns, and its table for long
 * values.
 */
export function relationCount({ columns, primaryKey, uniques, indexes }: CatalogTable): number {
  const sequences = columns.filter(({ identity }) => identity !== null).length;
  return (
    1 + (primaryKey === null ? 0 : 1) + uniques.length + indexes.length + sequences + (hasLongValues(columns) ? 2 : 0)
  );
}
