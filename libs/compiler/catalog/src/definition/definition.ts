import type { AuthEdOrgHierarchy, AuthView, DbTrigger, TrackedChangeTable } from '@dms/inventory';
import type { AbstractUnionView, DbTableName, MappingVersion, ScalarType } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import type {
  CatalogKey,
  Fingerprint,
  ForeignKey,
  Grant,
  Index,
  Role,
  Routine,
  Sequence,
  TableType,
  Trigger,
} from '../catalog.ts';
import type { CheckExpression } from '../expression.ts';

/**
 * The contents of a script as data: the objects in creation order, with expressions as trees and with the intents of
 * triggers and views. Scripts and bodies are rendered from it; `desiredCatalog` derives the resulting catalog of a
 * database.
 */
export interface DatabaseDefinition {
  readonly dialect: SqlDialect;
  readonly mappingVersion: MappingVersion;
  /**
   * Schemas besides `dms`, in creation order: the schemas of projects, `auth` if there is a hierarchy, the schemas of
   * tracked changes.
   */
  readonly schemas: readonly string[];
  readonly extensions: readonly { readonly name: string; readonly schema: string }[];
  readonly sequences: readonly Sequence[];
  /** Functions that are not the body of a trigger, in creation order. */
  readonly routines: readonly RoutineDefinition[];
  /** Table types in creation order. */
  readonly tableTypes: readonly TableType[];
  readonly tables: readonly TableDefinition[];
  /** Views in creation order. */
  readonly views: readonly ViewDefinition[];
  readonly ownerRole: OwnerRole | null;
  readonly hierarchy: AuthEdOrgHierarchy | null;
  readonly trackedChangeTables: readonly TrackedChangeTable[];
  readonly fingerprint: Fingerprint;
}

/**
 * The position of a table in the script: with the core objects, or in one of the groups of design 07 §2, in this order.
 */
export type CreationGroup = 'core' | 'resources' | 'auth' | 'trackedChanges' | 'abstractIdentities';

export interface TableDefinition {
  readonly schema: string;
  readonly name: string;
  readonly group: CreationGroup;
  readonly columns: readonly ColumnDefinition[];
  readonly primaryKey: KeyDefinition;
  /** The constraints inside CREATE TABLE, in order. */
  readonly inlineConstraints: readonly ConstraintDefinition[];
  /** The constraints in separate statements after the table, in order. */
  readonly addedConstraints: readonly ConstraintDefinition[];
  /** Foreign keys sorted by name, like the lists below. */
  readonly foreignKeys: readonly ForeignKey[];
  readonly indexes: readonly IndexDefinition[];
  /**
   * Indexes of a core table that follow from the model. They are created together with the indexes of the model's
   * tables (design 16 §2.3).
   */
  readonly modelIndexes: readonly Index[];
  readonly triggers: readonly LogicalTrigger[];
}

/** A function of schema `dms` that other code calls: its purpose, and its members in a catalog. */
export interface RoutineDefinition extends Omit<Routine, 'body'> {
  readonly kind: 'uuidv5' | 'getMaxChangeVersion' | 'throwError';
}

/** A role that owns trigger functions, which then have more rights than the session (design 16 §2.6). */
export interface OwnerRole extends Role {
  readonly grants: readonly Grant[];
}

export interface ColumnDefinition {
  readonly name: string;
  /**
   * The type as spelled in the script. A computed column of SQL Server has no type there; this is then the type of the
   * canonical column.
   */
  readonly type: string;
  /** The type of the value; null in columns whose kind implies it, and in columns of core tables without text. */
  readonly scalarType: ScalarType | null;
  /** Nullability as the engine records it. */
  readonly nullable: boolean;
  readonly isIdentity: boolean;
  readonly default: CheckExpression | null;
  /** The name of the default in SQL Server; null if it has none. */
  readonly defaultName: string | null;
  /** Null for the collation of the database. */
  readonly collation: string | null;
  readonly generated: CheckExpression | null;
  /** Whether a generated column is computed when it is read; absent if it is stored. */
  readonly isVirtual?: true;
}

/** An index with the expressions among its columns, by their texts there. */
export interface IndexDefinition extends Index {
  readonly expressions?: ReadonlyMap<string, CheckExpression>;
}

export interface KeyDefinition extends CatalogKey {
  /** Whether the script spells CLUSTERED or NONCLUSTERED (SQL Server only). */
  readonly declaresClustering: boolean;
}

export type ConstraintDefinition =
  | (KeyDefinition & { readonly kind: 'unique' })
  | { readonly kind: 'check'; readonly name: string; readonly condition: CheckExpression };

/** The intent of a trigger of a core table that is not in the inventory. */
export interface CoreTrigger {
  /** The journal of `dms.Document` (design 06 §5.2), or the queue and the cache of documents (design 16 §2.5). */
  readonly kind: 'DocumentJournal' | 'ProjectionEnqueue' | 'DocumentCacheUuid';
  readonly name: string;
}

/** The intent of a trigger: an entry of the inventory, or a core trigger. */
type TriggerIntent = DbTrigger | CoreTrigger;

/** The function that holds the body of a trigger (PostgreSQL). */
export interface TriggerFunction extends DbTableName {
  /** The role that owns the function and whose rights it has; null for the role that provisions the database. */
  readonly owner: string | null;
}

/**
 * One intent and the triggers that implement it with the same body: in a function on PostgreSQL, in the trigger itself
 * on SQL Server (design 07 §8.1).
 */
export interface LogicalTrigger {
  readonly name: string;
  readonly intent: TriggerIntent;
  readonly function: TriggerFunction | null;
  /** Triggers in creation order: INSERT, UPDATE, DELETE. */
  readonly triggers: readonly TriggerDefinition[];
}

/** A trigger of the database. It has no condition: the body checks which rows are relevant. */
export type TriggerDefinition = Pick<
  Trigger,
  'name' | 'timing' | 'level' | 'events' | 'updateOf' | 'oldTable' | 'newTable'
>;

interface ViewCommon {
  readonly schema: string;
  readonly name: string;
  /** A column without a type has the resource key of a member. */
  readonly outputColumns: readonly { readonly name: string; readonly scalarType: ScalarType | null }[];
}

/** A view of all members of an abstract resource (design 07 §7). */
export interface UnionViewDefinition extends ViewCommon {
  readonly kind: 'union';
  readonly unionArms: AbstractUnionView['unionArms'];
}

/** A view of the people whose data an education organization may see (design 16 §9). */
export interface AuthViewDefinition extends ViewCommon, Pick<AuthView, 'arms' | 'armsSetOperator'> {
  readonly kind: 'authorization';
}

export type ViewDefinition = UnionViewDefinition | AuthViewDefinition;
