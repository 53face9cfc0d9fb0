import { path } from '@dms/testing';
import type { TablePlace } from '../src/draft/draft-rules.ts';
import { type DraftColumn, DraftTable, type TableShape } from '../src/draft/draft-table.ts';
import { generations } from '../src/generations.ts';

const shapeOf = (place: TablePlace): TableShape => generations.v1.rules.tableShape(place, place);

/** The shape of a root table. */
export const rootShape = shapeOf({ kind: 'Root', parentKind: undefined, rootBaseName: '', collectionNames: [] });

/** The shape of the table of a collection below a root. */
export const collectionShape = (rootBaseName: string, collectionNames: readonly string[]) =>
  shapeOf({ kind: 'Collection', parentKind: 'Root', rootBaseName, collectionNames });

/** A table made by hand, with the key columns of its scope; `name` is `schema.Name`. */
export function handMadeTable(name: string, scope = '$', columns: readonly DraftColumn[] = []): DraftTable {
  const [schema = '', table = ''] = name.split('.');
  const isRoot = scope === '$';
  const made = new DraftTable({
    table: { schema, name: table },
    scope: path(scope),
    origin: { defaultName: table, label: 'Ed-Fi:HandMade', path: scope },
    collectionNames: [],
    shape: isRoot ? rootShape : collectionShape('HandMade', ['Item']),
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
