import type { Column, ColumnKind, KeyColumn, KeyedResource, ResourceModel, ScalarType, Table } from '@dms/model';
import type { TableWritePlan, WriteValueSource } from '@dms/plans';
import type { LoadedTable } from './load/loaded-table.ts';
import type { PathReader } from './load/path-reader.ts';
import type { PackPlace } from './refusal.ts';
import type * as format from './wire/pack-format.ts';
import type { Tokens } from './wire/tokens.ts';

/** Whether a reference or descriptor is required, and whether it has a role name. */
export interface SourceRoles {
  readonly isRequired: boolean;
  readonly isRoleNamed: boolean;
}

/** The parts of a model and its plans in packs that differ between generations. */
export interface PackWriteRules {
  identity(table: Table): format.TableIdentity | null;
  roles(source: SourceRoles): SourceRoles;
  fieldType(type: ScalarType): format.RelationalScalarType | null;
}

/** A source for the place of a row. */
export type PlaceSource = Extract<WriteValueSource, { readonly kind: 'document_id' | 'parent_key_part' | 'ordinal' }>;

/** Functions to read them, which throw `PACK_INVARIANT`. */
export interface PackReadRules {
  /** `kind` is undefined for an unknown number. */
  keyColumn(name: string, kind: ColumnKind | undefined, index: number, at: PackPlace): KeyColumn;
  /** The parts of a model besides its keys. */
  completeModel(
    resource: KeyedResource,
    message: format.RelationalResourceModel,
    at: PackPlace,
    pathOf: PathReader,
  ): ResourceModel;
  fieldType(message: format.RelationalScalarType | null, column: Column, at: PackPlace): ScalarType;
  /** The columns that a write plan must bind. */
  requiredColumns(table: Table): readonly string[];
  /** The column with the value of a source. */
  placeColumn(table: Table, source: PlaceSource): string | undefined;
  /** Checks the columns that identify, place and order the rows of a table. */
  checkStructure(table: LoadedTable): void;
  checkTablePlan(table: LoadedTable, plan: TableWritePlan): void;
  /** The parts that a resource must have, or must not have. */
  checkResource(message: format.ResourcePack, at: PackPlace): void;
}

/** The rules of a generation for packs (design 08 §12, 17 §6). */
export interface PackRules {
  /** The version of the format for mapping sets of the generation. */
  readonly formatVersion: number;
  readonly columnKinds: Tokens<ColumnKind>;
  readonly write: PackWriteRules;
  readonly read: PackReadRules;
}
