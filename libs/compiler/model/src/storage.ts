import { fail } from '@dms/diagnostics';
import type { Column, Table } from './model.ts';

/** The members of a column that storage resolution needs. */
export type StorageColumn = Pick<Column, 'name' | 'kind' | 'scalarType' | 'isNullable' | 'sourcePath' | 'storage'>;

/** A table whose columns can be looked up by name; `qualified` names it in messages. */
interface StorageTable {
  readonly qualified: string;
  readonly columns: ReadonlyMap<string, StorageColumn>;
}

/** Whether a column is a synthetic presence flag, recognised by its shape: names may be shortened (design 04 §11.1). */
export function isSyntheticFlag(column: StorageColumn, presenceColumns: ReadonlySet<string>): boolean {
  return (
    presenceColumns.has(column.name) &&
    column.kind === 'Scalar' &&
    column.scalarType?.kind === 'Boolean' &&
    column.isNullable &&
    column.sourcePath === null
  );
}

/** The names of the columns that gate an alias of the table. */
export function presenceColumnsOf(columns: Iterable<Pick<Column, 'storage'>>): Set<string> {
  const names = new Set<string>();
  for (const { storage } of columns)
    if (storage.kind === 'UnifiedAlias' && storage.presenceColumn !== null) names.add(storage.presenceColumn);
  return names;
}

/** The name of the stored column with the value of a column. */
export const storedName = ({ name, storage }: Pick<Column, 'name' | 'storage'>): string =>
  storage.kind === 'UnifiedAlias' ? storage.canonicalColumn : name;

/** The same for a name in a table; a name without a column there stands for itself. */
export function storedColumn({ columns }: Table, name: string): string {
  const column = columns.find((each) => each.name === name);
  return column ? storedName(column) : name;
}

/**
 * The stored column behind `name`: itself, or the canonical column of its alias (design 04 §11.2). `reject` tells which
 * presence gates are refused as values: synthetic flags, or every gate. The message of `KU_STORAGE_UNRESOLVED` contains
 * `usage`.
 */
export function resolveStorage(table: StorageTable, name: string, reject: 'flags' | 'all', usage: string): string {
  const unresolved = (reason: string): never =>
    fail(
      'KU_STORAGE_UNRESOLVED',
      `Column ${name} of table ${table.qualified} has no usable storage column (${usage}): ${reason}.`,
      {},
      { table: table.qualified, column: name, usage },
    );
  const gates = presenceColumnsOf(table.columns.values());
  const usable = (candidate: string): StorageColumn => {
    const column = table.columns.get(candidate);
    if (!column) return unresolved(`the table has no column ${candidate}`);
    const isRejected = reject === 'all' ? gates.has(candidate) : isSyntheticFlag(column, gates);
    return isRejected ? unresolved(`${candidate} is a presence column`) : column;
  };
  const column = usable(name);
  if (column.storage.kind === 'Stored') return name;
  const canonical = usable(column.storage.canonicalColumn);
  if (canonical.storage.kind !== 'Stored') return unresolved(`its canonical column ${canonical.name} is not stored`);
  return canonical.name;
}
