import type { JsonPath } from '@dms/api-schema';
import type { Column, DbTableName, QualifiedResourceName, ResourceModel, ScalarType, Table } from '@dms/model';

/** Plans of one concrete resource (design 08 §3, 17 §2). Everything an executor needs is metadata; the SQL is made from it. */
export interface ResourceWritePlan {
  readonly model: ResourceModel;
  /** One per table of the model, in its order; that is not an order of foreign keys (design 08 §6.10). */
  readonly tablePlansInDependencyOrder: readonly TableWritePlan[];
}

export interface TableWritePlan {
  readonly tableModel: Table;
  readonly insertSql: string;
  /** Null for tables that hold the elements of an array, and where there is nothing to set. */
  readonly updateSql: string | null;
  /** Null for the root, and for tables with a merge plan. */
  readonly deleteByParentSql: string | null;
  /** How stored rows are matched with those of a document; null where rows are replaced, or one to one. */
  readonly collectionMergePlan: CollectionMergePlan | null;
  readonly bulkInsertBatching: BulkInsertBatching;
  /** The authoritative order of parameters. */
  readonly columnBindings: readonly WriteColumnBinding[];
  /** The binding whose value is reserved before the insert; null where rows have no id of their own. */
  readonly collectionKeyPreallocationPlan: CollectionKeyPreallocationPlan | null;
  readonly keyUnificationPlans: readonly KeyUnificationWritePlan[];
}

/** How the rows of a collection keep their ids when a document is written again (design 17 §3.5). Indexes are those of bindings. */
export interface CollectionMergePlan {
  /** What tells the rows of one parent apart; one entry per path, so an index may occur twice. */
  readonly semanticIdentityBindings: readonly { readonly relativePath: JsonPath; readonly bindingIndex: number }[];
  readonly stableRowIdentityBindingIndex: number;
  readonly ordinalBindingIndex: number;
  readonly updateByStableRowIdentitySql: string;
  readonly deleteByStableRowIdentitySql: string;
  /** Rows with equal values here need no update; all bindings but the structural ones, ascending. */
  readonly compareBindingIndexesInOrder: readonly number[];
}

export interface CollectionKeyPreallocationPlan {
  readonly column: string;
  readonly bindingIndex: number;
}

export interface BulkInsertBatching {
  readonly maxRowsPerBatch: number;
  readonly parametersPerRow: number;
  readonly maxParametersPerCommand: number;
}

export interface WriteColumnBinding {
  readonly column: Column;
  readonly source: WriteValueSource;
  /** Without the `@` of the SQL. */
  readonly parameterName: string;
}

/** Where the value of a bound column comes from. */
export type WriteValueSource =
  | { readonly kind: 'document_id' }
  | { readonly kind: 'parent_key_part'; readonly index: number }
  | { readonly kind: 'ordinal' }
  | { readonly kind: 'scalar'; readonly relativePath: JsonPath; readonly scalarType: ScalarType }
  | { readonly kind: 'document_reference'; readonly bindingIndex: number }
  | {
      readonly kind: 'descriptor_reference';
      readonly descriptorResource: QualifiedResourceName;
      readonly relativePath: JsonPath;
      readonly descriptorValuePath: JsonPath | null;
    }
  | { readonly kind: 'reference_derived'; readonly referenceSource: ReferenceSource }
  | { readonly kind: 'precomputed' };

/** A part of a reference whose value a column repeats; the index is that of the resource's reference bindings. */
export interface ReferenceSource {
  readonly bindingIndex: number;
  readonly referenceObjectPath: JsonPath;
  /** Where the target has the value. */
  readonly identityJsonPath: JsonPath;
  /** Where the document has it. */
  readonly referenceJsonPath: JsonPath;
}

export interface KeyUnificationWritePlan {
  readonly canonicalColumn: string;
  /** Index into the column bindings. */
  readonly canonicalBindingIndex: number;
  readonly membersInOrder: readonly KeyUnificationMember[];
}

export type KeyUnificationMember = {
  readonly memberPathColumn: string;
  readonly relativePath: JsonPath;
  readonly presenceColumn: string | null;
  readonly presenceBindingIndex: number | null;
  readonly presenceIsSynthetic: boolean;
} & (
  | { readonly kind: 'scalar'; readonly scalarType: ScalarType }
  | { readonly kind: 'descriptor'; readonly descriptorResource: QualifiedResourceName }
  | { readonly kind: 'reference_derived'; readonly referenceSource: ReferenceSource }
);

export interface KeysetTable {
  readonly tempTableName: string;
  readonly documentIdColumnName: 'DocumentId';
}

export interface TableReadPlan {
  readonly tableModel: Table;
  /** The columns that are read. What other plans call a column ordinal is a position here. */
  readonly selectListColumnsInOrder: readonly Column[];
  /** The document of the row comes first. */
  readonly orderByColumnsInOrder: readonly string[];
  /** For the documents of the keyset table. */
  readonly selectByKeysetSql: string;
  /** For one document, the parameter `DocumentId`; null in a generation that reads by the keyset table alone. */
  readonly selectBySingleDocumentSql: string | null;
}

export interface ResourceReadPlan {
  readonly model: ResourceModel;
  readonly keysetTable: KeysetTable;
  readonly tablePlansInDependencyOrder: readonly TableReadPlan[];
  readonly referenceIdentityProjectionPlansInDependencyOrder: readonly ReferenceIdentityProjectionTablePlan[];
  readonly descriptorProjectionPlansInOrder: readonly DescriptorProjectionPlan[];
  /** Null without references, and in a generation that does not ask for the documents behind them. */
  readonly documentReferenceLookup: DocumentReferenceLookupPlan | null;
}

export interface ReferenceIdentityProjectionTablePlan {
  readonly table: DbTableName;
  readonly bindingsInOrder: readonly ReferenceIdentityProjectionBinding[];
}

/** How to rebuild a reference object from a hydrated row; ordinals are positions in the select list. */
export interface ReferenceIdentityProjectionBinding {
  readonly isIdentityComponent: boolean;
  readonly referenceObjectPath: JsonPath;
  readonly targetResource: QualifiedResourceName;
  readonly fkColumnOrdinal: number;
  readonly identityFieldOrdinalsInOrder: readonly ReferenceIdentityField[];
}

export interface ReferenceIdentityField {
  readonly referenceJsonPath: JsonPath;
  readonly columnOrdinal: number;
  readonly scalarType: ScalarType;
}

export interface DescriptorProjectionPlan {
  readonly selectByKeysetSql: string;
  /** As that of a table. */
  readonly selectBySingleDocumentSql: string | null;
  readonly resultShape: { readonly descriptorIdOrdinal: 0; readonly uriOrdinal: 1 };
  readonly sourcesInOrder: readonly DescriptorProjectionSource[];
}

export interface DescriptorProjectionSource {
  readonly descriptorValuePath: JsonPath;
  readonly table: DbTableName;
  readonly descriptorResource: QualifiedResourceName;
  readonly descriptorIdColumnOrdinal: number;
}

/** Uuid and resource of every document that the documents of a page refer to (design 17 §4.5). */
export interface DocumentReferenceLookupPlan {
  readonly selectByKeysetSql: string;
  readonly selectBySingleDocumentSql: string;
  readonly resultShape: { readonly documentIdOrdinal: 0; readonly documentUuidOrdinal: 1; readonly resourceKeyIdOrdinal: 2 };
  /** The columns that hold the ids, by table and column position. */
  readonly sourcesInOrder: readonly { readonly table: DbTableName; readonly fkColumn: string }[];
}
