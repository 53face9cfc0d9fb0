import type { ColumnKind, FullName, KeyColumnRole } from '@dms/model';
import type { DraftRules, TablePlace } from '../draft/draft-rules.ts';
import type { StructuralColumn, TableShape } from '../draft/draft-table.ts';
import { dateTimeType, int32Type, int64Type } from '../input/scalar-type.ts';
import { documentFkColumn } from '../naming/constraint-name.ts';

/**
 * The structural columns of a table: its key, and the columns that lead to its document and its parent row (design 15
 * §4).
 */
export function tableShape(place: TablePlace, defaultPlace: TablePlace): TableShape {
  const { row, root, parent, others } = makeLocators(place, defaultPlace);
  const columns = [...new Set([row, root, ...(parent ? [parent] : []), ...others])];
  const isUnspecified = place.kind === 'Unspecified';
  return {
    kind: place.kind,
    columns,
    key: [{ name: row.name, role: roles[row.name] ?? 'DocumentId' }],
    rowIdentity: isUnspecified ? [] : [row.name],
    rootLocator: isUnspecified ? [] : [root.name],
    parentLocator: parent ? [parent.name] : [],
  };
}

/**
 * The columns with the key of a row, its document id and the key of its parent row, and the other key columns (design
 * 15 §4.1, §4.2).
 */
interface Locators {
  readonly row: StructuralColumn;
  readonly root: StructuralColumn;
  readonly parent: StructuralColumn | undefined;
  readonly others: readonly StructuralColumn[];
}

function makeLocators(place: TablePlace, defaultPlace: TablePlace): Locators {
  const rootDocument = structural(
    documentFkColumn(place.rootBaseName),
    'ParentKeyPart',
    int64Type,
    documentFkColumn(defaultPlace.rootBaseName),
  );
  switch (place.kind) {
    case 'Unspecified':
      return { row: documentId, root: documentId, parent: undefined, others: [] };
    case 'Root':
      return { row: documentId, root: documentId, parent: undefined, others: contentVersions };
    case 'RootExtension':
      return { row: documentId, root: documentId, parent: documentId, others: [] };
    case 'CollectionExtensionScope':
      return { row: baseItemId, root: rootDocument, parent: baseItemId, others: [] };
    case 'Collection':
    case 'ExtensionCollection':
      return { row: itemId, root: rootDocument, parent: parentOfItem(place, rootDocument), others: [ordinal] };
  }
}

/** The columns that lead from a row of a collection to its parent row. */
function parentOfItem({ parentKind }: TablePlace, root: StructuralColumn): StructuralColumn {
  if (parentKind === 'CollectionExtensionScope') return baseItemId;
  return parentKind === 'Root' || parentKind === 'RootExtension' ? root : parentItemId;
}

/** The foreign key from a row to its parent row (design 15 §4.3). */
export const parentKey: DraftRules['parentKey'] = (table, parent) => {
  // a document has only one row in these tables, so the document id is the whole key
  if (parent.kind === 'Root' || parent.kind === 'RootExtension')
    return { columns: table.parentLocator, targetColumns: parent.rowIdentity };
  return {
    columns: [...table.parentLocator, ...table.rootLocator],
    targetColumns: [...parent.rowIdentity, ...parent.rootLocator],
  };
};

const structural = (
  name: FullName,
  kind: ColumnKind,
  scalarType = int64Type,
  defaultName: FullName = name,
): StructuralColumn => ({ name, defaultName, kind, scalarType });

const documentId = structural('DocumentId', 'ParentKeyPart');
const itemId = structural('CollectionItemId', 'CollectionKey');
const parentItemId = structural('ParentCollectionItemId', 'ParentKeyPart');
const baseItemId = structural('BaseCollectionItemId', 'ParentKeyPart');
const ordinal = structural('Ordinal', 'Ordinal', int32Type);

/**
 * The columns that triggers keep equal to the columns of the document (design 15 §4.5). They are reserved from the
 * start, so that a name collision is reported at once.
 */
const contentVersions = [
  structural('ContentVersion', 'MirroredContentVersion'),
  structural('ContentLastModifiedAt', 'MirroredContentLastModifiedAt', dateTimeType),
];

const roles: Readonly<Record<string, KeyColumnRole>> = {
  [documentId.name]: 'DocumentId',
  [itemId.name]: 'CollectionItemId',
  [baseItemId.name]: 'CollectionItemId',
};
