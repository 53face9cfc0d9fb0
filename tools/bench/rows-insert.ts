import type { Statement } from '@dms/databases';

/** The number of rows in one INSERT of the benchmarks. */
export const rowsPerInsert = 500;

/**
 * An INSERT of several rows, with one parameter for each value.
 *
 * @param target the SQL after `INSERT INTO`: table, columns, and `OVERRIDING SYSTEM VALUE` where it is needed
 */
export function rowsInsert(target: string, rows: readonly (readonly unknown[])[]): Statement {
  const pieces = [`INSERT INTO ${target} VALUES (`];
  rows.forEach((row, position) => {
    row.forEach((_, column) => {
      pieces.push(column < row.length - 1 ? ', ' : position < rows.length - 1 ? '), (' : ')');
    });
  });
  return { pieces: pieces as readonly string[] as Statement['pieces'], parameters: rows.flat(), hasRows: false };
}
