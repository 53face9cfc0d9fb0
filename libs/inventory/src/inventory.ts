import type { JsonPath } from '@dms/api-schema';
import type { ColumnMapping, DbTableName, QualifiedResourceName, ScalarType } from '@dms/model';
import type { SqlDialect } from '@dms/sql';

/** An index as intent. Constraints create the first two kinds, separate statements the others (design 05 §2, 15a §1). */
export interface DbIndex {
  readonly name: string;
  readonly table: DbTableName;
  readonly kind: 'PrimaryKey' | 'UniqueConstraint' | 'ForeignKeySupport' | 'Explicit' | 'Authorization';
  readonly isUnique: boolean;
  readonly keyColumns: readonly string[];
  readonly includeColumns: readonly string[];
}

/** One hashed part of an identity; `column` may be an alias (design 05 §4.1). */
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
  /** The table that mirrors the versions of the document; null in a generation without mirrors (design 15a §3). */
  readonly mirrorStampTargetTable: DbTableName | null;
  /** The table that records deletes and changed keys (design 16 §7). */
  readonly changeTracking: { readonly trackedChangeTable: DbTableName } | null;
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

export interface AuthViewColumn {
  readonly alias: string;
  readonly column: string;
  /** The name in the view, if different. */
  readonly outputName: string | null;
}

export interface AuthViewJoin {
  readonly alias: string;
  readonly table: DbTableName;
  readonly on: readonly {
    readonly leftAlias: string;
    readonly leftColumn: string;
    readonly rightAlias: string;
    readonly rightColumn: string;
  }[];
}

export interface AuthViewArm {
  readonly source: { readonly alias: string; readonly table: DbTableName };
  readonly outputColumns: readonly AuthViewColumn[];
  readonly joins: readonly AuthViewJoin[];
}

/** A view of schema `auth`: of current rows, or also of deleted rows (`includesDeletes`). */
export interface AuthView {
  readonly view: DbTableName;
  readonly includesDeletes: boolean;
  readonly armsSetOperator: 'NONE' | 'UNION' | 'UNION_ALL';
  readonly arms: readonly AuthViewArm[];
}

export type TrackedChangeOrigin = 'Identity' | 'SecurableElement';

/** A value that is recorded before and after a change (design 15a §4). */
export interface TrackedValue {
  readonly oldColumn: string;
  readonly newColumn: string;
  readonly sourceJsonPath: JsonPath;
  /** The stored column behind an alias, or `DocumentId` for a person's own id; null if the value is read directly. */
  readonly canonicalStorageColumn: string | null;
  readonly isOldColumnNullable: boolean;
  readonly isNewColumnNullable: boolean;
  readonly scalarType: ScalarType;
  readonly role: 'Scalar' | 'DescriptorNamespace' | 'DescriptorCodeValue' | 'PersonDocumentId';
  readonly origins: readonly TrackedChangeOrigin[];
  /** The column of the source table with the value; null if a person join leads to it. */
  readonly sourceColumn: string | null;
  readonly descriptorJoinName: string | null;
  readonly personJoinName: string | null;
}

/** The source of the namespace and code value of a descriptor. */
export interface TrackedDescriptorJoin {
  readonly name: string;
  readonly sourceColumn: string;
  readonly descriptorResource: QualifiedResourceName;
}

export type PersonKind = 'Student' | 'Contact' | 'Staff';

/** One step on the path from a resource to a person (design 15a §2). */
export interface PersonJoinStep {
  readonly sourceTable: DbTableName;
  readonly sourceColumn: string;
  readonly targetTable: DbTableName;
  readonly targetColumn: string;
}

export interface TrackedPersonJoin {
  readonly name: string;
  readonly personKind: PersonKind;
  readonly joinPath: readonly PersonJoinStep[];
}

/** A column besides the values; `scalarType` is null for a uuid. */
export interface TrackedSystemColumn {
  readonly role: 'Discriminator' | 'Id' | 'ChangeVersion' | 'CreatedAt';
  readonly column: string;
  readonly scalarType: ScalarType | null;
  readonly isPrimaryKey: boolean;
}

/** A table that records deletes and changed keys of a resource, or of all descriptors (design 15a §4). */
export interface TrackedChangeTable {
  readonly table: DbTableName;
  readonly kind: 'Resource' | 'ConcreteAbstract' | 'SharedDescriptor';
  readonly sourceTable: DbTableName;
  readonly primaryKeyName: string;
  readonly createdAtDefaultName: string;
  readonly valueColumns: readonly TrackedValue[];
  readonly systemColumns: readonly TrackedSystemColumn[];
  readonly descriptorJoins: readonly TrackedDescriptorJoin[];
  readonly personJoins: readonly TrackedPersonJoin[];
}

/** The indexes, triggers and other objects that follow from a model; lists are sorted by table schema, table, name. */
export interface Inventory {
  readonly dialect: SqlDialect;
  readonly indexes: readonly DbIndex[];
  readonly triggers: readonly DbTrigger[];
  /** By schema and table; empty in a generation without tracked changes (design 15a §4). */
  readonly trackedChangeTables: readonly TrackedChangeTable[];
  readonly authEdOrgHierarchy: AuthEdOrgHierarchy | null;
  /** Views of the people whose data an education organization may see; empty if there are none (design 15a §5). */
  readonly authViews: readonly AuthView[];
}
