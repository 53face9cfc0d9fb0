import {
  type Column,
  type DocumentReferenceBinding,
  modelIndex,
  qualified,
  type RelationalModelSet,
  type Table,
} from '@dms/model';
import { compareOrdinal } from '@dms/values';

interface SortKey {
  readonly group: number;
  readonly keyPosition: number;
  readonly reference: { readonly group: string; readonly position: number } | undefined;
  readonly name: string;
}

function sortKeyOf(table: Table, references: readonly DocumentReferenceBinding[], column: Column): SortKey {
  const keyPosition = table.key.columns.map(({ name }) => name).indexOf(column.name);
  const binding = references.find(
    ({ fkColumn, identityBindings }) =>
      fkColumn === column.name || identityBindings.some((identity) => identity.column === column.name),
  );
  const reference = binding && {
    group: binding.fkColumn,
    position: [binding.fkColumn, ...binding.identityBindings.map((identity) => identity.column)].indexOf(column.name),
  };
  const group = () => {
    if (keyPosition >= 0) return 0;
    if (column.storage.kind === 'Stored' && column.sourcePath === null) return 1;
    if (reference || column.kind === 'DocumentFk') return 2;
    if (column.kind === 'DescriptorFk') return 3;
    return column.kind === 'Scalar' ? 4 : 5;
  };
  return { group: group(), keyPosition, reference, name: column.name };
}

function compareSortKeys(a: SortKey, b: SortKey): number {
  if (a.group !== b.group) return a.group - b.group;
  if (a.group === 0) return a.keyPosition - b.keyPosition;
  if (a.group === 2 && a.reference && b.reference) {
    const order = compareOrdinal(a.reference.group, b.reference.group) || a.reference.position - b.reference.position;
    if (order !== 0) return order;
  }
  return compareOrdinal(a.name, b.name);
}

/**
 * Column names in the order of design 02 §13, written from the chapter: repeatedly takes the smallest available name.
 */
function canonicalColumnOrder(table: Table, references: readonly DocumentReferenceBinding[]): string[] {
  const waiting = table.columns
    .map((column) => ({ column, key: sortKeyOf(table, references, column) }))
    .sort((a, b) => compareSortKeys(a.key, b.key));
  const order: string[] = [];
  while (waiting.length > 0) {
    const next = waiting.findIndex(({ column: { storage } }) => {
      if (storage.kind === 'Stored') return true;
      const { canonicalColumn, presenceColumn } = storage;
      return order.includes(canonicalColumn) && (presenceColumn === null || order.includes(presenceColumn));
    });
    if (next < 0) return order;
    order.push(...waiting.splice(next, 1).map(({ column }) => column.name));
  }
  return order;
}

/** The tables whose column order differs from the chapter. */
export function tablesOutOfOrder(model: RelationalModelSet): string[] {
  return modelIndex(model).allTables.flatMap(({ resource, table }) => {
    if (!resource) return [];
    const name = qualified(table.table);
    const references = resource.documentReferenceBindings.filter((binding) => qualified(binding.table) === name);
    const order = canonicalColumnOrder(table, references);
    return order.join() === table.columns.map((column) => column.name).join() ? [] : [name];
  });
}
