import type { JsonPath } from '@dms/api-schema';
import type { Column, DbTableName, QualifiedResourceName, ResourceModel, ScalarType, Table } from '@dms/model';

/** Plans of one concrete resource (design 08 §3). Everything an executor needs is metadata; the SQL is made from it. */
export interface ResourceWritePlan {
  readonly model: ResourceModel;
  /** One per table of the model, in its order; that is no order of foreign keys (design 08 §6.10). */
  readonly tablePlansInDependencyOrder: readonly TableWritePlan[];
}

export interface TableWritePlan {
  readonly tableModel: Table;
  readonly insertSql: string;
  /** Root and 1:1 extension tables only. */
  readonly updateSql: string | null;
  /** Every table but the root. */
  readonly deleteByParentSql: string | null;
  readonly bulkInsertBatching: BulkInsertBatching;
  /** The authoritative order of parameters. */
  readonly columnBindings: readonly WriteColumnBinding[];
  readonly keyUnificationPlans: readonly KeyUnificationWritePlan[];
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
  | { readonly kind: 'precomputed' };

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
);

export interface KeysetTable {
  readonly tempTableName: string;
  readonly documentIdColumnName: 'DocumentId';
}

export interface TableReadPlan {
  readonly tableModel: Table;
  /** Selects all columns of the table, in order, for the documents of the keyset table. */
  readonly selectByKeysetSql: string;
}

export interface ResourceReadPlan {
  readonly model: ResourceModel;
  readonly keysetTable: KeysetTable;
  readonly tablePlansInDependencyOrder: readonly TableReadPlan[];
  readonly referenceIdentityProjectionPlansInDependencyOrder: readonly ReferenceIdentityProjectionTablePlan[];
  readonly descriptorProjectionPlansInOrder: readonly DescriptorProjectionPlan[];
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
  readonly identityFieldOrdinalsInOrder: readonly { readonly referenceJsonPath: JsonPath; readonly columnOrdinal: number }[];
}

export interface DescriptorProjectionPlan {
  readonly selectByKeysetSql: string;
  readonly resultShape: { readonly descriptorIdOrdinal: 0; readonly uriOrdinal: 1 };
  readonly sourcesInOrder: readonly DescriptorProjectionSource[];
}

export interface DescriptorProjectionSource {
  readonly descriptorValuePath: JsonPath;
  readonly table: DbTableName;
  readonly descriptorResource: QualifiedResourceName;
  readonly descriptorIdColumnOrdinal: number;
}
