import type { JsonPath } from '@dms/api-schema';
import type { Column, DbTableName, QualifiedResourceName, ResourceModel, ScalarType, Table } from '@dms/model';

/**
 * Plans of one concrete resource (design 08 §3, 17 §2). All data that an executor needs is metadata, from which the SQL
 * is made.
 */
export interface ResourceWritePlan {
  readonly model: ResourceModel;
  /** One plan per table of the model, in its order, which is not an order of foreign keys (design 08 §6.10). */
  readonly tablePlansInDependencyOrder: readonly TableWritePlan[];
}

export interface TableWritePlan {
  readonly tableModel: Table;
  readonly insertSql: string;
  /** Null for tables with the items of an array, and if there is no column to set. */
  readonly updateSql: string | null;
  /** Null for the root, and for tables with a merge plan. */
  readonly deleteByParentSql: string | null;
  /**
   * The plan that matches stored rows with the rows of a document; null if rows are replaced, or if there is one row
   * per document.
   */
  readonly collectionMergePlan: CollectionMergePlan | null;
  readonly bulkInsertBatching: BulkInsertBatching;
  /** The authoritative order of parameters. */
  readonly columnBindings: readonly WriteColumnBinding[];
  /** The binding whose value is reserved before the insert; null if rows have no ids of their own. */
  readonly collectionKeyPreallocationPlan: CollectionKeyPreallocationPlan | null;
  readonly keyUnificationPlans: readonly KeyUnificationWritePlan[];
}

/**
 * The plan by which the rows of a collection keep their ids when a document is written again (design 17 §3.5). Indexes
 * are indexes of bindings.
 */
export interface CollectionMergePlan {
  /** The values that distinguish the rows of a parent; one entry per path, so an index may occur twice. */
  readonly semanticIdentityBindings: readonly { readonly relativePath: JsonPath; readonly bindingIndex: number }[];
  readonly stableRowIdentityBindingIndex: number;
  readonly ordinalBindingIndex: number;
  readonly updateByStableRowIdentitySql: string;
  readonly deleteByStableRowIdentitySql: string;
  /** Rows with equal values in these bindings need no update: all bindings except the structural ones, ascending. */
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

/** The source of the value of a bound column. */
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

/** A part of a reference whose value a column repeats; the index refers to the reference bindings of the resource. */
export interface ReferenceSource {
  readonly bindingIndex: number;
  readonly referenceObjectPath: JsonPath;
  /** The path of the value in the target. */
  readonly identityJsonPath: JsonPath;
  /** The path of the value in the document. */
  readonly referenceJsonPath: JsonPath;
}

export interface KeyUnificationWritePlan {
  readonly canonicalColumn: string;
  /** An index into the column bindings. */
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
  /** The query, in parentheses, that provides the rows if they are not in the table itself; absent otherwise. */
  readonly relation?: string;
  /** The columns to read. A column ordinal of other plans is a position in this list. */
  readonly selectListColumnsInOrder: readonly Column[];
  /** The document id of the row comes first. */
  readonly orderByColumnsInOrder: readonly string[];
  /** Reads the documents of the keyset table. */
  readonly selectByKeysetSql: string;
  /** Reads one document, by the parameter `DocumentId`; null in a generation that reads only by the keyset table. */
  readonly selectBySingleDocumentSql: string | null;
}

export interface ResourceReadPlan {
  readonly model: ResourceModel;
  readonly keysetTable: KeysetTable;
  readonly tablePlansInDependencyOrder: readonly TableReadPlan[];
  readonly referenceIdentityProjectionPlansInDependencyOrder: readonly ReferenceIdentityProjectionTablePlan[];
  readonly descriptorProjectionPlansInOrder: readonly DescriptorProjectionPlan[];
  /** Null without references, and in a generation that does not look up the referenced documents. */
  readonly documentReferenceLookup: DocumentReferenceLookupPlan | null;
}

export interface ReferenceIdentityProjectionTablePlan {
  readonly table: DbTableName;
  readonly bindingsInOrder: readonly ReferenceIdentityProjectionBinding[];
}

/** The columns from which a reference object is rebuilt; ordinals are positions in the select list. */
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
  /** Null as in `TableReadPlan`. */
  readonly selectBySingleDocumentSql: string | null;
  readonly resultShape: { readonly descriptorIdOrdinal: 0; readonly uriOrdinal: 1 };
  readonly sourcesInOrder: readonly DescriptorProjectionSource[];
}

interface DescriptorProjectionSource {
  readonly descriptorValuePath: JsonPath;
  readonly table: DbTableName;
  readonly descriptorResource: QualifiedResourceName;
  readonly descriptorIdColumnOrdinal: number;
}

/** Reads the uuid and resource of every document that the documents of a page reference (design 17 §4.5). */
export interface DocumentReferenceLookupPlan {
  readonly selectByKeysetSql: string;
  readonly selectBySingleDocumentSql: string;
  readonly resultShape: {
    readonly documentIdOrdinal: 0;
    readonly documentUuidOrdinal: 1;
    readonly resourceKeyIdOrdinal: 2;
  };
  /** The columns with the ids of referenced documents, by table and column position. */
  readonly sourcesInOrder: readonly { readonly table: DbTableName; readonly fkColumn: string }[];
}
