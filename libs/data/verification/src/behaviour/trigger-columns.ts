import { type Column, isMirroredKind, mustExist } from '@dms/model';
import type { WorldKeys } from './keys.ts';
import { valueCount } from './value-domains.ts';
import type { RowReference, WorldTable } from './world-tables.ts';

/* The columns that R17 and R18 change in their rows, and how many rows the keys of these columns allow. */

/** A table has at most four rows, and each of them gets at most three values. */
export const rowsOfTable = 4;
export const turns = 3;

/** The number of descriptors of the rows. */
export const descriptorsOfRows = rowsOfTable * turns;

/** The free keys for each of many rows: one for it, one for its change, and as many again: the last are hard to find. */
export const keysOfManyRow = 4;

export const referenceOf = (entry: WorldTable, column: Column): RowReference | undefined =>
  [...entry.references, ...entry.optionalReferences].find(({ documentColumn }) => documentColumn === column.name);

/** The columns of a row that a statement can change by themselves. */
export function changeableColumns({ table, parent, documentColumn }: WorldTable): readonly Column[] {
  const fixed = new Set<string>([
    documentColumn,
    ...(parent?.columns ?? []),
    ...(parent ? table.key.columns.map(({ name }) => name) : []),
  ]);
  return table.columns.filter(
    ({ name, storage, kind }) => storage.kind === 'Stored' && !isMirroredKind(kind) && !fixed.has(name),
  );
}

/**
 * The columns of a root row that a statement can change at once: of a key that consists of references, the first or the
 * last stays, so that the rows stay distinct.
 */
export function columnsChangedAtOnce(entry: WorldTable, staying: 'first' | 'last'): readonly Column[] {
  const references = new Set<string>(
    [...entry.references, ...entry.optionalReferences].map(({ documentColumn }) => documentColumn),
  );
  const kept = new Set<string>(
    entry.table.constraints.flatMap((each) =>
      each.kind === 'Unique' && each.columns.length > 1 && each.columns.every((column) => references.has(column))
        ? each.columns.slice(...(staying === 'first' ? [0, 1] : [-1]))
        : [],
    ),
  );
  return changeableColumns(entry).filter(({ name }) => !kept.has(name));
}

/** How many values a column of these rows can have. */
function countOf(entry: WorldTable, column: Column): number {
  if (column.kind === 'DescriptorFk') return descriptorsOfRows;
  return column.scalarType && !referenceOf(entry, column) ? valueCount(column.scalarType) : Number.POSITIVE_INFINITY;
}

/** How many more rows the keys of a root table allow. */
export function roomIn(keys: WorldKeys, root: WorldTable): number {
  const columns = new Map(changeableColumns(root).map((column) => [column.name as string, column]));
  return keys.room(root.table.table, [...columns.keys()], (name) =>
    countOf(root, mustExist(columns.get(name), `the column ${name}`)),
  );
}
