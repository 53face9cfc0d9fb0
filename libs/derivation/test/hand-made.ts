import { path } from '@dms/testing';
import { type DraftColumn, DraftTable } from '../src/draft/draft-table.ts';

/** A table made by hand, with the key columns of its scope; `schema.Name`. */
export function handMadeTable(name: string, scope = '$', columns: readonly DraftColumn[] = []): DraftTable {
  const [schema = '', table = ''] = name.split('.');
  const isRoot = scope === '$';
  const made = new DraftTable({
    table: { schema, name: table },
    scope: path(scope),
    origin: { defaultName: table, label: 'Ed-Fi:HandMade', path: scope },
    collectionNames: [],
    keyColumns: isRoot
      ? [{ name: 'DocumentId', role: 'DocumentId' }]
      : [
          { name: 'HandMade_DocumentId', role: 'DocumentId' },
          { name: 'Ordinal', role: 'Ordinal' },
        ],
  });
  for (const column of columns) made.addColumn(column);
  return made;
}

/** A stored, required Int32 column made by hand. */
export function handMadeColumn(name: string, sourcePath: string | null, more: Partial<DraftColumn> = {}): DraftColumn {
  return {
    name,
    kind: 'Scalar',
    scalarType: { kind: 'Int32', maxLength: null, decimal: null },
    isNullable: false,
    sourcePath: sourcePath === null ? null : path(sourcePath),
    targetResource: null,
    storage: { kind: 'Stored' },
    origin: { defaultName: name, label: 'Ed-Fi:HandMade', path: sourcePath ?? '$' },
    ...more,
  };
}
