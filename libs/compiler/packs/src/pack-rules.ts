import type { JsonPath, MappingVersion } from '@dms/api-schema';
import type { Column, ColumnKind, KeyColumn, KeyedResource, ResourceModel, ScalarType, Table } from '@dms/model';
import type { TableWritePlan, WriteValueSource } from '@dms/plans';
import { failInvariant, type PackPlace } from './fail-pack.ts';
import type { PackMessage } from './wire/message.ts';
import type { Tokens } from './wire/tokens.ts';

/** A table of a payload with its columns by name, and its place for messages. */
export interface LoadedTable {
  readonly model: Table;
  readonly at: PackPlace;
  readonly columns: ReadonlyMap<string, Column>;
}

/** The column with that name; throws `PACK_INVARIANT` if the table has none. */
export function existingColumn({ columns, at }: LoadedTable, name: string, what: string): Column {
  return columns.get(name) ?? failInvariant(at, what, 'a column of the table', name);
}

/** Whether a reference or descriptor is required, and whether it has a role name. */
interface SourceRoles {
  readonly isRequired: boolean;
  readonly isRoleNamed: boolean;
}

/** The source of a value that determines the place of a row. */
type PlaceSource = Extract<WriteValueSource, { readonly kind: 'document_id' | 'parent_key_part' | 'ordinal' }>;

/** The context of reading a payload. */
export interface PayloadReader {
  readonly version: MappingVersion;
  readonly rules: PackRules;
  /** Compiles a path; `what` names it in messages. */
  pathOf(text: string, at: PackPlace, what: string): JsonPath;
}

/** The rules of a generation for packs (design 08 §12, 17 §6). Functions that read or check throw `PACK_INVARIANT`. */
export interface PackRules {
  /** The version of the format for mapping sets of the generation. */
  readonly formatVersion: number;
  readonly columnKinds: Tokens<ColumnKind>;
  /** The message about the identity of the rows of a table, and the roles of a reference or a descriptor. */
  identityMessage(table: Table): PackMessage<'TableIdentity'> | null;
  roles(source: SourceRoles): SourceRoles;
  /** Reads a column of a key; `kind` is undefined for an unknown number. */
  keyColumn(name: string, kind: ColumnKind | undefined, index: number, at: PackPlace): KeyColumn;
  /** Reads the parts of a model besides its keys. */
  completeModel(
    resource: KeyedResource,
    message: PackMessage<'RelationalResourceModel'>,
    at: PackPlace,
    reader: PayloadReader,
  ): ResourceModel;
  /** Writes and reads the type of a part of a reference. */
  readonly fieldType: {
    write(type: ScalarType): PackMessage<'RelationalScalarType'> | null;
    read(
      message: PackMessage<'RelationalScalarType'> | null,
      column: Column,
      at: PackPlace,
      reader: PayloadReader,
    ): ScalarType;
  };
  /** The columns that a write plan must bind. */
  requiredColumns(table: Table): readonly string[];
  /** The column with the value of a source. */
  placeColumn(table: Table, source: PlaceSource): string | undefined;
  /** Checks the columns that identify, place and order the rows of a table. */
  checkStructure(table: LoadedTable): void;
  checkTablePlan(table: LoadedTable, plan: TableWritePlan): void;
  /** Checks the parts that a resource must have, and those that it must not have. */
  checkResource(message: PackMessage<'ResourcePack'>, at: PackPlace): void;
}
