import type { Column, ColumnKind, KeyColumn, KeyedResource, ResourceModel, ScalarType, Table } from '@dms/model';
import type { TableWritePlan, WriteValueSource } from '@dms/plans';
import type { LoadedTable } from './load/loaded-table.ts';
import type { PathReader } from './load/path-reader.ts';
import type { PackPlace } from './refusal.ts';
import type * as format from './wire/pack-format.ts';
import type { Tokens } from './wire/tokens.ts';

/** Whether a reference or descriptor is required, and has a name of its own. */
export interface SourceRoles {
  readonly isRequired: boolean;
  readonly isRoleNamed: boolean;
}

/** What the packs of a generation hold of a model and its plans, where generations differ. */
export interface PackWriteRules {
  identity(table: Table): format.TableIdentity | null;
  roles(source: SourceRoles): SourceRoles;
  fieldType(type: ScalarType): format.RelationalScalarType | null;
}

/** A source that says where a row belongs. */
export type PlaceSource = Extract<WriteValueSource, { readonly kind: 'document_id' | 'parent_key_part' | 'ordinal' }>;

/** How they are read. All functions throw `PACK_INVARIANT`. */
export interface PackReadRules {
  /** `kind` is undefined for a number that stands for none. */
  keyColumn(name: string, kind: ColumnKind | undefined, index: number, at: PackPlace): KeyColumn;
  /** What a model has besides its keys. */
  completeModel(
    resource: KeyedResource,
    message: format.RelationalResourceModel,
    at: PackPlace,
    pathOf: PathReader,
  ): ResourceModel;
  fieldType(message: format.RelationalScalarType | null, column: Column, at: PackPlace): ScalarType;
  /** The columns that a write plan must bind. */
  requiredColumns(table: Table): readonly string[];
  /** The column that has the value of a source. */
  placeColumn(table: Table, source: PlaceSource): string | undefined;
  /** What must hold of the columns that identify, place and order the rows of a table. */
  checkStructure(table: LoadedTable): void;
  checkTablePlan(table: LoadedTable, plan: TableWritePlan): void;
  /** The parts that a resource must have, or must not have. */
  checkResource(message: format.ResourcePack, at: PackPlace): void;
}

/** What a generation decides about packs (design 08 §12, 17 §6). */
export interface PackRules {
  /** The version of the format that holds mapping sets of the generation. */
  readonly formatVersion: number;
  readonly columnKinds: Tokens<ColumnKind>;
  readonly write: PackWriteRules;
  readonly read: PackReadRules;
}
