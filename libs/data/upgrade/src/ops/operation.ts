import type { EffectiveSchemaInfo, EffectiveSchemaManifest } from '@dms/api-schema';
import type {
  ColumnDefinition,
  ConstraintDefinition,
  ForeignKey,
  IndexDefinition,
  LogicalTrigger,
  OwnerRole,
  Routine,
  RoutineDefinition,
  Sequence,
  TableDefinition,
  ViewDefinition,
} from '@dms/catalog';
import type { AbstractIdentityTrigger, AuthEdOrgHierarchy } from '@dms/inventory';
import type { DbTableName, IdentityBlock } from '@dms/model';
import type { PlainSql, QualifiedName, SqlDialect } from '@dms/sql';
import type { HistoryRecord } from '../history/history-text.ts';
import type { NumberedDescriptor } from '../script/row-queries.ts';
import type { ScriptedCheck } from '../script/upgrade-dialect.ts';
import type { Act, Acts } from './act.ts';
import type { AlterColumn } from './alter-column.ts';
import type { AffectedTable } from './effect.ts';
import type { OnRows, OnTable, Operated, Preparable } from './operated.ts';

/*
 * What an upgrade does, as values (design 12 §5): to which object, from which state to which. The text of a statement,
 * its lock and everything else that an operation means on an engine stand in its acts.
 */

/* Code. */

export interface DropTrigger extends OnTable {
  readonly op: 'dropTrigger';
  readonly name: string;
}
export interface DropFunction extends Operated {
  readonly op: 'dropFunction';
  readonly routine: Pick<Routine, 'schema' | 'name' | 'arguments'>;
}
export interface DropView extends Operated {
  readonly op: 'dropView';
  readonly view: QualifiedName;
}
export interface CreateFunction extends Operated {
  readonly op: 'createFunction';
  readonly routine: RoutineDefinition;
}
export interface CreateView extends Operated {
  readonly op: 'createView';
  readonly view: ViewDefinition;
}
export interface CreateTrigger extends Operated {
  readonly op: 'createTrigger';
  readonly table: TableDefinition;
  readonly trigger: LogicalTrigger;
}
export interface RestoreRights extends Operated {
  readonly op: 'restoreRights';
  readonly role: OwnerRole;
}

/* Keys, checks and indexes. */

export interface DropKey extends OnTable {
  readonly op: 'dropForeignKey' | 'dropConstraint' | 'dropIndex';
  readonly name: string;
  /** The table that a foreign key refers to. */
  readonly target?: AffectedTable | undefined;
}
export interface AddPrimaryKey extends Operated {
  readonly op: 'addPrimaryKey';
  readonly table: TableDefinition;
}
export interface AddConstraint extends Operated, Preparable {
  readonly op: 'addUnique' | 'addCheck';
  readonly table: TableDefinition;
  readonly constraint: ConstraintDefinition;
}
export interface AddForeignKey extends Operated, Preparable {
  readonly op: 'addForeignKey';
  readonly table: TableDefinition;
  readonly key: ForeignKey;
  readonly target: AffectedTable;
}
export interface CreateIndex extends Operated, Preparable {
  readonly op: 'createIndex';
  readonly table: TableDefinition;
  readonly index: IndexDefinition;
}

/* Schemas, sequences, tables, and names. */

/** `emptyTable`: a table stays, and its rows are written again. */
export interface RemoveRows extends OnTable {
  readonly op: 'dropTable' | 'emptyTable';
}
export interface CreateTable extends Operated, Preparable {
  readonly op: 'createTable';
  readonly table: TableDefinition;
}
export interface CreateSchema extends Operated, Preparable {
  readonly op: 'createSchema';
  readonly name: string;
}
export interface ByName extends Operated {
  readonly op: 'dropSchema' | 'createExtension';
  readonly name: string;
}
export interface CreateSequence extends Operated {
  readonly op: 'createSequence';
  readonly sequence: Sequence;
}
export interface MoveTable extends OnTable {
  readonly op: 'moveTable';
  readonly schema: string;
}
/** `set…Aside` gives a temporary name, so that another object can have the name. */
export interface RenameTable extends OnTable {
  readonly op: 'renameTable' | 'setTableAside';
  readonly to: string;
}
export interface RenameKey extends OnTable {
  readonly op: 'renameConstraint' | 'renameIndex' | 'setConstraintAside' | 'setIndexAside';
  readonly from: string;
  readonly to: string;
}

/* Columns. */

/** `Lost`: before anything is added; `Moved`: once its values are in other columns. */
export interface DropColumn extends OnTable {
  readonly op: 'dropLostColumn' | 'dropMovedColumn';
  readonly column: string;
  /** Its name in the earlier set; null if it has none of its own there. */
  readonly earlier: string | null;
}
export interface RenameColumn extends OnTable {
  readonly op: 'renameColumn';
  readonly column: string;
  readonly to: string;
  /** Its name in the earlier set; null on the way to a temporary name. */
  readonly earlier: string | null;
}
export interface AddColumn extends OnTable, Preparable {
  readonly op: 'addColumn' | 'addGeneratedColumn';
  readonly column: ColumnDefinition;
}
/** New values for columns in all rows; the values use the table alias `t`. */
export interface MoveValues extends OnTable {
  readonly op: 'moveValues';
  readonly assignments: readonly { readonly column: string; readonly value: PlainSql }[];
}
export interface DropDefault extends OnTable {
  readonly op: 'dropDefault' | 'dropLostDefault';
  readonly column: string;
  /** The constraint that the default is, where the engine names it. */
  readonly name: string | null;
}
export interface SetDefault extends OnTable {
  readonly op: 'setDefault';
  readonly column: ColumnDefinition;
}

/* Rows. */

export interface CheckRows extends Operated {
  readonly op: 'checkRows';
  readonly checks: readonly ScriptedCheck[];
  readonly losses: readonly ScriptedCheck[];
}
/** Runs the checks that wait for the end of the transaction. */
export interface Settle extends Operated {
  readonly op: 'settleDocuments' | 'settleValues' | 'settleKeys';
}
export interface DeleteDocuments extends OnRows {
  readonly op: 'deleteDocuments';
  readonly resourceKeyIds: readonly number[];
}
export interface EmptyTable extends OnTable {
  readonly op: 'deleteTrackedChanges' | 'emptyCache' | 'deleteFingerprint';
}
/** Gives rows other resource key ids; each row changes once. */
export interface RenumberRows extends OnRows {
  readonly op: 'renumberRows';
  readonly column: string;
  readonly moves: readonly (readonly [from: number, to: number])[];
}
export interface DeleteResourceKeys extends OnTable {
  readonly op: 'deleteResourceKeys';
  readonly ids: readonly number[];
}
export interface ChangeVersions extends OnTable {
  readonly op: 'changeVersions';
  readonly version: string;
  readonly ids: readonly number[];
}
export interface InsertResourceKeys extends Operated {
  readonly op: 'insertResourceKeys';
  readonly resourceKeys: EffectiveSchemaManifest['resourceKeys'];
}
/** Writes another name of a resource into rows that repeat the name. */
export interface RenameDiscriminators extends OnTable {
  readonly op: 'renameDiscriminators';
  readonly column: string;
  readonly to: string;
  /** The rows: those of documents of a member, of a resource, or with a name. */
  readonly of: { readonly member: QualifiedName } | { readonly resourceKeyId: number } | { readonly name: string };
}
export interface DeleteAbstractIdentities extends OnRows {
  readonly op: 'deleteAbstractIdentities';
  readonly member: QualifiedName;
}
export interface InsertAbstractIdentities extends OnRows {
  readonly op: 'insertAbstractIdentities';
  readonly trigger: AbstractIdentityTrigger;
}
export interface DeleteReferentialIds extends OnRows {
  readonly op: 'deleteReferentialIds';
  /** All ids of the documents of a table, or of a resource. */
  readonly of: { readonly table: QualifiedName } | { readonly resourceKeyId: number };
}
export interface InsertReferentialIds extends OnRows {
  readonly op: 'insertReferentialIds';
  readonly of:
    | { readonly block: IdentityBlock; readonly table: DbTableName }
    | { readonly descriptor: NumberedDescriptor };
}
export interface CloseHierarchy extends Operated {
  readonly op: 'closeHierarchy';
  readonly hierarchy: AuthEdOrgHierarchy;
}
export interface RecordUpgrade extends Operated {
  readonly op: 'recordUpgrade';
  readonly record: HistoryRecord;
}
/** Requests every document again, where a server keeps the cache filled. */
export interface RefillCache extends OnRows {
  readonly op: 'refillCache';
}
export interface WriteFingerprint extends Operated {
  readonly op: 'writeFingerprint';
  readonly info: EffectiveSchemaInfo;
}

export type CodeOperation =
  | DropTrigger
  | DropFunction
  | DropView
  | CreateFunction
  | CreateView
  | CreateTrigger
  | RestoreRights;

export type KeyOperation = DropKey | AddPrimaryKey | AddConstraint | AddForeignKey | CreateIndex;

export type TableOperation =
  | RemoveRows
  | CreateTable
  | CreateSchema
  | ByName
  | CreateSequence
  | MoveTable
  | RenameTable
  | RenameKey;

export type ColumnOperation =
  | DropColumn
  | RenameColumn
  | AddColumn
  | MoveValues
  | AlterColumn
  | DropDefault
  | SetDefault;

export type RowOperation =
  | CheckRows
  | Settle
  | DeleteDocuments
  | EmptyTable
  | RenumberRows
  | DeleteResourceKeys
  | ChangeVersions
  | InsertResourceKeys
  | RenameDiscriminators
  | DeleteAbstractIdentities
  | InsertAbstractIdentities
  | DeleteReferentialIds
  | InsertReferentialIds
  | CloseHierarchy
  | RecordUpgrade
  | RefillCache
  | WriteFingerprint;

/** Something that an upgrade does. */
export type UpgradeOperation = CodeOperation | KeyOperation | TableOperation | ColumnOperation | RowOperation;

export type OperationName = UpgradeOperation['op'];

/** The operations that may have a name. */
export type Named<Name extends OperationName> = UpgradeOperation extends infer Each
  ? Each extends { readonly op: infer Names }
    ? Name extends Names
      ? Each
      : never
    : never
  : never;

/** The acts of some operations. */
export type ActsOf<Name extends OperationName> = { readonly [Each in Name]: Acts<Named<Each>> };

/** An act of any operation on any engine. */
export type AnyAct = Act<UpgradeOperation, SqlDialect>;
