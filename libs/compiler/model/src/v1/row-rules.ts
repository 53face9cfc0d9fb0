import { arrayDepth } from '@dms/api-schema';
import { qualified } from '../full-names.ts';
import type { Table } from '../model.ts';
import type { RowRules } from '../row-rules.ts';

const keyNames = ({ key }: Table) => key.columns.map(({ name }) => name);

/**
 * 5: key columns come first, in key order; they are NOT NULL, stored, without path, each with the role of its place;
 * there is one more than arrays in the scope.
 */
function structuralColumns(table: Table): string[] {
  const name = qualified(table.table);
  const { columns: key } = table.key;
  const depth = arrayDepth(table.jsonScope);
  const faults: string[] = [];
  if (key.length !== depth + 1) faults.push(`5 ${name}: ${key.length} key columns at array depth ${depth}`);
  key.forEach(({ name: keyName, kind, role }, position) => {
    const column = table.columns[position];
    const isOwnOrdinal = depth > 0 && position === key.length - 1;
    const expectedKind = isOwnOrdinal ? 'Ordinal' : 'ParentKeyPart';
    const expectedRole = position === 0 ? 'DocumentId' : isOwnOrdinal ? 'Ordinal' : 'ParentOrdinal';
    const expectedType = position === 0 ? 'Int64' : 'Int32';
    if (column?.name !== keyName)
      faults.push(`5 ${name}: column ${position} is ${column?.name}, not the key column ${keyName}`);
    else if (
      kind !== expectedKind ||
      column.kind !== expectedKind ||
      column.scalarType?.kind !== expectedType ||
      column.isNullable ||
      column.storage.kind !== 'Stored' ||
      column.sourcePath !== null
    )
      faults.push(`5 ${name}.${keyName}: not a plain ${expectedKind} of type ${expectedType}`);
    if (role !== expectedRole) faults.push(`5 ${name}.${keyName}: its role is ${role}, not ${expectedRole}`);
  });
  const keyColumns = new Set<string>(keyNames(table));
  for (const column of table.columns)
    if ((column.kind === 'ParentKeyPart' || column.kind === 'Ordinal') && !keyColumns.has(column.name))
      faults.push(`5 ${name}.${column.name}: a ${column.kind} that is not in the key`);
  return faults;
}

/** Rows are identified by the document id and the ordinals of the enclosing arrays (design 02 §6.6). */
export const rowRulesV1: RowRules = {
  documentKey: ['DocumentId'],
  referenceColumn: ([first]) => first,
  structuralColumns,
  collections: () => [],
  parentKey: (table, parent) => ({ columns: table.identity.parentLocator, targetColumns: keyNames(parent) }),
};
