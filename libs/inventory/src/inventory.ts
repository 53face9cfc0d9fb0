import type { JsonPath } from '@dms/api-schema';
import type { ColumnMapping, DbTableName, ScalarType } from '@dms/model';
import type { SqlDialect } from '@dms/sql';

/** An index as intent; constraints bring the first two kinds, statements the other two (design 05 §2). */
export interface DbIndex {
  readonly name: string;
  readonly table: DbTableName;
  readonly kind: 'PrimaryKey' | 'UniqueConstraint' | 'ForeignKeySupport' | 'Explicit';
  readonly isUnique: boolean;
  readonly keyColumns: readonly string[];
  readonly includeColumns: readonly string[];
}

/** One part of an identity as it is hashed; `column` may be an alias (design 05 §4.1). */
export interface IdentityElement {
  readonly column: string;
  readonly identityJsonPath: JsonPath;
  readonly scalarType: ScalarType;
  readonly isDescriptor: boolean;
}

export interface AuthEdOrgEntity {
  readonly entityName: string;
  readonly table: DbTableName;
  readonly identityColumn: string;
  readonly parentFks: readonly { readonly denormalizedParentIdColumn: string }[];
}

export interface AuthEdOrgHierarchy {
  readonly entities: readonly AuthEdOrgEntity[];
}

export interface IdentityBlock {
  readonly resourceKeyId: number;
  readonly projectName: string;
  readonly resourceName: string;
  readonly identityElements: readonly IdentityElement[];
}

export interface ReferrerUpdate {
  readonly referrerTable: DbTableName;
  readonly referrerFkColumn: string;
  readonly targetColumnMappings: readonly ColumnMapping[];
}

interface TriggerCommon {
  readonly name: string;
  readonly table: DbTableName;
  /** Columns that yield the affected document id: one, or none for the hierarchy triggers. */
  readonly keyColumns: readonly string[];
  /** Stored columns whose change is a change of the identity. */
  readonly identityProjectionColumns: readonly string[];
}

export interface DocumentStampingTrigger extends TriggerCommon {
  readonly kind: 'DocumentStamping';
}

export interface ReferentialIdentityTrigger extends TriggerCommon, IdentityBlock {
  readonly kind: 'ReferentialIdentityMaintenance';
  readonly superclassAlias: IdentityBlock | null;
}

export interface AbstractIdentityTrigger extends TriggerCommon {
  readonly kind: 'AbstractIdentityMaintenance';
  readonly targetTable: DbTableName;
  readonly targetColumnMappings: readonly ColumnMapping[];
  readonly discriminatorValue: string;
}

export interface IdentityPropagationTrigger extends TriggerCommon {
  readonly kind: 'IdentityPropagationFallback';
  readonly referrerUpdates: readonly ReferrerUpdate[];
}

export interface AuthHierarchyTrigger extends TriggerCommon {
  readonly kind: 'AuthHierarchyMaintenance';
  readonly entity: AuthEdOrgEntity;
  readonly triggerEvent: 'Insert' | 'Update' | 'Delete';
}

/** A trigger as intent, without SQL (design 05 §3). */
export type DbTrigger =
  | DocumentStampingTrigger
  | ReferentialIdentityTrigger
  | AbstractIdentityTrigger
  | IdentityPropagationTrigger
  | AuthHierarchyTrigger;

/** Indexes and triggers of a model; both lists by table schema, table, name. */
export interface Inventory {
  readonly dialect: SqlDialect;
  readonly indexes: readonly DbIndex[];
  readonly triggers: readonly DbTrigger[];
  readonly authEdOrgHierarchy: AuthEdOrgHierarchy | null;
}
