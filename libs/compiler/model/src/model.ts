import type { EffectiveSchemaInfo } from '@dms/api-schema';
import type { LogicalType } from '@dms/sql';
import * as z from 'zod/mini';
import type { FullName } from './naming/name-forms.ts';
import {
  columnMapping,
  type DatabaseShape,
  deferral,
  dialect,
  finalName,
  finalNames,
  type identityBlock,
  identityElement,
  jsonPath,
  resourceName,
  scalarType,
  tableName,
} from './shapes.ts';

/*
 * The relational model of a schema set (design 02 §15, 15 §4). Each shape describes a part of
 * `relational-model.<dialect>.json`, and the type of the same name is inferred from it, so that the two cannot differ.
 */

const text = z.string();

/** A resource by project and name. */
export type QualifiedResourceName = DatabaseShape<typeof resourceName>;

export type DbTableName = DatabaseShape<typeof tableName>;

/** The type of a value column; `maxLength` is set for strings, `decimal` for decimals. */
export type ScalarType = LogicalType;

const columnKind = z.enum([
  'Scalar',
  'DocumentFk',
  'DescriptorFk',
  'Ordinal',
  'ParentKeyPart',
  'CollectionKey',
  'MirroredContentVersion',
  'MirroredContentLastModifiedAt',
  'ResourceKeyId',
]);

export type ColumnKind = z.output<typeof columnKind>;

/**
 * An alias is generated from the canonical column of its class; it is NULL if its presence column is NULL (design 04).
 */
const columnStorage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('Stored') }),
  z.object({ kind: z.literal('UnifiedAlias'), canonicalColumn: finalName, presenceColumn: z.nullable(finalName) }),
]);

export type ColumnStorage = DatabaseShape<typeof columnStorage>;

const column = z.object({
  name: finalName,
  kind: columnKind,
  scalarType: z.nullable(scalarType),
  isNullable: z.boolean(),
  /** Null for key, canonical and presence columns. */
  sourcePath: z.nullable(jsonPath),
  /** The referenced resource of a `DocumentFk`, the descriptor of a `DescriptorFk`. */
  targetResource: z.nullable(resourceName),
  storage: columnStorage,
  /** Whether plans write the column: true for stored columns that triggers do not write. */
  isWritable: z.boolean(),
  /** Whether the column stores or copies the text of an identity (design 22 §2.3); absent in other generations. */
  identityText: z.optional(z.literal(true)),
});

export type Column = DatabaseShape<typeof column>;

/**
 * The contents of a key column: the document id of the row, the id of a collection row (design 15 §4.1), the ordinal of
 * an enclosing row, or the ordinal of the row itself.
 */
const keyColumnRole = z.enum(['DocumentId', 'CollectionItemId', 'ParentOrdinal', 'Ordinal']);

export type KeyColumnRole = z.output<typeof keyColumnRole>;

const keyColumn = z.object({ name: finalName, kind: columnKind, role: keyColumnRole });

export type KeyColumn = DatabaseShape<typeof keyColumn>;

const tableKey = z.object({ constraintName: finalName, columns: z.array(keyColumn) });

export type TableKey = DatabaseShape<typeof tableKey>;

const referentialAction = z.enum(['NoAction', 'Cascade']);

export type ReferentialAction = z.output<typeof referentialAction>;

const uniqueConstraint = z.object({ kind: z.literal('Unique'), name: finalName, columns: finalNames });

export type UniqueConstraint = DatabaseShape<typeof uniqueConstraint>;

export type Deferral = z.output<typeof deferral>;

const foreignKeyConstraint = z.object({
  kind: z.literal('ForeignKey'),
  name: finalName,
  columns: finalNames,
  targetTable: tableName,
  targetColumns: finalNames,
  onDelete: referentialAction,
  onUpdate: referentialAction,
  deferrable: deferral,
});

export type ForeignKeyConstraint = DatabaseShape<typeof foreignKeyConstraint>;

const allOrNoneNullabilityConstraint = z.object({
  kind: z.literal('AllOrNoneNullability'),
  name: finalName,
  fkColumn: finalName,
  dependentColumns: finalNames,
});

export type AllOrNoneNullabilityConstraint = DatabaseShape<typeof allOrNoneNullabilityConstraint>;

const nullOrTrueConstraint = z.object({ kind: z.literal('NullOrTrue'), name: finalName, column: finalName });

export type NullOrTrueConstraint = DatabaseShape<typeof nullOrTrueConstraint>;

const tableConstraint = z.discriminatedUnion('kind', [
  uniqueConstraint,
  foreignKeyConstraint,
  allOrNoneNullabilityConstraint,
  nullOrTrueConstraint,
]);

export type TableConstraint = DatabaseShape<typeof tableConstraint>;

const keyUnificationClass = z.object({ canonicalColumn: finalName, memberPathColumns: finalNames });

export type KeyUnificationClass = DatabaseShape<typeof keyUnificationClass>;

/** The kind of rows in a table (design 15 §4.1); `Unspecified` is an abstract identity table. */
const tableKind = z.enum([
  'Unspecified',
  'Root',
  'Collection',
  'RootExtension',
  'CollectionExtensionScope',
  'ExtensionCollection',
]);

export type TableKind = z.output<typeof tableKind>;

/**
 * A value of the semantic identity, which distinguishes the rows of a parent: its path below the table's scope, and its
 * column.
 */
const semanticIdentityBinding = z.object({ relativePath: jsonPath, column: finalName });

export type SemanticIdentityBinding = DatabaseShape<typeof semanticIdentityBinding>;

/**
 * The columns that identify the rows of a table (design 15 §4.1). All lists except `semanticIdentity` are in column
 * order.
 */
const tableIdentity = z.object({
  tableKind,
  /** The primary key; empty for an abstract identity table. */
  rowIdentity: finalNames,
  /** The column with the document id of the row. */
  rootLocator: finalNames,
  /** The columns that identify the parent row; empty for a root. */
  parentLocator: finalNames,
  /**
   * The values that distinguish the rows of a parent; empty if the generation or the schema has no rule (design 15 §7).
   */
  semanticIdentity: z.array(semanticIdentityBinding),
  semanticIdentitySource: z.enum(['Unspecified', 'ArrayUniquenessConstraint', 'ReferenceFallback']),
});

export type TableIdentity = DatabaseShape<typeof tableIdentity>;

/** The identity of a table whose rows no rule identifies. */
export const unspecifiedIdentity: TableIdentity = {
  tableKind: 'Unspecified',
  rowIdentity: [],
  rootLocator: [],
  parentLocator: [],
  semanticIdentity: [],
  semanticIdentitySource: 'Unspecified',
};

const table = z.object({
  table: tableName,
  jsonScope: jsonPath,
  key: tableKey,
  identity: tableIdentity,
  /** Includes the key columns, which come first. */
  columns: z.array(column),
  /** Excludes the primary key. */
  constraints: z.array(tableConstraint),
  keyUnificationClasses: z.array(keyUnificationClass),
});

export type Table = DatabaseShape<typeof table>;

const referenceIdentityBinding = z.object({
  identityJsonPath: jsonPath,
  referenceJsonPath: jsonPath,
  column: finalName,
});

export type ReferenceIdentityBinding = DatabaseShape<typeof referenceIdentityBinding>;

export type IdentityElement = DatabaseShape<typeof identityElement>;

export type IdentityBlock = DatabaseShape<typeof identityBlock>;

/** A document reference: its FK column and the columns that repeat the target's identity, in mapping order. */
const documentReferenceBinding = z.object({
  isIdentityComponent: z.boolean(),
  isRequired: z.boolean(),
  /** Whether the reference has another name than its target (design 15 §5). */
  isRoleNamed: z.boolean(),
  referenceObjectPath: jsonPath,
  table: tableName,
  fkColumn: finalName,
  targetResource: resourceName,
  identityBindings: z.array(referenceIdentityBinding),
});

export type DocumentReferenceBinding = DatabaseShape<typeof documentReferenceBinding>;

/** A place where a document names a descriptor; `fkColumn` is the path column, even if it is an alias. */
const descriptorEdgeSource = z.object({
  isIdentityComponent: z.boolean(),
  isRequired: z.boolean(),
  /**
   * Whether the name of the value differs from that of its descriptor; for a repeated value, the flag of the reference
   * (design 15 §5).
   */
  isRoleNamed: z.boolean(),
  descriptorValuePath: jsonPath,
  table: tableName,
  fkColumn: finalName,
  descriptorResource: resourceName,
});

export type DescriptorEdgeSource = DatabaseShape<typeof descriptorEdgeSource>;

const descriptorFkDeduplication = z.object({ table: tableName, storageColumn: finalName, bindingColumns: finalNames });

export type DescriptorFkDeduplication = DatabaseShape<typeof descriptorFkDeduplication>;

const decimalPrecisionFallback = z.object({ sourcePath: jsonPath, reason: z.enum(['missing', 'incomplete']) });

export type DecimalPrecisionFallback = DatabaseShape<typeof decimalPrecisionFallback>;

/** The digits of a decimal whose schema does not have them (design 02 §7.3). */
export const fallbackDecimal = { precision: 18, scale: 4 } as const;

const extensionSite = z.object({ owningScope: jsonPath, extensionPath: jsonPath, projectKeys: z.array(text) });

export type ExtensionSite = DatabaseShape<typeof extensionSite>;

const naturalKey = z.object({ columns: finalNames });

export type NaturalKey = DatabaseShape<typeof naturalKey>;

const columnBinding = z.object({ table: tableName, column: finalName });

export type ColumnBinding = DatabaseShape<typeof columnBinding>;

/** The results of the equality constraints of a resource (design 04 §9.6). */
const keyUnificationDiagnostics = z.object({
  applied: z.array(
    z.object({
      endpointAPath: jsonPath,
      endpointBPath: jsonPath,
      table: tableName,
      endpointAColumn: finalName,
      endpointBColumn: finalName,
      canonicalColumn: finalName,
    }),
  ),
  redundant: z.array(z.object({ endpointAPath: jsonPath, endpointBPath: jsonPath, binding: columnBinding })),
  ignored: z.array(
    z.object({
      endpointAPath: jsonPath,
      endpointBPath: jsonPath,
      reason: z.literal('cross_table'),
      endpointABinding: columnBinding,
      endpointBBinding: columnBinding,
    }),
  ),
  ignoredByReason: z.array(z.object({ reason: z.literal('cross_table'), count: z.int() })),
  skipped: z.array(
    z.object({ sourcePath: jsonPath, targetPath: jsonPath, unresolvedEndpoint: z.enum(['source', 'target', 'both']) }),
  ),
});

export type KeyUnificationDiagnostics = DatabaseShape<typeof keyUnificationDiagnostics>;

const descriptorMetadata = z.object({
  columns: z.object({
    namespace: text,
    codeValue: text,
    shortDescription: z.nullable(text),
    description: z.nullable(text),
    effectiveBeginDate: z.nullable(text),
    effectiveEndDate: z.nullable(text),
    discriminator: z.nullable(text),
  }),
  discriminatorStrategy: z.literal('resourceKeyId'),
});

export type DescriptorMetadata = DatabaseShape<typeof descriptorMetadata>;

const jsonPaths = z.array(jsonPath);

/** The paths by which a resource can be secured, in the order of the file (design 15 §3.2). */
const securableElements = z.object({
  educationOrganization: z.array(z.object({ jsonPath, metaEdName: text })),
  namespace: jsonPaths,
  student: jsonPaths,
  contact: jsonPaths,
  staff: jsonPaths,
});

export type SecurableElements = DatabaseShape<typeof securableElements>;

export const noSecurableElements: SecurableElements = {
  educationOrganization: [],
  namespace: [],
  student: [],
  contact: [],
  staff: [],
};

/** The types of the two values that identify a descriptor (design 15a §4). */
const descriptorTexts = z.object({ namespace: scalarType, codeValue: scalarType });

export type DescriptorTexts = DatabaseShape<typeof descriptorTexts>;

/** A query field, and the paths of its value in a document (design 17a §2). */
const queryField = z.object({ field: text, paths: z.array(z.object({ path: jsonPath, type: text })) });

export type QueryField = DatabaseShape<typeof queryField>;

/** A numbered resource, concrete or abstract. */
const resourceKey = z.object({
  id: z.int(),
  projectName: text,
  resourceName: text,
  resourceVersion: text,
  isAbstract: z.boolean(),
});

const resourceModel = z.object({
  resourceKey,
  physicalSchema: finalName,
  storageKind: z.enum(['RelationalTables', 'SharedDescriptorTable']),
  /** The root table first; empty for descriptors. Not a safe creation order for foreign keys (design 02 §13). */
  tablesInDependencyOrder: z.array(table),
  /** The columns of `UX_{Root}_NK`; empty without an identity. */
  naturalKey,
  /** Identity elements in schema order; empty for descriptors and without an identity. */
  identityElements: z.array(identityElement),
  superclass: z.nullable(z.object({ resource: resourceName, identityJsonPath: z.nullable(jsonPath) })),
  documentReferenceBindings: z.array(documentReferenceBinding),
  descriptorEdgeSources: z.array(descriptorEdgeSource),
  descriptorFkDeduplications: z.array(descriptorFkDeduplication),
  decimalPrecisionFallbacks: z.array(decimalPrecisionFallback),
  keyUnificationDiagnostics,
  extensionSites: z.array(extensionSite),
  descriptorMetadata: z.nullable(descriptorMetadata),
  /**
   * Elements of the resource itself, without those of its extensions; empty in a generation that does not read them.
   */
  securableElements,
  /** Query fields in ordinal order; empty in a generation that does not read them. */
  queryFieldMapping: z.array(queryField),
  /** The text types of a descriptor; null for other resources, and in a generation that does not read them. */
  descriptorTexts: z.nullable(descriptorTexts),
});

export type ResourceModel = DatabaseShape<typeof resourceModel>;

const projectSchemaInfo = z.object({
  projectEndpointName: text,
  projectName: text,
  projectVersion: text,
  isExtensionProject: z.boolean(),
  physicalSchema: finalName,
});

export type ProjectSchemaInfo = DatabaseShape<typeof projectSchemaInfo>;

const abstractIdentityTable = z.object({ resourceKey, table });

export type AbstractIdentityTable = DatabaseShape<typeof abstractIdentityTable>;

const unionProjection = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('SourceColumn'), column: finalName }),
  z.object({ kind: z.literal('StringLiteral'), value: text }),
  z.object({ kind: z.literal('SmallintLiteral'), value: z.int() }),
]);

export type UnionProjection = DatabaseShape<typeof unionProjection>;

const unionViewColumn = z.object({
  name: finalName,
  /** Null for the resource key of a member. */
  scalarType: z.nullable(scalarType),
  sourcePath: z.nullable(jsonPath),
  targetResource: z.nullable(resourceName),
  isDescriptorReference: z.boolean(),
});

export type UnionViewColumn = DatabaseShape<typeof unionViewColumn>;

const unionArm = z.object({ concreteMember: resourceKey, fromTable: tableName, projections: z.array(unionProjection) });

export type UnionArm = DatabaseShape<typeof unionArm>;

const abstractUnionView = z.object({
  resourceKey,
  view: tableName,
  outputColumns: z.array(unionViewColumn),
  unionArms: z.array(unionArm),
});

export type AbstractUnionView = DatabaseShape<typeof abstractUnionView>;

export type ColumnMapping = DatabaseShape<typeof columnMapping>;

/** A reference key that SQL Server cannot cascade: a trigger on the target updates the copies (design 11 §3.3). */
const propagationFallback = z.object({
  targetTable: tableName,
  receiverTable: tableName,
  receiverFkColumn: finalName,
  columnMappings: z.array(columnMapping),
});

export type PropagationFallback = DatabaseShape<typeof propagationFallback>;

const fullName: z.ZodMiniType<FullName, string> = text;

/** A schema, table, view (`table`) or column name that was too long for the dialect. */
const shortenedName = z.object({
  kind: z.enum(['schema', 'table', 'column']),
  schema: z.nullable(finalName),
  table: z.nullable(finalName),
  name: finalName,
  fullName,
});

export type ShortenedName = DatabaseShape<typeof shortenedName>;

/** The number of the format of model files; every change of a shape here changes it. */
export const modelFormat = 3;

/** The contents of a model file except its format number. */
export const modelContent = z.object({
  dialect,
  projects: z.array(projectSchemaInfo),
  resources: z.array(resourceModel),
  abstractIdentityTables: z.array(abstractIdentityTable),
  abstractUnionViews: z.array(abstractUnionView),
  propagationFallbacks: z.array(propagationFallback),
  shortenedNames: z.array(shortenedName),
});

/**
 * A model without its fingerprint: the contents of a model file, which does not change when only the fingerprint does.
 */
export type ModelContent = DatabaseShape<typeof modelContent>;

/** The relational model of a schema set for one dialect; immutable (design 02 §15). */
export interface RelationalModelSet extends ModelContent {
  readonly effectiveSchema: EffectiveSchemaInfo;
}
