import type { QualifiedName } from '@dms/sql';
import type { AffectedRows, AffectedTable, MadeChange } from './effect.ts';

/** Where an operation works, and why. */
export interface Operated {
  /** `schema.name` of its object, as messages and reports name it. */
  readonly subject: string;
  /** The tables and views whose locks it takes. */
  readonly on: readonly AffectedTable[];
  /** The changes that it makes; empty where it only makes room for others. */
  readonly for: readonly MadeChange[];
}

/** An operation on a table, by the name that the table has at that point. */
export interface OnTable extends Operated {
  readonly table: QualifiedName;
}

/** An operation that derives rows, or writes some of them. */
export interface OnRows extends OnTable {
  /** The rows that determine its time; by default the rows of its table. */
  readonly rows?: AffectedRows | undefined;
}

/**
 * Why nobody waits where a preparation makes an operation before the upgrade: nobody uses its new table, or those of
 * both ends of a foreign key; a foreign key leads from a new table to one in use; or the engine has a way for tables in
 * use (design 12a §5.1).
 */
export type EarlyWay = 'new' | 'newToUsed' | 'used';

/** An operation that a preparation may make; `early` is null if only the upgrade can make it. */
export interface Preparable {
  readonly early: EarlyWay | null;
}

/** A trigger, key or index of a table. */
export type PartOfTable = Pick<OnTable, 'table'> & { readonly name: string };

/** PostgreSQL drops an object of a table or a view. */
export const pgDrop = { lock: 'ACCESS EXCLUSIVE', source: 'pg DROP' } as const;

/** The lock of ALTER TABLE where nothing weaker is documented. */
export const pgAlterTable = { lock: 'ACCESS EXCLUSIVE', source: 'pg ALTER TABLE' } as const;
export const msAlterTable = { lock: 'Sch-M', source: 'ms ALTER TABLE' } as const;
