import type { AuthEdOrgHierarchy, DbTrigger } from '@dms/inventory';
import type { AbstractUnionView, DbTableName, ScalarType } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import type { Fingerprint, ForeignKey, Index, Key, Sequence, Trigger } from './catalog.ts';
import type { Expression } from './expression.ts';

/**
 * What a script creates, as data: the objects in creation order, with expressions as trees and with what triggers and views do.
 * Scripts and bodies are rendered from it; `desiredCatalog` says what the database then contains.
 */
export interface DatabaseDefinition {
  readonly dialect: SqlDialect;
  /** Schemas besides `dms`, in creation order: those of projects, then `auth` where there is a hierarchy. */
  readonly schemas: readonly string[];
  readonly extensions: readonly { readonly name: string; readonly schema: string }[];
  readonly sequences: readonly Sequence[];
  readonly tables: readonly TableDefinition[];
  /** By schema and name. */
  readonly views: readonly ViewDefinition[];
  readonly hierarchy: AuthEdOrgHierarchy | null;
  readonly fingerprint: Fingerprint;
}

/** Where a table stands in the script: with the core objects, or in one of the groups of design 07 §2, in this order. */
export type CreationGroup = 'core' | 'resources' | 'auth' | 'abstractIdentities';

export interface TableDefinition {
  readonly schema: string;
  readonly name: string;
  readonly group: CreationGroup;
  readonly columns: readonly ColumnDefinition[];
  readonly primaryKey: KeyDefinition;
  /** Inside CREATE TABLE, in order. */
  readonly inlineConstraints: readonly ConstraintDefinition[];
  /** In statements of their own after the table, in order. */
  readonly addedConstraints: readonly ConstraintDefinition[];
  /** By name, like the lists below. */
  readonly foreignKeys: readonly ForeignKey[];
  readonly indexes: readonly Index[];
  readonly triggers: readonly LogicalTrigger[];
}

export interface ColumnDefinition {
  readonly name: string;
  /** As the script spells it; of a computed column of SQL Server, for which it says none, that of the canonical column. */
  readonly type: string;
  /** Type of the value; null in core tables and in columns whose kind says it. */
  readonly scalarType: ScalarType | null;
  /** As the engine records it. */
  readonly nullable: boolean;
  readonly isIdentity: boolean;
  readonly default: Expression | null;
  readonly generated: Expression | null;
}

export interface KeyDefinition extends Key {
  /** Whether the script spells CLUSTERED or NONCLUSTERED (SQL Server only). */
  readonly declaresClustering: boolean;
}

export type ConstraintDefinition =
  | (KeyDefinition & { readonly kind: 'unique' })
  | { readonly kind: 'check'; readonly name: string; readonly condition: Expression };

/** What a trigger does: an entry of the inventory, or the journal of `dms.Document`. */
export type TriggerIntent = DbTrigger | { readonly kind: 'DocumentJournal'; readonly name: string };

/** One intent and the triggers that serve it with one body: on PostgreSQL in a function, on SQL Server its own (design 07 §8.1). */
export interface LogicalTrigger {
  readonly name: string;
  readonly intent: TriggerIntent;
  /** The function that holds the body (PostgreSQL). */
  readonly function: DbTableName | null;
  /** In creation order: INSERT, UPDATE, DELETE. */
  readonly triggers: readonly TriggerDefinition[];
}

/** A trigger of the database; all are AFTER triggers without a column list. */
export type TriggerDefinition = Pick<Trigger, 'name' | 'level' | 'events' | 'oldTable' | 'newTable'>;

export interface ViewDefinition {
  readonly schema: string;
  readonly name: string;
  readonly outputColumns: AbstractUnionView['outputColumns'];
  readonly unionArms: AbstractUnionView['unionArms'];
}
