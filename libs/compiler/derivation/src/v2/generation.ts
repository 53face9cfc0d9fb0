import { type JsonPath, pathOf } from '@dms/api-schema';
import { alternatives } from '@dms/diagnostics';
import { compareBy } from '@dms/files';
import { type ColumnKind, type FullName, isFieldMatchedPart, type KeyColumnRole } from '@dms/model';
import type { BoundParts, DeclaredReference, DraftRules, IdentityPart, TablePlace } from '../draft/draft-rules.ts';
import type { StructuralColumn, TableShape } from '../draft/draft-table.ts';
import type { Generation } from '../generation.ts';
import type { InsertSchema, SchemaNode } from '../input/insert-schema.ts';
import { failResource } from '../input/resource-entry.ts';
import { dateTimeType, int32Type, int64Type } from '../input/scalar-type.ts';
import { documentFkColumn } from '../naming/constraint-name.ts';
import { deriveArrayUniqueness, deriveNaturalKeys, deriveReferenceConstraints } from '../passes/derive-constraints.ts';
import { deriveDescriptorForeignKeys } from '../passes/descriptors.ts';
import { cascadeAll, type PropagationPolicy } from '../propagation/propagation.ts';
import { abstractColumnName } from './abstract-column-name.ts';
import { propagateMssql, transitivelyMutableResources } from './propagate-mssql.ts';
import { readResourceMembers } from './resource-members.ts';
import { checkSemanticIdentities, deriveCollectionUniques, deriveSemanticIdentities } from './semantic-identities.ts';

/** The number of path segments of the object that owns the reference: a row, or the extension of a project. */
function owningDepth({ segments }: JsonPath): number {
  for (let depth = segments.length; depth > 0; depth -= 1) {
    const before = segments[depth - 2];
    const last = segments[depth - 1];
    const isItem = last?.kind === 'anyElement';
    const isExtension = before?.kind === 'property' && before.name === '_ext' && last?.kind === 'property';
    if (isItem || isExtension) return depth;
  }
  return 0;
}

function notInSchema({ entry, referenceObjectPath }: DeclaredReference, schema: InsertSchema): never {
  const { canonical } = referenceObjectPath;
  const near = alternatives(canonical, schema.nodes.keys());
  return failResource(
    'REFERENCE_PATH_NOT_IN_SCHEMA',
    entry.label,
    `jsonSchemaForInsert has no ${canonical}${near}`,
    canonical,
  );
}

/**
 * Whether a reference is required by the JSON schema: listed as required, and not nullable, at every step from the
 * object that owns it (design 15 §5). Objects above the owner do not count.
 */
function isReferenceRequired(reference: DeclaredReference): boolean {
  const { entry, mappingKey, referenceObjectPath } = reference;
  const schema = reference.insertSchema();
  const { segments, canonical } = referenceObjectPath;
  const depth = owningDepth(referenceObjectPath);
  let node: SchemaNode | undefined = schema.nodes.get(pathOf(segments.slice(0, depth)).canonical);
  let isRequired = true;
  for (const segment of segments.slice(depth)) {
    const property =
      node?.kind === 'object' && segment.kind === 'property' ? node.properties.get(segment.name) : undefined;
    if (!property) return notInSchema(reference, schema);
    node = property.node;
    isRequired &&= property.isRequired && !node.isNullable;
  }
  if (!node) return notInSchema(reference, schema);
  if (node.kind !== 'object') {
    const text = `the reference ${mappingKey} names ${canonical}, which is not an object of jsonSchemaForInsert`;
    failResource('REFERENCE_OBJECT_INVALID', entry.label, text, canonical, { mappingKey });
  }
  return isRequired;
}

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
 * Triggers keep them equal to the columns of the document (design 15 §4.5). They are reserved from the start, so that a
 * clash is reported at once.
 */
const contentVersions = [
  structural('ContentVersion', 'MirroredContentVersion'),
  structural('ContentLastModifiedAt', 'MirroredContentLastModifiedAt', dateTimeType),
];

/**
 * The columns with the key of a row, its document and its parent row, and the other key columns (design 15 §4.1, §4.2).
 */
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

const roles: Readonly<Record<string, KeyColumnRole>> = {
  [documentId.name]: 'DocumentId',
  [itemId.name]: 'CollectionItemId',
  [baseItemId.name]: 'CollectionItemId',
};

function tableShape(place: TablePlace, defaultPlace: TablePlace): TableShape {
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
 * The part that stands for a path with several: a field-matched part first, then the part with the smaller identity
 * path (design 15 §8.1).
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
const draftRulesV2: DraftRules = {
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

/**
 * PostgreSQL (design 15 §9.2): every candidate cascades. A key with which a document can refer to itself is deferred by
 * the trigger of the document's root, so that the statement that deletes a document in use is refused (design 16 §8.1).
 */
const propagatePgsql: PropagationPolicy = (draft) =>
  cascadeAll(draft, transitivelyMutableResources(draft), 'InitiallyImmediate');

/** The second generation (design 15). */
export const generationV2: Generation = {
  rules: draftRulesV2,
  constraintPasses: [
    deriveNaturalKeys,
    deriveReferenceConstraints,
    deriveSemanticIdentities,
    checkSemanticIdentities,
    deriveArrayUniqueness,
    deriveCollectionUniques,
    deriveDescriptorForeignKeys,
  ],
  strictPasses: new Set([checkSemanticIdentities]),
  propagation: { pgsql: propagatePgsql, mssql: propagateMssql },
};
