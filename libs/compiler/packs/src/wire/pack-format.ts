// Written by npm run generate from mapping-pack.proto.
// biome-ignore-all format: written by a tool

export const sqlDialect = {
  unspecified: 0,
  pgsql: 1,
  mssql: 2,
} as const;

export const compressionAlgorithm = {
  unspecified: 0,
  zstd: 1,
} as const;

export const resourceStorageKind = {
  unspecified: 0,
  relationalTables: 1,
  sharedDescriptorTable: 2,
} as const;

export const columnKind = {
  unspecified: 0,
  scalar: 1,
  documentFk: 2,
  descriptorFk: 3,
  ordinal: 4,
  parentKeyPart: 5,
  collectionKey: 6,
  mirroredContentVersion: 7,
  mirroredContentLastModifiedAt: 8,
  resourceKeyId: 9,
} as const;

export const scalarKind = {
  unspecified: 0,
  bool: 1,
  int32: 2,
  int64: 3,
  string: 4,
  date: 5,
  datetime: 6,
  decimal: 7,
  guid: 8,
  time: 9,
} as const;

export const referentialAction = {
  noAction: 0,
  cascade: 1,
} as const;

export const tableKind = {
  unspecified: 0,
  root: 1,
  collection: 2,
  rootExtension: 3,
  collectionExtensionScope: 4,
  extensionCollection: 5,
} as const;

export const semanticIdentitySource = {
  unspecified: 0,
  arrayUniquenessConstraint: 1,
  referenceFallback: 2,
} as const;

export const queryOmissionKind = {
  unspecified: 0,
  unsupportedQueryFields: 1,
  descriptorResource: 2,
  apiSchemaMismatch: 3,
} as const;

export const queryFieldFailure = {
  unspecified: 0,
  multiPath: 1,
  arrayCrossing: 2,
  nonRootTable: 3,
  unmappedPath: 4,
  ambiguousRootTarget: 5,
} as const;

export const descriptorQueryTarget = {
  unspecified: 0,
  documentUuid: 1,
  namespace: 2,
  codeValue: 3,
  shortDescription: 4,
  description: 5,
  effectiveBeginDate: 6,
  effectiveEndDate: 7,
} as const;

export const probeTargetKind = {
  unspecified: 0,
  concrete: 1,
  abstract: 2,
} as const;

export const textEquality = {
  unspecified: 0,
  exact: 1,
  ignoreCase: 2,
} as const;

export const textForm = {
  unspecified: 0,
  text: 1,
  integer: 2,
  decimal: 3,
  boolean: 4,
  date: 5,
  dateTime: 6,
  time: 7,
  descriptor: 8,
} as const;

export const constraintMeaningKind = {
  unspecified: 0,
  identity: 1,
  element: 2,
  reference: 3,
  descriptor: 4,
} as const;

/** The fields of each message, with label, type and number. */
export const packMessages = {
  MappingPackEnvelope: {
    effectiveSchemaHash: 'string 1', dialect: 'int32 2', relationalMappingVersion: 'string 3',
    packFormatVersion: 'uint32 4', compressionAlgorithm: 'int32 5', zstdUncompressedPayloadLength: 'uint64 6',
    payloadSha256: 'bytes 7', producer: 'string 8', producerVersion: 'string 9', producedAtUnixMsUtc: 'uint64 10',
    payloadZstd: 'bytes 11', generation: 'string 12', description: 'PackedDescription 1000',
  },
  PackedDescription: { descriptionZstd: 'bytes 1', zstdUncompressedDescriptionLength: 'uint64 2', descriptionSha256: 'bytes 3' },
  MappingSetDescription: {
    referentialIdNamespace: 'string 1', descriptorPath: 'string 2', rules: 'DocumentRules 3',
    coreStatements: 'repeated CoreStatement 4', pageTemplate: 'PageTemplate 5',
    abstractResources: 'repeated AbstractResourceDescription 6', resources: 'repeated ResourceDescription 7',
    naturalKeyRules: 'NaturalKeyRules 8',
  },
  NaturalKeyRules: { textEquality: 'int32 1', collation: 'string 2', fold: 'string 3' },
  NaturalKeyStatements: { target: 'TargetProbeStatement 1', own: 'OwnProbeStatements 2' },
  TargetProbeStatement: { findSql: 'string 1' },
  OwnProbeStatements: { findSql: 'string 1', lockSql: 'string 2', captureSql: 'string 3', captureParameters: 'repeated CaptureParameter 4' },
  CaptureParameter: { name: 'string 1', paths: 'repeated string 2', binding: 'ProbeBinding 3' },
  DocumentRules: {
    emptyExtensionsHaveRows: 'bool 1', keepsSecondFractions: 'bool 2', absentValuesAreEqual: 'bool 3',
    endsOfTime: 'repeated EndOfTime 4',
  },
  EndOfTime: { kind: 'int32 1', text: 'string 2', stored: 'string 3' },
  CoreStatement: { name: 'string 1', sql: 'string 2', parameters: 'repeated string 3', columns: 'repeated string 4' },
  PageTemplate: {
    selectIds: 'string 1', selectCount: 'string 2', where: 'string 3', and: 'string 4', end: 'string 5',
    after: 'string 6', orderAndPage: 'string 7',
  },
  IdentityPart: { path: 'string 1', form: 'int32 2' },
  IdentityDescription: { resource: 'QualifiedResourceName 1', parts: 'repeated IdentityPart 2' },
  ReferencePart: { path: 'string 1', form: 'int32 2', referencePath: 'string 3' },
  ReferenceDescription: {
    path: 'string 1', targetResource: 'QualifiedResourceName 2', table: 'DbTableName 3', column: 'string 4',
    identity: 'repeated ReferencePart 5',
  },
  ConstraintMeaning: { name: 'string 1', meaning: 'int32 2', paths: 'repeated string 3' },
  TableDescription: {
    jsonScope: 'string 1', tableKind: 'int32 2', rowIdentity: 'repeated string 3', parentLocator: 'repeated string 4',
    parentTable: 'DbTableName 5', constraints: 'repeated ConstraintMeaning 6',
  },
  PageField: { field: 'string 1', path: 'string 2', column: 'string 3', parameterName: 'string 4', predicate: 'string 5' },
  PageSource: { from: 'string 1', fields: 'repeated PageField 2' },
  EqualPaths: { a: 'string 1', b: 'string 2' },
  ResourceDescription: {
    resourceKeyId: 'uint32 1', endpointName: 'string 2', identities: 'repeated IdentityDescription 3',
    references: 'repeated ReferenceDescription 4', tables: 'repeated TableDescription 5',
    insertionOrder: 'repeated uint32 6', deleteRootSql: 'string 7', page: 'PageSource 8',
    equalPaths: 'repeated EqualPaths 9', distinctReferences: 'repeated string 10',
    naturalKey: 'NaturalKeyStatements 11',
  },
  AbstractResourceDescription: {
    resource: 'QualifiedResourceName 1', resourceKeyId: 'uint32 2', parts: 'repeated IdentityPart 3',
    constraints: 'repeated ConstraintMeaning 4', naturalKey: 'NaturalKeyStatements 5',
  },
  MappingPackPayload: {
    apiSchemaFormatVersion: 'string 1', schemaComponents: 'repeated SchemaComponent 2', resourceKeyCount: 'uint32 10',
    resourceKeySeedHash: 'bytes 11', resourceKeys: 'repeated ResourceKeyEntry 12',
    resources: 'repeated ResourcePack 20', descriptorProbeTarget: 'DescriptorProbeTarget 30',
  },
  SchemaComponent: { projectEndpointName: 'string 1', projectName: 'string 2', projectVersion: 'string 3', isExtensionProject: 'bool 4' },
  ResourceKeyEntry: {
    resourceKeyId: 'uint32 1', projectName: 'string 2', resourceName: 'string 3', resourceVersion: 'string 4',
    isAbstractResource: 'bool 5',
  },
  ResourcePack: {
    projectName: 'string 1', resourceName: 'string 2', isAbstractResource: 'bool 3', storageKind: 'int32 4',
    relationalModel: 'RelationalResourceModel 20', writePlan: 'ResourceWritePlan 21', readPlan: 'ResourceReadPlan 22',
    queryCapability: 'QueryCapability 23', descriptorQueryCapability: 'DescriptorQueryCapability 24',
    naturalKeyProbeTarget: 'NaturalKeyProbeTarget 30', ownNaturalKeyProbe: 'OwnNaturalKeyProbe 31',
  },
  DescriptorProbeTarget: {
    table: 'DbTableName 1', uriColumn: 'DbColumnName 2', uriLoweredColumn: 'DbColumnName 3',
    resourceKeyIdColumn: 'DbColumnName 4', documentIdColumn: 'DbColumnName 5',
  },
  NaturalKeyProbeTarget: {
    resource: 'QualifiedResourceName 1', kind: 'int32 2', table: 'DbTableName 3',
    keyColumns: 'repeated ProbeKeyColumn 4', documentIdColumn: 'DbColumnName 5', resourceKeyIdColumn: 'DbColumnName 6',
  },
  OwnNaturalKeyProbe: {
    resource: 'QualifiedResourceName 1', rootTable: 'DbTableName 2', keyColumns: 'repeated ProbeKeyColumn 3',
    documentIdColumn: 'DbColumnName 4',
  },
  ProbeKeyColumn: { column: 'DbColumnName 1', identityJsonPaths: 'repeated string 2', binding: 'ProbeBinding 3' },
  ProbeBinding: {
    scalar: 'choice RelationalScalarType 1', descriptor: 'choice QualifiedResourceName 2',
    documentReference: 'choice WriteDocumentReference 3',
  },
  QualifiedResourceName: { projectName: 'string 1', resourceName: 'string 2' },
  DbTableName: { schema: 'string 1', name: 'string 2' },
  DbColumnName: { value: 'string 1' },
  RelationalResourceModel: {
    resource: 'QualifiedResourceName 1', physicalSchema: 'string 2', root: 'DbTableModel 10',
    tablesInDependencyOrder: 'repeated DbTableModel 13',
    documentReferenceBindings: 'repeated DocumentReferenceBinding 20',
    descriptorEdgeSources: 'repeated DescriptorEdgeSource 21',
  },
  DbTableModel: {
    table: 'DbTableName 1', jsonScope: 'string 2', isJsonArrayScopeRequired: 'bool 3', key: 'TableKey 10',
    columns: 'repeated DbColumnModel 11', constraints: 'repeated TableConstraint 12',
    keyUnificationClasses: 'repeated KeyUnificationClass 20', identity: 'TableIdentity 30',
  },
  TableIdentity: {
    tableKind: 'int32 1', rowIdentity: 'repeated DbColumnName 2', rootLocator: 'repeated DbColumnName 3',
    parentLocator: 'repeated DbColumnName 4', semanticIdentity: 'repeated SemanticIdentityBinding 5',
    semanticIdentitySource: 'int32 6',
  },
  SemanticIdentityBinding: { relativePath: 'string 1', column: 'DbColumnName 2' },
  TableKey: { columns: 'repeated DbKeyColumn 1', constraintName: 'string 2' },
  DbKeyColumn: { columnName: 'DbColumnName 1', kind: 'int32 2' },
  RelationalScalarType: { kind: 'int32 1', stringMaxLength: 'uint32 10', decimalPrecision: 'uint32 11', decimalScale: 'uint32 12' },
  DbColumnModel: {
    columnName: 'DbColumnName 1', kind: 'int32 2', isNullable: 'bool 3', scalarType: 'RelationalScalarType 10',
    sourceJsonPath: 'string 11', targetResource: 'QualifiedResourceName 12', storage: 'ColumnStorage 20',
    identityText: 'bool 30',
  },
  ColumnStorage: { stored: 'choice StoredStorage 1', unifiedAlias: 'choice UnifiedAliasStorage 2' },
  StoredStorage: {},
  UnifiedAliasStorage: { canonicalColumn: 'DbColumnName 1', presenceColumn: 'DbColumnName 2' },
  KeyUnificationClass: { canonicalColumn: 'DbColumnName 1', memberPathColumns: 'repeated DbColumnName 2' },
  TableConstraint: {
    name: 'string 1', unique: 'choice UniqueConstraint 10', foreignKey: 'choice ForeignKeyConstraint 11',
    allOrNoneNullability: 'choice AllOrNoneNullabilityConstraint 12', nullOrTrue: 'choice NullOrTrueConstraint 13',
  },
  UniqueConstraint: { columns: 'repeated DbColumnName 1' },
  ForeignKeyConstraint: {
    columns: 'repeated DbColumnName 1', targetTable: 'DbTableName 2', targetColumns: 'repeated DbColumnName 3',
    onDelete: 'int32 4', onUpdate: 'int32 5',
  },
  AllOrNoneNullabilityConstraint: { fkColumn: 'DbColumnName 1', dependentColumns: 'repeated DbColumnName 2' },
  NullOrTrueConstraint: { column: 'DbColumnName 1' },
  DocumentReferenceBinding: {
    isIdentityComponent: 'bool 1', referenceObjectPath: 'string 2', table: 'DbTableName 3', fkColumn: 'DbColumnName 4',
    targetResource: 'QualifiedResourceName 5', identityBindings: 'repeated ReferenceIdentityBinding 6',
    isRequired: 'bool 10', isRoleNamed: 'bool 11',
  },
  ReferenceIdentityBinding: { referenceJsonPath: 'string 1', column: 'DbColumnName 2' },
  DescriptorEdgeSource: {
    isIdentityComponent: 'bool 1', descriptorValuePath: 'string 2', table: 'DbTableName 3', fkColumn: 'DbColumnName 4',
    descriptorResource: 'QualifiedResourceName 5', isRequired: 'bool 10', isRoleNamed: 'bool 11',
  },
  ResourceWritePlan: { tablePlans: 'repeated TableWritePlan 1' },
  TableWritePlan: {
    table: 'DbTableName 1', insertSql: 'string 10', updateSql: 'string 11', deleteByParentSql: 'string 12',
    bulkInsertBatching: 'BulkInsertBatchingInfo 13', collectionMergePlan: 'CollectionMergePlan 14',
    columnBindings: 'repeated WriteColumnBinding 20',
    collectionKeyPreallocationPlan: 'CollectionKeyPreallocationPlan 21',
    keyUnificationPlans: 'repeated KeyUnificationWritePlan 30',
  },
  CollectionMergePlan: {
    semanticIdentityBindings: 'repeated CollectionMergeSemanticIdentityBinding 2',
    stableRowIdentityBindingIndex: 'uint32 12', updateByStableRowIdentitySql: 'string 13',
    deleteByStableRowIdentitySql: 'string 14', ordinalBindingIndex: 'uint32 15',
    compareBindingIndexesInOrder: 'repeated uint32 16',
  },
  CollectionMergeSemanticIdentityBinding: { relativePath: 'string 1', bindingIndex: 'uint32 2' },
  CollectionKeyPreallocationPlan: { columnName: 'DbColumnName 1', bindingIndex: 'uint32 2' },
  BulkInsertBatchingInfo: { maxRowsPerBatch: 'uint32 1', parametersPerRow: 'uint32 2', maxParametersPerCommand: 'uint32 3' },
  WriteColumnBinding: { column: 'DbColumnName 1', source: 'WriteValueSource 2', parameterName: 'string 3' },
  WriteValueSource: {
    documentId: 'choice WriteDocumentId 1', parentKeyPart: 'choice WriteParentKeyPart 2',
    ordinal: 'choice WriteOrdinal 3', scalar: 'choice WriteScalar 4',
    documentReference: 'choice WriteDocumentReference 5', descriptorReference: 'choice WriteDescriptorReference 6',
    precomputed: 'choice WritePrecomputed 7', referenceDerived: 'choice ReferenceSource 8',
  },
  WriteDocumentId: {},
  WriteParentKeyPart: { index: 'uint32 1' },
  WriteOrdinal: {},
  WriteScalar: { relativePath: 'string 1', scalarType: 'RelationalScalarType 2' },
  WriteDocumentReference: { bindingIndex: 'uint32 1' },
  WriteDescriptorReference: { descriptorValuePath: 'string 1', relativePath: 'string 2', descriptorResource: 'QualifiedResourceName 3' },
  WritePrecomputed: {},
  ReferenceSource: {
    bindingIndex: 'uint32 1', referenceObjectPath: 'string 2', identityJsonPath: 'string 3',
    referenceJsonPath: 'string 4',
  },
  KeyUnificationWritePlan: {
    canonicalColumn: 'DbColumnName 1', canonicalBindingIndex: 'uint32 2',
    membersInOrder: 'repeated KeyUnificationMemberWritePlan 3',
  },
  KeyUnificationMemberWritePlan: {
    memberPathColumn: 'DbColumnName 1', relativePath: 'string 2', kind: 'int32 3', scalarType: 'RelationalScalarType 4',
    descriptorResource: 'QualifiedResourceName 5', presenceColumn: 'DbColumnName 6',
    presenceBindingIndex: 'optional uint32 7', presenceIsSynthetic: 'bool 8', referenceSource: 'ReferenceSource 9',
  },
  ResourceReadPlan: {
    tablePlans: 'repeated TableReadPlan 1',
    referenceIdentityProjectionTablePlans: 'repeated ReferenceIdentityProjectionTablePlan 2',
    descriptorProjectionPlans: 'repeated DescriptorProjectionPlan 3',
    documentReferenceLookup: 'DocumentReferenceLookupPlan 4',
  },
  TableReadPlan: { table: 'DbTableName 1', selectByKeysetSql: 'string 10', selectBySingleDocumentSql: 'string 11' },
  ReferenceIdentityProjectionTablePlan: { table: 'DbTableName 1', bindingsInOrder: 'repeated ReferenceIdentityProjectionBinding 2' },
  ReferenceIdentityProjectionBinding: {
    isIdentityComponent: 'bool 1', referenceObjectPath: 'string 2', targetResource: 'QualifiedResourceName 3',
    fkColumnOrdinal: 'uint32 4', identityFieldOrdinalsInOrder: 'repeated ReferenceIdentityProjectionFieldOrdinal 5',
  },
  ReferenceIdentityProjectionFieldOrdinal: { referenceJsonPath: 'string 1', columnOrdinal: 'uint32 2', scalarType: 'RelationalScalarType 3' },
  DescriptorProjectionPlan: {
    selectByKeysetSql: 'string 1', resultShape: 'DescriptorProjectionResultShape 2',
    sourcesInOrder: 'repeated DescriptorProjectionSource 3', selectBySingleDocumentSql: 'string 4',
  },
  DescriptorProjectionResultShape: { descriptorIdOrdinal: 'uint32 1', uriOrdinal: 'uint32 2' },
  DescriptorProjectionSource: {
    descriptorValuePath: 'string 1', table: 'DbTableName 2', descriptorResource: 'QualifiedResourceName 3',
    descriptorIdColumnOrdinal: 'uint32 4',
  },
  DocumentReferenceLookupPlan: {
    selectByKeysetSql: 'string 1', selectBySingleDocumentSql: 'string 2',
    resultShape: 'DocumentReferenceLookupResultShape 3', sourcesInOrder: 'repeated DocumentReferenceLookupSource 4',
  },
  DocumentReferenceLookupResultShape: { documentIdOrdinal: 'uint32 1', documentUuidOrdinal: 'uint32 2', resourceKeyIdOrdinal: 'uint32 3' },
  DocumentReferenceLookupSource: { table: 'DbTableName 1', fkColumn: 'DbColumnName 2' },
  QueryCapability: {
    support: 'QuerySupport 1', supportedFields: 'repeated SupportedQueryField 2',
    unsupportedFields: 'repeated UnsupportedQueryField 3',
  },
  QuerySupport: { omissionKind: 'int32 1', reason: 'string 2' },
  QueryFieldPath: { path: 'string 1', type: 'string 2' },
  SupportedQueryField: { field: 'string 1', path: 'QueryFieldPath 2', target: 'QueryFieldTarget 3' },
  UnsupportedQueryField: { field: 'string 1', failure: 'int32 2', paths: 'repeated QueryFieldPath 3' },
  QueryFieldTarget: {
    rootColumn: 'choice DbColumnName 1', documentUuid: 'choice QueryDocumentUuid 2',
    descriptorIdColumn: 'choice QueryDescriptorColumn 3',
  },
  QueryDocumentUuid: {},
  QueryDescriptorColumn: { column: 'DbColumnName 1', descriptorResource: 'QualifiedResourceName 2' },
  DescriptorQueryCapability: { support: 'QuerySupport 1', supportedFields: 'repeated SupportedDescriptorField 2' },
  SupportedDescriptorField: { field: 'string 1', target: 'int32 2', column: 'DbColumnName 3' },
} as const;
