import type { DbTrigger } from '@dms/inventory';
import type { Column, DbTableName } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import type { TableType } from './catalog.ts';
import type { CoreTable } from './definition/core-tables.ts';
import type { LogicalTrigger, OwnerRole, RoutineDefinition, TriggerDefinition } from './definition/definition.ts';

/** A trigger of a core table that is not in the inventory. */
export interface CoreTableTrigger {
  /** The name of the table. */
  readonly table: string;
  readonly trigger: LogicalTrigger;
}

/** A trigger that the tool of the Ed-Fi service makes. */
export interface ServiceTrigger extends TriggerDefinition {
  /** The name of its function, in the schema of its table; null in SQL Server. */
  readonly function: string | null;
}

/** The objects of a generation that differ between the dialects. */
export interface DialectObjects {
  readonly extensions: readonly { readonly name: string; readonly schema: string }[];
  /** Routines in creation order. */
  readonly routines: readonly RoutineDefinition[];
  /** Table types in creation order. */
  readonly tableTypes: readonly TableType[];
  readonly ownerRole: OwnerRole | null;
  readonly coreTriggers: readonly CoreTableTrigger[];
  /**
   * The triggers of an entry of the inventory, in creation order; `storedColumns` are the stored columns of its table.
   */
  defineTriggers(entry: DbTrigger, storedColumns: readonly string[]): readonly TriggerDefinition[];
  /** The triggers that the service's tool makes for an entry; null if the service does not use the generation. */
  readonly serviceTriggersOf: ((entry: DbTrigger) => readonly ServiceTrigger[]) | null;
}

/** The value of a column default. */
export type DefaultKind = 'nextVersion' | 'nextItemId' | 'now' | 'zero';

/** An object that distinguishes the shapes of a database with one fingerprint version (design 16 §1.1). */
export interface ShapeMark {
  readonly kind: 'table' | 'unique' | 'index' | 'foreignKey';
  /** The name of the table in schema `dms`; of a table itself the same as `name`. */
  readonly table: string;
  readonly name: string;
  /** Whether `upgrade prepare` makes it in a database that keeps its shape until the upgrade (design 12a §5). */
  readonly isPrepared?: true;
}

/** A collation that folds URIs independently of that of the database (design 22 §1.1). */
export interface UriFolding {
  /** The first version of PostgreSQL with the collation, as `server_version_num`. */
  readonly oldestPgsql: number;
}

/** The rules of a generation for the objects of a database (design 06 §4, 16 §2–§4). */
export interface CatalogRules {
  /** Core tables in creation order. */
  readonly coreTables: readonly CoreTable[];
  /** Sequences sorted by name. */
  readonly sequences: readonly DbTableName[];
  readonly objects: Readonly<Record<SqlDialect, DialectObjects>>;
  /** The default of a stored column of a resource table, or null. */
  columnDefault(column: Pick<Column, 'kind'>): DefaultKind | null;
  /**
   * The names of the tables of schema `dms` that the service adds for its change feed; they are not in a schema set.
   */
  readonly serviceTables: readonly string[];
  /**
   * The objects that tell its databases from those of generations with the same fingerprint version (design 16 §1.1);
   * empty if no other has it.
   */
  readonly marks: readonly ShapeMark[];
  /** The collation of the texts of identities (design 22 §2.3); null for that of the database. */
  readonly identityCollation: Readonly<Record<SqlDialect, string | null>>;
  /** The folding of the URIs of descriptors; null if the collation of the database folds them. */
  readonly uriFolding: UriFolding | null;
  /** The format number in the catalog files of the generation. */
  readonly fileFormat: number;
}
