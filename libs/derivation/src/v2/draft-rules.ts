import { compareBy } from '@dms/canonical-json';
import { type ColumnKind, type FullName, isFieldMatchedPart, type KeyColumnRole } from '@dms/model';
import type { BoundParts, DraftRules, IdentityPart } from '../draft/draft-rules.ts';
import type { StructuralColumn, TableShape } from '../draft/draft-table.ts';
import type { TablePlace } from '../draft/table-place.ts';
import { dateTimeType, int32Type, int64Type } from '../input/scalar-type.ts';
import { documentFkColumn } from '../naming/constraint-name.ts';
import { abstractColumnName } from './abstract-column-name.ts';
import { isReferenceRequired } from './reference-requiredness.ts';
import { readResourceMembers } from './resource-members.ts';

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
 * Triggers keep them equal to the columns of the document (design 15 §4.5). They are reserved from the start, so that a clash
 * is reported at once.
 */
const contentVersions = [
  structural('ContentVersion', 'MirroredContentVersion'),
  structural('ContentLastModifiedAt', 'MirroredContentLastModifiedAt', dateTimeType),
];

/** The columns with the key of a row, its document and its parent row, and the other key columns (design 15 §4.1, §4.2). */
interface Locators {
  readonly row: StructuralColumn;
  readonly root: StructuralColumn;
  readonly parent: StructuralColumn | undefined;
  readonly others: readonly StructuralColumn[];
}

/** The columns that lead from a row of a collection to its parent row. */
function parentOfItem({ parentKind }: TablePlace, root: StructuralColumn): StructuralColumn {
  if (parentKind === 'CollectionExtensionScope') return baseItemId;
  return parentKind === 'Root' || parentKind === 'RootExtension' ? root : parentItemId;
}

function locatorsOf(place: TablePlace, defaultPlace: TablePlace): Locators {
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

const roles: Readonly<Record<string, KeyColumnRole>> = {
  [documentId.name]: 'DocumentId',
  [itemId.name]: 'CollectionItemId',
  [baseItemId.name]: 'CollectionItemId',
};

function tableShape(place: TablePlace, defaultPlace: TablePlace): TableShape {
  const { row, root, parent, others } = locatorsOf(place, defaultPlace);
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
 * The part that stands for a path with several: a field-matched part first, then the part with the smaller identity path
 * (design 15 §8.1).
 */
function identityPart<Part extends IdentityPart>(
  { referenceObjectPath, identityBindings }: BoundParts<Part>,
  path: string,
): Part | undefined {
  const parts = identityBindings.filter(({ referenceJsonPath }) => referenceJsonPath.canonical === path);
  if (parts.length < 2) return parts[0];
  const isMatched = ({ referenceJsonPath, identityJsonPath }: Part) =>
    isFieldMatchedPart(referenceObjectPath, referenceJsonPath, identityJsonPath);
  return parts.sort(
    compareBy(
      (part) => (isMatched(part) ? '0' : '1'),
      ({ identityJsonPath }) => identityJsonPath.canonical,
    ),
  )[0];
}

/** The second generation (design 15). */
export const draftRulesV2: DraftRules = {
  tableShape,
  parentKey(table, parent) {
    // a document has only one row in these tables, so the document id is the whole key
    if (parent.kind === 'Root' || parent.kind === 'RootExtension')
      return { columns: table.parentLocator, targetColumns: parent.rowIdentity };
    return {
      columns: [...table.parentLocator, ...table.rootLocator],
      targetColumns: [...parent.rowIdentity, ...parent.rootLocator],
    };
  },
  referenceKey: (document, values) => [...values, document],
  identityPart,
  isReferenceRequired,
  abstractColumnName,
  refusesLostDescriptorParts: true,
  resourceMembers: readResourceMembers,
};
