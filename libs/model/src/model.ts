import type { EffectiveSchemaInfo, JsonPath, ResourceKeyEntry } from '@dms/api-schema';
import type { LogicalType, SqlDialect } from '@dms/sql';
import type { FinalName, FullName } from './naming/name-forms.ts';

/** A resource by project and name. */
export interface QualifiedResourceName {
  readonly projectName: string;
  readonly resourceName: string;
}

export interface DbTableName {
  readonly schema: FinalName;
  readonly name: FinalName;
}

/** The type of a value column; `maxLength` is set for strings, `decimal` for decimals. */
export type ScalarType = LogicalType;

export type ColumnKind =
  | 'Scalar'
  | 'DocumentFk'
  | 'DescriptorFk'
  | 'Ordinal'
  | 'ParentKeyPart'
  | 'CollectionKey'
  | 'MirroredContentVersion'
  | 'MirroredContentLastModifiedAt';

/** An alias is generated from the canonical column of its class; it is NULL where its presence column is NULL (design 04). */
export type ColumnStorage =
  | { readonly kind: 'Stored' }
  | { readonly kind: 'UnifiedAlias'; readonly canonicalColumn: FinalName; readonly presenceColumn: FinalName | null };

export interface Column {
  readonly name: FinalName;
  readonly kind: ColumnKind;
  readonly scalarType: ScalarType | null;
  readonly isNullable: boolean;
  /** Null for key, canonical and presence columns. */
  readonly sourcePath: JsonPath | null;
  /** The referenced resource of a `DocumentFk`, the descriptor of a `DescriptorFk`. */
  readonly targetResource: QualifiedResourceName | null;
  readonly storage: ColumnStorage;
  /** Whether plans write it: true for stored columns that triggers do not write. */
  readonly isWritable: boolean;
}

/**
 * The contents of a key column: the document of the row, the id of a collection row (design 15 §4.1), the position of an
 * enclosing row, or the position of the row itself.
 */
export type KeyColumnRole = 'DocumentId' | 'CollectionItemId' | 'ParentOrdinal' | 'Ordinal';

export interface KeyColumn {
  readonly name: FinalName;
  readonly kind: ColumnKind;
  readonly role: KeyColumnRole;
}

export interface TableKey {
  readonly constraintName: FinalName;
  readonly columns: readonly KeyColumn[];
}

export type ReferentialAction = 'NoAction' | 'Cascade';

export interface UniqueConstraint {
  readonly kind: 'Unique';
  readonly name: FinalName;
  readonly columns: readonly FinalName[];
}

export interface ForeignKeyConstraint {
  readonly kind: 'ForeignKey';
  readonly name: FinalName;
  readonly columns: readonly FinalName[];
  readonly targetTable: DbTableName;
  readonly targetColumns: readonly FinalName[];
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
  readonly deferrable: Deferral;
}

/**
 * Whether the check of a key may wait for the end of the transaction; always false in mssql. True means that it always waits (`INITIALLY
 * DEFERRED`, design 11 §2), `InitiallyImmediate` that it waits only where a trigger or a session says so (design 16 §8.1).
 */
export type Deferral = boolean | 'InitiallyImmediate';

export interface AllOrNoneNullabilityConstraint {
  readonly kind: 'AllOrNoneNullability';
  readonly name: FinalName;
  readonly fkColumn: FinalName;
  readonly dependentColumns: readonly FinalName[];
}

export interface NullOrTrueConstraint {
  readonly kind: 'NullOrTrue';
  readonly name: FinalName;
  readonly column: FinalName;
}

export type TableConstraint = UniqueConstraint | ForeignKeyConstraint | AllOrNoneNullabilityConstraint | NullOrTrueConstraint;

export interface KeyUnificationClass {
  readonly canonicalColumn: FinalName;
  readonly memberPathColumns: readonly FinalName[];
}

/** The kind of rows in a table (design 15 §4.1); `Unspecified` is an abstract identity table. */
export type TableKind =
  | 'Unspecified'
  | 'Root'
  | 'Collection'
  | 'RootExtension'
  | 'CollectionExtensionScope'
  | 'ExtensionCollection';

/** A value of the semantic identity, which distinguishes the rows of a parent: its path below the table's scope, and its column. */
export interface SemanticIdentityBinding {
  readonly relativePath: JsonPath;
  readonly column: FinalName;
}

/** How the rows of a table are identified (design 15 §4.1). All lists but `semanticIdentity` are in column order. */
export interface TableIdentity {
  readonly tableKind: TableKind;
  /** The primary key; empty for an abstract identity table. */
  readonly rowIdentity: readonly FinalName[];
  /** The document of the row. */
  readonly rootLocator: readonly FinalName[];
  /** The columns with the parent row; empty for a root. */
  readonly parentLocator: readonly FinalName[];
  /** The values that distinguish the rows of a parent; empty if the generation or the schema has no rule (design 15 §7). */
  readonly semanticIdentity: readonly SemanticIdentityBinding[];
  readonly semanticIdentitySource: 'Unspecified' | 'ArrayUniquenessConstraint' | 'ReferenceFallback';
}

export interface Table {
  readonly table: DbTableName;
  readonly jsonScope: JsonPath;
  readonly key: TableKey;
  readonly identity: TableIdentity;
  /** Includes the key columns, which come first. */
  readonly columns: readonly Column[];
  /** Excludes the primary key. */
  readonly constraints: readonly TableConstraint[];
  readonly keyUnificationClasses: readonly KeyUnificationClass[];
}

export interface ReferenceIdentityBinding {
  readonly identityJsonPath: JsonPath;
  readonly referenceJsonPath: JsonPath;
  readonly column: FinalName;
}

/** A document reference: its FK column and the columns that repeat the target's identity, in mapping order. */
export interface DocumentReferenceBinding {
  readonly isIdentityComponent: boolean;
  readonly isRequired: boolean;
  /** Whether the reference has another name than its target (design 15 §5). */
  readonly isRoleNamed: boolean;
  readonly referenceObjectPath: JsonPath;
  readonly table: DbTableName;
  readonly fkColumn: FinalName;
  readonly targetResource: QualifiedResourceName;
  readonly identityBindings: readonly ReferenceIdentityBinding[];
}

/** A place where a document names a descriptor; `fkColumn` is the path column, even if it is an alias. */
export interface DescriptorEdgeSource {
  readonly isIdentityComponent: boolean;
  readonly isRequired: boolean;
  /**
   * Whether the name of the value differs from that of its descriptor; for a repeated value, the flag of the reference (design
   * 15 §5).
   */
  readonly isRoleNamed: boolean;
  readonly descriptorValuePath: JsonPath;
  readonly table: DbTableName;
  readonly fkColumn: FinalName;
  readonly descriptorResource: QualifiedResourceName;
}

export interface DescriptorFkDeduplication {
  readonly table: DbTableName;
  readonly storageColumn: FinalName;
  readonly bindingColumns: readonly FinalName[];
}

export interface DecimalPrecisionFallback {
  readonly sourcePath: JsonPath;
  readonly reason: 'missing' | 'incomplete';
}

export interface ExtensionSite {
  readonly owningScope: JsonPath;
  readonly extensionPath: JsonPath;
  readonly projectKeys: readonly string[];
}

export interface NaturalKey {
  readonly columns: readonly FinalName[];
}

export interface ColumnBinding {
  readonly table: DbTableName;
  readonly column: FinalName;
}

/** The outcome of the equality constraints of a resource (design 04 §9.6). */
export interface KeyUnificationDiagnostics {
  readonly applied: readonly {
    readonly endpointAPath: JsonPath;
    readonly endpointBPath: JsonPath;
    readonly table: DbTableName;
    readonly endpointAColumn: FinalName;
    readonly endpointBColumn: FinalName;
    readonly canonicalColumn: FinalName;
  }[];
  readonly redundant: readonly {
    readonly endpointAPath: JsonPath;
    readonly endpointBPath: JsonPath;
    readonly binding: ColumnBinding;
  }[];
  readonly ignored: readonly {
    readonly endpointAPath: JsonPath;
    readonly endpointBPath: JsonPath;
    readonly reason: 'cross_table';
    readonly endpointABinding: ColumnBinding;
    readonly endpointBBinding: ColumnBinding;
  }[];
  readonly ignoredByReason: readonly { readonly reason: 'cross_table'; readonly count: number }[];
  readonly skipped: readonly {
    readonly sourcePath: JsonPath;
    readonly targetPath: JsonPath;
    readonly unresolvedEndpoint: 'source' | 'target' | 'both';
  }[];
}

export interface DescriptorMetadata {
  readonly columns: {
    readonly namespace: string;
    readonly codeValue: string;
    readonly shortDescription: string | null;
    readonly description: string | null;
    readonly effectiveBeginDate: string | null;
    readonly effectiveEndDate: string | null;
    readonly discriminator: string | null;
  };
  readonly discriminatorStrategy: 'resourceKeyId';
}

/** The paths by which a resource can be secured, in the order of the file (design 15 §3.2). */
export interface SecurableElements {
  readonly educationOrganization: readonly { readonly jsonPath: JsonPath; readonly metaEdName: string }[];
  readonly namespace: readonly JsonPath[];
  readonly student: readonly JsonPath[];
  readonly contact: readonly JsonPath[];
  readonly staff: readonly JsonPath[];
}

/** The types of the two values that identify a descriptor (design 15a §4). */
export interface DescriptorTexts {
  readonly namespace: ScalarType;
  readonly codeValue: ScalarType;
}

/** A field of a query, and the place of its value in a document (design 17a §2). */
export interface QueryField {
  readonly field: string;
  readonly paths: readonly { readonly path: JsonPath; readonly type: string }[];
}

export interface ResourceModel {
  readonly resourceKey: ResourceKeyEntry;
  readonly physicalSchema: FinalName;
  readonly storageKind: 'RelationalTables' | 'SharedDescriptorTable';
  /** The root table first; empty for descriptors. Not a safe creation order for foreign keys (design 02 §13). */
  readonly tablesInDependencyOrder: readonly Table[];
  /** The columns of `UX_{Root}_NK`; empty without an identity. */
  readonly naturalKey: NaturalKey;
  /** In schema order; empty for descriptors. */
  readonly identityJsonPaths: readonly JsonPath[];
  readonly superclass: { readonly resource: QualifiedResourceName; readonly identityJsonPath: JsonPath | null } | null;
  readonly documentReferenceBindings: readonly DocumentReferenceBinding[];
  readonly descriptorEdgeSources: readonly DescriptorEdgeSource[];
  readonly descriptorFkDeduplications: readonly DescriptorFkDeduplication[];
  readonly decimalPrecisionFallbacks: readonly DecimalPrecisionFallback[];
  readonly keyUnificationDiagnostics: KeyUnificationDiagnostics;
  readonly extensionSites: readonly ExtensionSite[];
  readonly descriptorMetadata: DescriptorMetadata | null;
  /** Only of the resource itself, not of its extensions; empty in a generation that does not read them. */
  readonly securableElements: SecurableElements;
  /** By field, ordinally; empty in a generation that does not read them. */
  readonly queryFieldMapping: readonly QueryField[];
  /** The types of a descriptor's texts; null for other resources, and in a generation that does not read them. */
  readonly descriptorTexts: DescriptorTexts | null;
}

export interface ProjectSchemaInfo {
  readonly projectEndpointName: string;
  readonly projectName: string;
  readonly projectVersion: string;
  readonly isExtensionProject: boolean;
  readonly physicalSchema: FinalName;
}

export interface AbstractIdentityTable {
  readonly resourceKey: ResourceKeyEntry;
  readonly table: Table;
}

export type UnionProjection =
  | { readonly kind: 'SourceColumn'; readonly column: FinalName }
  | { readonly kind: 'StringLiteral'; readonly value: string };

export interface UnionViewColumn {
  readonly name: FinalName;
  readonly scalarType: ScalarType;
  readonly sourcePath: JsonPath | null;
  readonly targetResource: QualifiedResourceName | null;
  readonly isDescriptorReference: boolean;
}

export interface UnionArm {
  readonly concreteMember: ResourceKeyEntry;
  readonly fromTable: DbTableName;
  readonly projections: readonly UnionProjection[];
}

export interface AbstractUnionView {
  readonly resourceKey: ResourceKeyEntry;
  readonly view: DbTableName;
  readonly outputColumns: readonly UnionViewColumn[];
  readonly unionArms: readonly UnionArm[];
}

export interface ColumnMapping {
  readonly sourceColumn: FinalName;
  readonly targetColumn: FinalName;
}

/** A reference key that SQL Server cannot cascade: a trigger on the target updates the copies (design 11 §3.3). */
export interface PropagationFallback {
  readonly targetTable: DbTableName;
  readonly receiverTable: DbTableName;
  readonly receiverFkColumn: FinalName;
  readonly columnMappings: readonly ColumnMapping[];
}

/** A schema, table, view (`table`) or column name that was too long for the dialect. */
export interface ShortenedName {
  readonly kind: 'schema' | 'table' | 'column';
  readonly schema: FinalName | null;
  readonly table: FinalName | null;
  readonly name: FinalName;
  readonly fullName: FullName;
}

/** The relational model of a schema set for one dialect; immutable (design 02 §15). */
export interface RelationalModelSet {
  readonly effectiveSchema: EffectiveSchemaInfo;
  readonly dialect: SqlDialect;
  readonly projects: readonly ProjectSchemaInfo[];
  readonly resources: readonly ResourceModel[];
  readonly abstractIdentityTables: readonly AbstractIdentityTable[];
  readonly abstractUnionViews: readonly AbstractUnionView[];
  readonly propagationFallbacks: readonly PropagationFallback[];
  readonly shortenedNames: readonly ShortenedName[];
}
