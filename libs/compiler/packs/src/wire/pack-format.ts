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

/** The schema as protobufjs reads it, without the name of its package, which no byte depends on. */
export const packSchema = {
 "nested": {
  "SqlDialect": { "values": { "SQL_DIALECT_UNSPECIFIED": 0, "SQL_DIALECT_PGSQL": 1, "SQL_DIALECT_MSSQL": 2 } },
  "CompressionAlgorithm": { "values": { "COMPRESSION_ALGORITHM_UNSPECIFIED": 0, "COMPRESSION_ALGORITHM_ZSTD": 1 } },
  "ResourceStorageKind": {
   "values": { "RESOURCE_STORAGE_KIND_UNSPECIFIED": 0, "RESOURCE_STORAGE_KIND_RELATIONAL_TABLES": 1, "RESOURCE_STORAGE_KIND_SHARED_DESCRIPTOR_TABLE": 2 }
  },
  "ColumnKind": {
   "values": {
    "COLUMN_KIND_UNSPECIFIED": 0,
    "COLUMN_KIND_SCALAR": 1,
    "COLUMN_KIND_DOCUMENT_FK": 2,
    "COLUMN_KIND_DESCRIPTOR_FK": 3,
    "COLUMN_KIND_ORDINAL": 4,
    "COLUMN_KIND_PARENT_KEY_PART": 5,
    "COLUMN_KIND_COLLECTION_KEY": 6,
    "COLUMN_KIND_MIRRORED_CONTENT_VERSION": 7,
    "COLUMN_KIND_MIRRORED_CONTENT_LAST_MODIFIED_AT": 8,
    "COLUMN_KIND_RESOURCE_KEY_ID": 9
   }
  },
  "ScalarKind": {
   "values": {
    "SCALAR_KIND_UNSPECIFIED": 0,
    "SCALAR_KIND_BOOL": 1,
    "SCALAR_KIND_INT32": 2,
    "SCALAR_KIND_INT64": 3,
    "SCALAR_KIND_STRING": 4,
    "SCALAR_KIND_DATE": 5,
    "SCALAR_KIND_DATETIME": 6,
    "SCALAR_KIND_DECIMAL": 7,
    "SCALAR_KIND_GUID": 8,
    "SCALAR_KIND_TIME": 9
   }
  },
  "ReferentialAction": { "values": { "REFERENTIAL_ACTION_NO_ACTION": 0, "REFERENTIAL_ACTION_CASCADE": 1 } },
  "TableKind": {
   "values": {
    "TABLE_KIND_UNSPECIFIED": 0,
    "TABLE_KIND_ROOT": 1,
    "TABLE_KIND_COLLECTION": 2,
    "TABLE_KIND_ROOT_EXTENSION": 3,
    "TABLE_KIND_COLLECTION_EXTENSION_SCOPE": 4,
    "TABLE_KIND_EXTENSION_COLLECTION": 5
   }
  },
  "SemanticIdentitySource": {
   "values": {
    "SEMANTIC_IDENTITY_SOURCE_UNSPECIFIED": 0,
    "SEMANTIC_IDENTITY_SOURCE_ARRAY_UNIQUENESS_CONSTRAINT": 1,
    "SEMANTIC_IDENTITY_SOURCE_REFERENCE_FALLBACK": 2
   }
  },
  "QueryOmissionKind": {
   "values": {
    "QUERY_OMISSION_KIND_UNSPECIFIED": 0,
    "QUERY_OMISSION_KIND_UNSUPPORTED_QUERY_FIELDS": 1,
    "QUERY_OMISSION_KIND_DESCRIPTOR_RESOURCE": 2,
    "QUERY_OMISSION_KIND_API_SCHEMA_MISMATCH": 3
   }
  },
  "QueryFieldFailure": {
   "values": {
    "QUERY_FIELD_FAILURE_UNSPECIFIED": 0,
    "QUERY_FIELD_FAILURE_MULTI_PATH": 1,
    "QUERY_FIELD_FAILURE_ARRAY_CROSSING": 2,
    "QUERY_FIELD_FAILURE_NON_ROOT_TABLE": 3,
    "QUERY_FIELD_FAILURE_UNMAPPED_PATH": 4,
    "QUERY_FIELD_FAILURE_AMBIGUOUS_ROOT_TARGET": 5
   }
  },
  "DescriptorQueryTarget": {
   "values": {
    "DESCRIPTOR_QUERY_TARGET_UNSPECIFIED": 0,
    "DESCRIPTOR_QUERY_TARGET_DOCUMENT_UUID": 1,
    "DESCRIPTOR_QUERY_TARGET_NAMESPACE": 2,
    "DESCRIPTOR_QUERY_TARGET_CODE_VALUE": 3,
    "DESCRIPTOR_QUERY_TARGET_SHORT_DESCRIPTION": 4,
    "DESCRIPTOR_QUERY_TARGET_DESCRIPTION": 5,
    "DESCRIPTOR_QUERY_TARGET_EFFECTIVE_BEGIN_DATE": 6,
    "DESCRIPTOR_QUERY_TARGET_EFFECTIVE_END_DATE": 7
   }
  },
  "ProbeTargetKind": { "values": { "PROBE_TARGET_KIND_UNSPECIFIED": 0, "PROBE_TARGET_KIND_CONCRETE": 1, "PROBE_TARGET_KIND_ABSTRACT": 2 } },
  "TextEquality": { "values": { "TEXT_EQUALITY_UNSPECIFIED": 0, "TEXT_EQUALITY_EXACT": 1, "TEXT_EQUALITY_IGNORE_CASE": 2 } },
  "MappingPackEnvelope": {
   "fields": {
    "effectiveSchemaHash": { "type": "string", "id": 1, "protoName": "effective_schema_hash" },
    "dialect": { "type": "SqlDialect", "id": 2 },
    "relationalMappingVersion": { "type": "string", "id": 3, "protoName": "relational_mapping_version" },
    "packFormatVersion": { "type": "uint32", "id": 4, "protoName": "pack_format_version" },
    "compressionAlgorithm": { "type": "CompressionAlgorithm", "id": 5, "protoName": "compression_algorithm" },
    "zstdUncompressedPayloadLength": { "type": "uint64", "id": 6, "protoName": "zstd_uncompressed_payload_length" },
    "payloadSha256": { "type": "bytes", "id": 7, "protoName": "payload_sha256" },
    "producer": { "type": "string", "id": 8 },
    "producerVersion": { "type": "string", "id": 9, "protoName": "producer_version" },
    "producedAtUnixMsUtc": { "type": "uint64", "id": 10, "protoName": "produced_at_unix_ms_utc" },
    "payloadZstd": { "type": "bytes", "id": 11, "protoName": "payload_zstd" },
    "generation": { "type": "string", "id": 12 },
    "description": { "type": "PackedDescription", "id": 1000 }
   }
  },
  "PackedDescription": {
   "fields": {
    "descriptionZstd": { "type": "bytes", "id": 1, "protoName": "description_zstd" },
    "zstdUncompressedDescriptionLength": { "type": "uint64", "id": 2, "protoName": "zstd_uncompressed_description_length" },
    "descriptionSha256": { "type": "bytes", "id": 3, "protoName": "description_sha256" }
   }
  },
  "MappingSetDescription": {
   "fields": {
    "referentialIdNamespace": { "type": "string", "id": 1, "protoName": "referential_id_namespace" },
    "descriptorPath": { "type": "string", "id": 2, "protoName": "descriptor_path" },
    "rules": { "type": "DocumentRules", "id": 3 },
    "coreStatements": { "rule": "repeated", "type": "CoreStatement", "id": 4, "protoName": "core_statements" },
    "pageTemplate": { "type": "PageTemplate", "id": 5, "protoName": "page_template" },
    "abstractResources": { "rule": "repeated", "type": "AbstractResourceDescription", "id": 6, "protoName": "abstract_resources" },
    "resources": { "rule": "repeated", "type": "ResourceDescription", "id": 7 },
    "naturalKeyRules": { "type": "NaturalKeyRules", "id": 8, "protoName": "natural_key_rules" }
   }
  },
  "NaturalKeyRules": {
   "fields": {
    "textEquality": { "type": "TextEquality", "id": 1, "protoName": "text_equality" },
    "collation": { "type": "string", "id": 2 },
    "fold": { "type": "string", "id": 3 }
   }
  },
  "NaturalKeyStatements": { "fields": { "target": { "type": "TargetProbeStatement", "id": 1 }, "own": { "type": "OwnProbeStatements", "id": 2 } } },
  "TargetProbeStatement": { "fields": { "findSql": { "type": "string", "id": 1, "protoName": "find_sql" } } },
  "OwnProbeStatements": {
   "fields": {
    "findSql": { "type": "string", "id": 1, "protoName": "find_sql" },
    "lockSql": { "type": "string", "id": 2, "protoName": "lock_sql" },
    "captureSql": { "type": "string", "id": 3, "protoName": "capture_sql" },
    "captureParameters": { "rule": "repeated", "type": "CaptureParameter", "id": 4, "protoName": "capture_parameters" }
   }
  },
  "CaptureParameter": {
   "fields": {
    "name": { "type": "string", "id": 1 },
    "paths": { "rule": "repeated", "type": "string", "id": 2 },
    "binding": { "type": "ProbeBinding", "id": 3 }
   }
  },
  "TextForm": {
   "values": {
    "TEXT_FORM_UNSPECIFIED": 0,
    "TEXT_FORM_TEXT": 1,
    "TEXT_FORM_INTEGER": 2,
    "TEXT_FORM_DECIMAL": 3,
    "TEXT_FORM_BOOLEAN": 4,
    "TEXT_FORM_DATE": 5,
    "TEXT_FORM_DATE_TIME": 6,
    "TEXT_FORM_TIME": 7,
    "TEXT_FORM_DESCRIPTOR": 8
   }
  },
  "ConstraintMeaningKind": {
   "values": {
    "CONSTRAINT_MEANING_KIND_UNSPECIFIED": 0,
    "CONSTRAINT_MEANING_KIND_IDENTITY": 1,
    "CONSTRAINT_MEANING_KIND_ELEMENT": 2,
    "CONSTRAINT_MEANING_KIND_REFERENCE": 3,
    "CONSTRAINT_MEANING_KIND_DESCRIPTOR": 4
   }
  },
  "DocumentRules": {
   "fields": {
    "emptyExtensionsHaveRows": { "type": "bool", "id": 1, "protoName": "empty_extensions_have_rows" },
    "keepsSecondFractions": { "type": "bool", "id": 2, "protoName": "keeps_second_fractions" },
    "absentValuesAreEqual": { "type": "bool", "id": 3, "protoName": "absent_values_are_equal" },
    "endsOfTime": { "rule": "repeated", "type": "EndOfTime", "id": 4, "protoName": "ends_of_time" }
   }
  },
  "EndOfTime": { "fields": { "kind": { "type": "ScalarKind", "id": 1 }, "text": { "type": "string", "id": 2 }, "stored": { "type": "string", "id": 3 } } },
  "CoreStatement": {
   "fields": {
    "name": { "type": "string", "id": 1 },
    "sql": { "type": "string", "id": 2 },
    "parameters": { "rule": "repeated", "type": "string", "id": 3 },
    "columns": { "rule": "repeated", "type": "string", "id": 4 }
   }
  },
  "PageTemplate": {
   "fields": {
    "selectIds": { "type": "string", "id": 1, "protoName": "select_ids" },
    "selectCount": { "type": "string", "id": 2, "protoName": "select_count" },
    "where": { "type": "string", "id": 3 },
    "and": { "type": "string", "id": 4 },
    "end": { "type": "string", "id": 5 },
    "after": { "type": "string", "id": 6 },
    "orderAndPage": { "type": "string", "id": 7, "protoName": "order_and_page" }
   }
  },
  "IdentityPart": { "fields": { "path": { "type": "string", "id": 1 }, "form": { "type": "TextForm", "id": 2 } } },
  "IdentityDescription": {
   "fields": { "resource": { "type": "QualifiedResourceName", "id": 1 }, "parts": { "rule": "repeated", "type": "IdentityPart", "id": 2 } }
  },
  "ReferencePart": {
   "fields": {
    "path": { "type": "string", "id": 1 },
    "form": { "type": "TextForm", "id": 2 },
    "referencePath": { "type": "string", "id": 3, "protoName": "reference_path" }
   }
  },
  "ReferenceDescription": {
   "fields": {
    "path": { "type": "string", "id": 1 },
    "targetResource": { "type": "QualifiedResourceName", "id": 2, "protoName": "target_resource" },
    "table": { "type": "DbTableName", "id": 3 },
    "column": { "type": "string", "id": 4 },
    "identity": { "rule": "repeated", "type": "ReferencePart", "id": 5 }
   }
  },
  "ConstraintMeaning": {
   "fields": {
    "name": { "type": "string", "id": 1 },
    "meaning": { "type": "ConstraintMeaningKind", "id": 2 },
    "paths": { "rule": "repeated", "type": "string", "id": 3 }
   }
  },
  "TableDescription": {
   "fields": {
    "jsonScope": { "type": "string", "id": 1, "protoName": "json_scope" },
    "tableKind": { "type": "TableKind", "id": 2, "protoName": "table_kind" },
    "rowIdentity": { "rule": "repeated", "type": "string", "id": 3, "protoName": "row_identity" },
    "parentLocator": { "rule": "repeated", "type": "string", "id": 4, "protoName": "parent_locator" },
    "parentTable": { "type": "DbTableName", "id": 5, "protoName": "parent_table" },
    "constraints": { "rule": "repeated", "type": "ConstraintMeaning", "id": 6 }
   }
  },
  "PageField": {
   "fields": {
    "field": { "type": "string", "id": 1 },
    "path": { "type": "string", "id": 2 },
    "column": { "type": "string", "id": 3 },
    "parameterName": { "type": "string", "id": 4, "protoName": "parameter_name" },
    "predicate": { "type": "string", "id": 5 }
   }
  },
  "PageSource": { "fields": { "from": { "type": "string", "id": 1 }, "fields": { "rule": "repeated", "type": "PageField", "id": 2 } } },
  "EqualPaths": { "fields": { "a": { "type": "string", "id": 1 }, "b": { "type": "string", "id": 2 } } },
  "ResourceDescription": {
   "fields": {
    "resourceKeyId": { "type": "uint32", "id": 1, "protoName": "resource_key_id" },
    "endpointName": { "type": "string", "id": 2, "protoName": "endpoint_name" },
    "identities": { "rule": "repeated", "type": "IdentityDescription", "id": 3 },
    "references": { "rule": "repeated", "type": "ReferenceDescription", "id": 4 },
    "tables": { "rule": "repeated", "type": "TableDescription", "id": 5 },
    "insertionOrder": { "rule": "repeated", "type": "uint32", "id": 6, "protoName": "insertion_order" },
    "deleteRootSql": { "type": "string", "id": 7, "protoName": "delete_root_sql" },
    "page": { "type": "PageSource", "id": 8 },
    "equalPaths": { "rule": "repeated", "type": "EqualPaths", "id": 9, "protoName": "equal_paths" },
    "distinctReferences": { "rule": "repeated", "type": "string", "id": 10, "protoName": "distinct_references" },
    "naturalKey": { "type": "NaturalKeyStatements", "id": 11, "protoName": "natural_key" }
   }
  },
  "AbstractResourceDescription": {
   "fields": {
    "resource": { "type": "QualifiedResourceName", "id": 1 },
    "resourceKeyId": { "type": "uint32", "id": 2, "protoName": "resource_key_id" },
    "parts": { "rule": "repeated", "type": "IdentityPart", "id": 3 },
    "constraints": { "rule": "repeated", "type": "ConstraintMeaning", "id": 4 },
    "naturalKey": { "type": "NaturalKeyStatements", "id": 5, "protoName": "natural_key" }
   }
  },
  "MappingPackPayload": {
   "fields": {
    "apiSchemaFormatVersion": { "type": "string", "id": 1, "protoName": "api_schema_format_version" },
    "schemaComponents": { "rule": "repeated", "type": "SchemaComponent", "id": 2, "protoName": "schema_components" },
    "resourceKeyCount": { "type": "uint32", "id": 10, "protoName": "resource_key_count" },
    "resourceKeySeedHash": { "type": "bytes", "id": 11, "protoName": "resource_key_seed_hash" },
    "resourceKeys": { "rule": "repeated", "type": "ResourceKeyEntry", "id": 12, "protoName": "resource_keys" },
    "resources": { "rule": "repeated", "type": "ResourcePack", "id": 20 },
    "descriptorProbeTarget": { "type": "DescriptorProbeTarget", "id": 30, "protoName": "descriptor_probe_target" }
   }
  },
  "SchemaComponent": {
   "fields": {
    "projectEndpointName": { "type": "string", "id": 1, "protoName": "project_endpoint_name" },
    "projectName": { "type": "string", "id": 2, "protoName": "project_name" },
    "projectVersion": { "type": "string", "id": 3, "protoName": "project_version" },
    "isExtensionProject": { "type": "bool", "id": 4, "protoName": "is_extension_project" }
   }
  },
  "ResourceKeyEntry": {
   "fields": {
    "resourceKeyId": { "type": "uint32", "id": 1, "protoName": "resource_key_id" },
    "projectName": { "type": "string", "id": 2, "protoName": "project_name" },
    "resourceName": { "type": "string", "id": 3, "protoName": "resource_name" },
    "resourceVersion": { "type": "string", "id": 4, "protoName": "resource_version" },
    "isAbstractResource": { "type": "bool", "id": 5, "protoName": "is_abstract_resource" }
   }
  },
  "ResourcePack": {
   "fields": {
    "projectName": { "type": "string", "id": 1, "protoName": "project_name" },
    "resourceName": { "type": "string", "id": 2, "protoName": "resource_name" },
    "isAbstractResource": { "type": "bool", "id": 3, "protoName": "is_abstract_resource" },
    "storageKind": { "type": "ResourceStorageKind", "id": 4, "protoName": "storage_kind" },
    "relationalModel": { "type": "RelationalResourceModel", "id": 20, "protoName": "relational_model" },
    "writePlan": { "type": "ResourceWritePlan", "id": 21, "protoName": "write_plan" },
    "readPlan": { "type": "ResourceReadPlan", "id": 22, "protoName": "read_plan" },
    "queryCapability": { "type": "QueryCapability", "id": 23, "protoName": "query_capability" },
    "descriptorQueryCapability": { "type": "DescriptorQueryCapability", "id": 24, "protoName": "descriptor_query_capability" },
    "naturalKeyProbeTarget": { "type": "NaturalKeyProbeTarget", "id": 30, "protoName": "natural_key_probe_target" },
    "ownNaturalKeyProbe": { "type": "OwnNaturalKeyProbe", "id": 31, "protoName": "own_natural_key_probe" }
   },
   "reserved": [ [ 10, 10 ] ]
  },
  "DescriptorProbeTarget": {
   "fields": {
    "table": { "type": "DbTableName", "id": 1 },
    "uriColumn": { "type": "DbColumnName", "id": 2, "protoName": "uri_column" },
    "uriLoweredColumn": { "type": "DbColumnName", "id": 3, "protoName": "uri_lowered_column" },
    "resourceKeyIdColumn": { "type": "DbColumnName", "id": 4, "protoName": "resource_key_id_column" },
    "documentIdColumn": { "type": "DbColumnName", "id": 5, "protoName": "document_id_column" }
   }
  },
  "NaturalKeyProbeTarget": {
   "fields": {
    "resource": { "type": "QualifiedResourceName", "id": 1 },
    "kind": { "type": "ProbeTargetKind", "id": 2 },
    "table": { "type": "DbTableName", "id": 3 },
    "keyColumns": { "rule": "repeated", "type": "ProbeKeyColumn", "id": 4, "protoName": "key_columns" },
    "documentIdColumn": { "type": "DbColumnName", "id": 5, "protoName": "document_id_column" },
    "resourceKeyIdColumn": { "type": "DbColumnName", "id": 6, "protoName": "resource_key_id_column" }
   }
  },
  "OwnNaturalKeyProbe": {
   "fields": {
    "resource": { "type": "QualifiedResourceName", "id": 1 },
    "rootTable": { "type": "DbTableName", "id": 2, "protoName": "root_table" },
    "keyColumns": { "rule": "repeated", "type": "ProbeKeyColumn", "id": 3, "protoName": "key_columns" },
    "documentIdColumn": { "type": "DbColumnName", "id": 4, "protoName": "document_id_column" }
   }
  },
  "ProbeKeyColumn": {
   "fields": {
    "column": { "type": "DbColumnName", "id": 1 },
    "identityJsonPaths": { "rule": "repeated", "type": "string", "id": 2, "protoName": "identity_json_paths" },
    "binding": { "type": "ProbeBinding", "id": 3 }
   }
  },
  "ProbeBinding": {
   "oneofs": { "kind": { "oneof": [ "scalar", "descriptor", "documentReference" ] } },
   "fields": {
    "scalar": { "type": "RelationalScalarType", "id": 1 },
    "descriptor": { "type": "QualifiedResourceName", "id": 2 },
    "documentReference": { "type": "WriteDocumentReference", "id": 3, "protoName": "document_reference" }
   }
  },
  "QualifiedResourceName": {
   "fields": {
    "projectName": { "type": "string", "id": 1, "protoName": "project_name" },
    "resourceName": { "type": "string", "id": 2, "protoName": "resource_name" }
   }
  },
  "DbTableName": { "fields": { "schema": { "type": "string", "id": 1 }, "name": { "type": "string", "id": 2 } } },
  "DbColumnName": { "fields": { "value": { "type": "string", "id": 1 } } },
  "RelationalResourceModel": {
   "fields": {
    "resource": { "type": "QualifiedResourceName", "id": 1 },
    "physicalSchema": { "type": "string", "id": 2, "protoName": "physical_schema" },
    "root": { "type": "DbTableModel", "id": 10 },
    "tablesInDependencyOrder": { "rule": "repeated", "type": "DbTableModel", "id": 13, "protoName": "tables_in_dependency_order" },
    "documentReferenceBindings": { "rule": "repeated", "type": "DocumentReferenceBinding", "id": 20, "protoName": "document_reference_bindings" },
    "descriptorEdgeSources": { "rule": "repeated", "type": "DescriptorEdgeSource", "id": 21, "protoName": "descriptor_edge_sources" }
   },
   "reserved": [ [ 11, 11 ], [ 12, 12 ] ]
  },
  "DbTableModel": {
   "fields": {
    "table": { "type": "DbTableName", "id": 1 },
    "jsonScope": { "type": "string", "id": 2, "protoName": "json_scope" },
    "isJsonArrayScopeRequired": { "type": "bool", "id": 3, "protoName": "is_json_array_scope_required" },
    "key": { "type": "TableKey", "id": 10 },
    "columns": { "rule": "repeated", "type": "DbColumnModel", "id": 11 },
    "constraints": { "rule": "repeated", "type": "TableConstraint", "id": 12 },
    "keyUnificationClasses": { "rule": "repeated", "type": "KeyUnificationClass", "id": 20, "protoName": "key_unification_classes" },
    "identity": { "type": "TableIdentity", "id": 30 }
   }
  },
  "TableIdentity": {
   "fields": {
    "tableKind": { "type": "TableKind", "id": 1, "protoName": "table_kind" },
    "rowIdentity": { "rule": "repeated", "type": "DbColumnName", "id": 2, "protoName": "row_identity" },
    "rootLocator": { "rule": "repeated", "type": "DbColumnName", "id": 3, "protoName": "root_locator" },
    "parentLocator": { "rule": "repeated", "type": "DbColumnName", "id": 4, "protoName": "parent_locator" },
    "semanticIdentity": { "rule": "repeated", "type": "SemanticIdentityBinding", "id": 5, "protoName": "semantic_identity" },
    "semanticIdentitySource": { "type": "SemanticIdentitySource", "id": 6, "protoName": "semantic_identity_source" }
   }
  },
  "SemanticIdentityBinding": {
   "fields": { "relativePath": { "type": "string", "id": 1, "protoName": "relative_path" }, "column": { "type": "DbColumnName", "id": 2 } }
  },
  "TableKey": {
   "fields": {
    "columns": { "rule": "repeated", "type": "DbKeyColumn", "id": 1 },
    "constraintName": { "type": "string", "id": 2, "protoName": "constraint_name" }
   }
  },
  "DbKeyColumn": { "fields": { "columnName": { "type": "DbColumnName", "id": 1, "protoName": "column_name" }, "kind": { "type": "ColumnKind", "id": 2 } } },
  "RelationalScalarType": {
   "fields": {
    "kind": { "type": "ScalarKind", "id": 1 },
    "stringMaxLength": { "type": "uint32", "id": 10, "protoName": "string_max_length" },
    "decimalPrecision": { "type": "uint32", "id": 11, "protoName": "decimal_precision" },
    "decimalScale": { "type": "uint32", "id": 12, "protoName": "decimal_scale" }
   }
  },
  "DbColumnModel": {
   "fields": {
    "columnName": { "type": "DbColumnName", "id": 1, "protoName": "column_name" },
    "kind": { "type": "ColumnKind", "id": 2 },
    "isNullable": { "type": "bool", "id": 3, "protoName": "is_nullable" },
    "scalarType": { "type": "RelationalScalarType", "id": 10, "protoName": "scalar_type" },
    "sourceJsonPath": { "type": "string", "id": 11, "protoName": "source_json_path" },
    "targetResource": { "type": "QualifiedResourceName", "id": 12, "protoName": "target_resource" },
    "storage": { "type": "ColumnStorage", "id": 20 },
    "identityText": { "type": "bool", "id": 30, "protoName": "identity_text" }
   }
  },
  "ColumnStorage": {
   "oneofs": { "kind": { "oneof": [ "stored", "unifiedAlias" ] } },
   "fields": { "stored": { "type": "StoredStorage", "id": 1 }, "unifiedAlias": { "type": "UnifiedAliasStorage", "id": 2, "protoName": "unified_alias" } }
  },
  "StoredStorage": { "fields": {} },
  "UnifiedAliasStorage": {
   "fields": {
    "canonicalColumn": { "type": "DbColumnName", "id": 1, "protoName": "canonical_column" },
    "presenceColumn": { "type": "DbColumnName", "id": 2, "protoName": "presence_column" }
   }
  },
  "KeyUnificationClass": {
   "fields": {
    "canonicalColumn": { "type": "DbColumnName", "id": 1, "protoName": "canonical_column" },
    "memberPathColumns": { "rule": "repeated", "type": "DbColumnName", "id": 2, "protoName": "member_path_columns" }
   }
  },
  "TableConstraint": {
   "oneofs": { "kind": { "oneof": [ "unique", "foreignKey", "allOrNoneNullability", "nullOrTrue" ] } },
   "fields": {
    "name": { "type": "string", "id": 1 },
    "unique": { "type": "UniqueConstraint", "id": 10 },
    "foreignKey": { "type": "ForeignKeyConstraint", "id": 11, "protoName": "foreign_key" },
    "allOrNoneNullability": { "type": "AllOrNoneNullabilityConstraint", "id": 12, "protoName": "all_or_none_nullability" },
    "nullOrTrue": { "type": "NullOrTrueConstraint", "id": 13, "protoName": "null_or_true" }
   }
  },
  "UniqueConstraint": { "fields": { "columns": { "rule": "repeated", "type": "DbColumnName", "id": 1 } } },
  "ForeignKeyConstraint": {
   "fields": {
    "columns": { "rule": "repeated", "type": "DbColumnName", "id": 1 },
    "targetTable": { "type": "DbTableName", "id": 2, "protoName": "target_table" },
    "targetColumns": { "rule": "repeated", "type": "DbColumnName", "id": 3, "protoName": "target_columns" },
    "onDelete": { "type": "ReferentialAction", "id": 4, "protoName": "on_delete" },
    "onUpdate": { "type": "ReferentialAction", "id": 5, "protoName": "on_update" }
   }
  },
  "AllOrNoneNullabilityConstraint": {
   "fields": {
    "fkColumn": { "type": "DbColumnName", "id": 1, "protoName": "fk_column" },
    "dependentColumns": { "rule": "repeated", "type": "DbColumnName", "id": 2, "protoName": "dependent_columns" }
   }
  },
  "NullOrTrueConstraint": { "fields": { "column": { "type": "DbColumnName", "id": 1 } } },
  "DocumentReferenceBinding": {
   "fields": {
    "isIdentityComponent": { "type": "bool", "id": 1, "protoName": "is_identity_component" },
    "referenceObjectPath": { "type": "string", "id": 2, "protoName": "reference_object_path" },
    "table": { "type": "DbTableName", "id": 3 },
    "fkColumn": { "type": "DbColumnName", "id": 4, "protoName": "fk_column" },
    "targetResource": { "type": "QualifiedResourceName", "id": 5, "protoName": "target_resource" },
    "identityBindings": { "rule": "repeated", "type": "ReferenceIdentityBinding", "id": 6, "protoName": "identity_bindings" },
    "isRequired": { "type": "bool", "id": 10, "protoName": "is_required" },
    "isRoleNamed": { "type": "bool", "id": 11, "protoName": "is_role_named" }
   }
  },
  "ReferenceIdentityBinding": {
   "fields": { "referenceJsonPath": { "type": "string", "id": 1, "protoName": "reference_json_path" }, "column": { "type": "DbColumnName", "id": 2 } }
  },
  "DescriptorEdgeSource": {
   "fields": {
    "isIdentityComponent": { "type": "bool", "id": 1, "protoName": "is_identity_component" },
    "descriptorValuePath": { "type": "string", "id": 2, "protoName": "descriptor_value_path" },
    "table": { "type": "DbTableName", "id": 3 },
    "fkColumn": { "type": "DbColumnName", "id": 4, "protoName": "fk_column" },
    "descriptorResource": { "type": "QualifiedResourceName", "id": 5, "protoName": "descriptor_resource" },
    "isRequired": { "type": "bool", "id": 10, "protoName": "is_required" },
    "isRoleNamed": { "type": "bool", "id": 11, "protoName": "is_role_named" }
   }
  },
  "ResourceWritePlan": { "fields": { "tablePlans": { "rule": "repeated", "type": "TableWritePlan", "id": 1, "protoName": "table_plans" } } },
  "TableWritePlan": {
   "fields": {
    "table": { "type": "DbTableName", "id": 1 },
    "insertSql": { "type": "string", "id": 10, "protoName": "insert_sql" },
    "updateSql": { "type": "string", "id": 11, "protoName": "update_sql" },
    "deleteByParentSql": { "type": "string", "id": 12, "protoName": "delete_by_parent_sql" },
    "bulkInsertBatching": { "type": "BulkInsertBatchingInfo", "id": 13, "protoName": "bulk_insert_batching" },
    "collectionMergePlan": { "type": "CollectionMergePlan", "id": 14, "protoName": "collection_merge_plan" },
    "columnBindings": { "rule": "repeated", "type": "WriteColumnBinding", "id": 20, "protoName": "column_bindings" },
    "collectionKeyPreallocationPlan": { "type": "CollectionKeyPreallocationPlan", "id": 21, "protoName": "collection_key_preallocation_plan" },
    "keyUnificationPlans": { "rule": "repeated", "type": "KeyUnificationWritePlan", "id": 30, "protoName": "key_unification_plans" }
   }
  },
  "CollectionMergePlan": {
   "fields": {
    "semanticIdentityBindings": { "rule": "repeated", "type": "CollectionMergeSemanticIdentityBinding", "id": 2, "protoName": "semantic_identity_bindings" },
    "stableRowIdentityBindingIndex": { "type": "uint32", "id": 12, "protoName": "stable_row_identity_binding_index" },
    "updateByStableRowIdentitySql": { "type": "string", "id": 13, "protoName": "update_by_stable_row_identity_sql" },
    "deleteByStableRowIdentitySql": { "type": "string", "id": 14, "protoName": "delete_by_stable_row_identity_sql" },
    "ordinalBindingIndex": { "type": "uint32", "id": 15, "protoName": "ordinal_binding_index" },
    "compareBindingIndexesInOrder": { "rule": "repeated", "type": "uint32", "id": 16, "protoName": "compare_binding_indexes_in_order" }
   }
  },
  "CollectionMergeSemanticIdentityBinding": {
   "fields": {
    "relativePath": { "type": "string", "id": 1, "protoName": "relative_path" },
    "bindingIndex": { "type": "uint32", "id": 2, "protoName": "binding_index" }
   }
  },
  "CollectionKeyPreallocationPlan": {
   "fields": {
    "columnName": { "type": "DbColumnName", "id": 1, "protoName": "column_name" },
    "bindingIndex": { "type": "uint32", "id": 2, "protoName": "binding_index" }
   }
  },
  "BulkInsertBatchingInfo": {
   "fields": {
    "maxRowsPerBatch": { "type": "uint32", "id": 1, "protoName": "max_rows_per_batch" },
    "parametersPerRow": { "type": "uint32", "id": 2, "protoName": "parameters_per_row" },
    "maxParametersPerCommand": { "type": "uint32", "id": 3, "protoName": "max_parameters_per_command" }
   }
  },
  "WriteColumnBinding": {
   "fields": {
    "column": { "type": "DbColumnName", "id": 1 },
    "source": { "type": "WriteValueSource", "id": 2 },
    "parameterName": { "type": "string", "id": 3, "protoName": "parameter_name" }
   }
  },
  "WriteValueSource": {
   "oneofs": {
    "kind": { "oneof": [ "documentId", "parentKeyPart", "ordinal", "scalar", "documentReference", "descriptorReference", "precomputed", "referenceDerived" ] }
   },
   "fields": {
    "documentId": { "type": "WriteDocumentId", "id": 1, "protoName": "document_id" },
    "parentKeyPart": { "type": "WriteParentKeyPart", "id": 2, "protoName": "parent_key_part" },
    "ordinal": { "type": "WriteOrdinal", "id": 3 },
    "scalar": { "type": "WriteScalar", "id": 4 },
    "documentReference": { "type": "WriteDocumentReference", "id": 5, "protoName": "document_reference" },
    "descriptorReference": { "type": "WriteDescriptorReference", "id": 6, "protoName": "descriptor_reference" },
    "precomputed": { "type": "WritePrecomputed", "id": 7 },
    "referenceDerived": { "type": "ReferenceSource", "id": 8, "protoName": "reference_derived" }
   }
  },
  "WriteDocumentId": { "fields": {} },
  "WriteParentKeyPart": { "fields": { "index": { "type": "uint32", "id": 1 } } },
  "WriteOrdinal": { "fields": {} },
  "WriteScalar": {
   "fields": {
    "relativePath": { "type": "string", "id": 1, "protoName": "relative_path" },
    "scalarType": { "type": "RelationalScalarType", "id": 2, "protoName": "scalar_type" }
   }
  },
  "WriteDocumentReference": { "fields": { "bindingIndex": { "type": "uint32", "id": 1, "protoName": "binding_index" } } },
  "WriteDescriptorReference": {
   "fields": {
    "descriptorValuePath": { "type": "string", "id": 1, "protoName": "descriptor_value_path" },
    "relativePath": { "type": "string", "id": 2, "protoName": "relative_path" },
    "descriptorResource": { "type": "QualifiedResourceName", "id": 3, "protoName": "descriptor_resource" }
   }
  },
  "WritePrecomputed": { "fields": {} },
  "ReferenceSource": {
   "fields": {
    "bindingIndex": { "type": "uint32", "id": 1, "protoName": "binding_index" },
    "referenceObjectPath": { "type": "string", "id": 2, "protoName": "reference_object_path" },
    "identityJsonPath": { "type": "string", "id": 3, "protoName": "identity_json_path" },
    "referenceJsonPath": { "type": "string", "id": 4, "protoName": "reference_json_path" }
   }
  },
  "KeyUnificationWritePlan": {
   "fields": {
    "canonicalColumn": { "type": "DbColumnName", "id": 1, "protoName": "canonical_column" },
    "canonicalBindingIndex": { "type": "uint32", "id": 2, "protoName": "canonical_binding_index" },
    "membersInOrder": { "rule": "repeated", "type": "KeyUnificationMemberWritePlan", "id": 3, "protoName": "members_in_order" }
   }
  },
  "KeyUnificationMemberWritePlan": {
   "oneofs": { "_presenceBindingIndex": { "oneof": [ "presenceBindingIndex" ] } },
   "fields": {
    "memberPathColumn": { "type": "DbColumnName", "id": 1, "protoName": "member_path_column" },
    "relativePath": { "type": "string", "id": 2, "protoName": "relative_path" },
    "kind": { "type": "ColumnKind", "id": 3 },
    "scalarType": { "type": "RelationalScalarType", "id": 4, "protoName": "scalar_type" },
    "descriptorResource": { "type": "QualifiedResourceName", "id": 5, "protoName": "descriptor_resource" },
    "presenceColumn": { "type": "DbColumnName", "id": 6, "protoName": "presence_column" },
    "presenceBindingIndex": { "type": "uint32", "id": 7, "protoName": "presence_binding_index", "options": { "proto3_optional": true } },
    "presenceIsSynthetic": { "type": "bool", "id": 8, "protoName": "presence_is_synthetic" },
    "referenceSource": { "type": "ReferenceSource", "id": 9, "protoName": "reference_source" }
   }
  },
  "ResourceReadPlan": {
   "fields": {
    "tablePlans": { "rule": "repeated", "type": "TableReadPlan", "id": 1, "protoName": "table_plans" },
    "referenceIdentityProjectionTablePlans": {
     "rule": "repeated",
     "type": "ReferenceIdentityProjectionTablePlan",
     "id": 2,
     "protoName": "reference_identity_projection_table_plans"
    },
    "descriptorProjectionPlans": { "rule": "repeated", "type": "DescriptorProjectionPlan", "id": 3, "protoName": "descriptor_projection_plans" },
    "documentReferenceLookup": { "type": "DocumentReferenceLookupPlan", "id": 4, "protoName": "document_reference_lookup" }
   }
  },
  "TableReadPlan": {
   "fields": {
    "table": { "type": "DbTableName", "id": 1 },
    "selectByKeysetSql": { "type": "string", "id": 10, "protoName": "select_by_keyset_sql" },
    "selectBySingleDocumentSql": { "type": "string", "id": 11, "protoName": "select_by_single_document_sql" }
   }
  },
  "ReferenceIdentityProjectionTablePlan": {
   "fields": {
    "table": { "type": "DbTableName", "id": 1 },
    "bindingsInOrder": { "rule": "repeated", "type": "ReferenceIdentityProjectionBinding", "id": 2, "protoName": "bindings_in_order" }
   }
  },
  "ReferenceIdentityProjectionBinding": {
   "fields": {
    "isIdentityComponent": { "type": "bool", "id": 1, "protoName": "is_identity_component" },
    "referenceObjectPath": { "type": "string", "id": 2, "protoName": "reference_object_path" },
    "targetResource": { "type": "QualifiedResourceName", "id": 3, "protoName": "target_resource" },
    "fkColumnOrdinal": { "type": "uint32", "id": 4, "protoName": "fk_column_ordinal" },
    "identityFieldOrdinalsInOrder": {
     "rule": "repeated",
     "type": "ReferenceIdentityProjectionFieldOrdinal",
     "id": 5,
     "protoName": "identity_field_ordinals_in_order"
    }
   }
  },
  "ReferenceIdentityProjectionFieldOrdinal": {
   "fields": {
    "referenceJsonPath": { "type": "string", "id": 1, "protoName": "reference_json_path" },
    "columnOrdinal": { "type": "uint32", "id": 2, "protoName": "column_ordinal" },
    "scalarType": { "type": "RelationalScalarType", "id": 3, "protoName": "scalar_type" }
   }
  },
  "DescriptorProjectionPlan": {
   "fields": {
    "selectByKeysetSql": { "type": "string", "id": 1, "protoName": "select_by_keyset_sql" },
    "resultShape": { "type": "DescriptorProjectionResultShape", "id": 2, "protoName": "result_shape" },
    "sourcesInOrder": { "rule": "repeated", "type": "DescriptorProjectionSource", "id": 3, "protoName": "sources_in_order" },
    "selectBySingleDocumentSql": { "type": "string", "id": 4, "protoName": "select_by_single_document_sql" }
   }
  },
  "DescriptorProjectionResultShape": {
   "fields": {
    "descriptorIdOrdinal": { "type": "uint32", "id": 1, "protoName": "descriptor_id_ordinal" },
    "uriOrdinal": { "type": "uint32", "id": 2, "protoName": "uri_ordinal" }
   }
  },
  "DescriptorProjectionSource": {
   "fields": {
    "descriptorValuePath": { "type": "string", "id": 1, "protoName": "descriptor_value_path" },
    "table": { "type": "DbTableName", "id": 2 },
    "descriptorResource": { "type": "QualifiedResourceName", "id": 3, "protoName": "descriptor_resource" },
    "descriptorIdColumnOrdinal": { "type": "uint32", "id": 4, "protoName": "descriptor_id_column_ordinal" }
   }
  },
  "DocumentReferenceLookupPlan": {
   "fields": {
    "selectByKeysetSql": { "type": "string", "id": 1, "protoName": "select_by_keyset_sql" },
    "selectBySingleDocumentSql": { "type": "string", "id": 2, "protoName": "select_by_single_document_sql" },
    "resultShape": { "type": "DocumentReferenceLookupResultShape", "id": 3, "protoName": "result_shape" },
    "sourcesInOrder": { "rule": "repeated", "type": "DocumentReferenceLookupSource", "id": 4, "protoName": "sources_in_order" }
   }
  },
  "DocumentReferenceLookupResultShape": {
   "fields": {
    "documentIdOrdinal": { "type": "uint32", "id": 1, "protoName": "document_id_ordinal" },
    "documentUuidOrdinal": { "type": "uint32", "id": 2, "protoName": "document_uuid_ordinal" },
    "resourceKeyIdOrdinal": { "type": "uint32", "id": 3, "protoName": "resource_key_id_ordinal" }
   }
  },
  "DocumentReferenceLookupSource": {
   "fields": { "table": { "type": "DbTableName", "id": 1 }, "fkColumn": { "type": "DbColumnName", "id": 2, "protoName": "fk_column" } }
  },
  "QueryCapability": {
   "fields": {
    "support": { "type": "QuerySupport", "id": 1 },
    "supportedFields": { "rule": "repeated", "type": "SupportedQueryField", "id": 2, "protoName": "supported_fields" },
    "unsupportedFields": { "rule": "repeated", "type": "UnsupportedQueryField", "id": 3, "protoName": "unsupported_fields" }
   }
  },
  "QuerySupport": {
   "fields": { "omissionKind": { "type": "QueryOmissionKind", "id": 1, "protoName": "omission_kind" }, "reason": { "type": "string", "id": 2 } }
  },
  "QueryFieldPath": { "fields": { "path": { "type": "string", "id": 1 }, "type": { "type": "string", "id": 2 } } },
  "SupportedQueryField": {
   "fields": { "field": { "type": "string", "id": 1 }, "path": { "type": "QueryFieldPath", "id": 2 }, "target": { "type": "QueryFieldTarget", "id": 3 } }
  },
  "UnsupportedQueryField": {
   "fields": {
    "field": { "type": "string", "id": 1 },
    "failure": { "type": "QueryFieldFailure", "id": 2 },
    "paths": { "rule": "repeated", "type": "QueryFieldPath", "id": 3 }
   }
  },
  "QueryFieldTarget": {
   "oneofs": { "kind": { "oneof": [ "rootColumn", "documentUuid", "descriptorIdColumn" ] } },
   "fields": {
    "rootColumn": { "type": "DbColumnName", "id": 1, "protoName": "root_column" },
    "documentUuid": { "type": "QueryDocumentUuid", "id": 2, "protoName": "document_uuid" },
    "descriptorIdColumn": { "type": "QueryDescriptorColumn", "id": 3, "protoName": "descriptor_id_column" }
   }
  },
  "QueryDocumentUuid": { "fields": {} },
  "QueryDescriptorColumn": {
   "fields": {
    "column": { "type": "DbColumnName", "id": 1 },
    "descriptorResource": { "type": "QualifiedResourceName", "id": 2, "protoName": "descriptor_resource" }
   }
  },
  "DescriptorQueryCapability": {
   "fields": {
    "support": { "type": "QuerySupport", "id": 1 },
    "supportedFields": { "rule": "repeated", "type": "SupportedDescriptorField", "id": 2, "protoName": "supported_fields" }
   }
  },
  "SupportedDescriptorField": {
   "fields": { "field": { "type": "string", "id": 1 }, "target": { "type": "DescriptorQueryTarget", "id": 2 }, "column": { "type": "DbColumnName", "id": 3 } }
  }
 }
} as const;
