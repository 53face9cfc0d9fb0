import type { TableDefinition } from '@dms/catalog';
import type { Connection } from '@dms/databases';
import type { StoredRow } from '@dms/documents';
import type { DbTableName } from '@dms/model';
import type { QualifiedName } from '@dms/sql';
import type { PostponedKeys } from './postponed-keys.ts';
import type { ReserveNumbers } from './reserved-numbers.ts';

/** A table, with the columns that a load fills. */
export interface FilledTable extends QualifiedName {
  readonly columns: readonly Pick<TableDefinition['columns'][number], 'name' | 'type' | 'isIdentity'>[];
}

/** Rows of one table that wait to be written. */
export interface WaitingRows {
  readonly table: FilledTable;
  /** How many bytes there are. */
  readonly length: number;
  /** Adds values of the columns of the table; returns how many bytes the row has. */
  addRow(row: StoredRow): number;
  /** The rows between some lengths at which rows begin and end, at least one row. */
  contentOf(ranges: readonly ByteRange[]): Uint8Array;
}

/** From one length of rows up to another. */
export type ByteRange = readonly [from: number, to: number];

/** Rows in the form in which they are sent. */
export interface SentRows {
  readonly table: FilledTable;
  readonly content: Uint8Array;
}

/** A referential id or a uuid, and the id of its document. */
export type IdentityRow = readonly [id: string, documentId: number];

/** Tables that a user may not alter. */
export interface TablesOfOthers {
  readonly user: string;
  /** Not quoted; there is at least one. */
  readonly tables: readonly [string, ...string[]];
}

/** What `load --bulk` sends to an engine (design 14 §8). */
export interface BulkDialect {
  /** Whether a session can write rows in this way. */
  canWrite(connection: Connection): boolean;
  newRows(table: FilledTable): WaitingRows;
  /** Writes rows of a table; there is at least one. */
  write(connection: Connection, rows: SentRows): Promise<void>;
  /**
   * Finds out which of the rows of a table the database refuses by themselves, from what the engine says about a
   * failure; returns the offsets at which they begin. Rows before a refused one may be missing when those after it are
   * tried, so all that it finds is a guess, and the caller undoes what it writes. Throws what is not about a row. Null
   * where the engine names no row.
   */
  readonly refusedOffsets: ((connection: Connection, rows: SentRows) => Promise<readonly number[]>) | null;
  /** Null where the user of the session may alter all of the tables. */
  tablesOfOthers(connection: Connection, tables: readonly QualifiedName[]): Promise<TablesOfOthers | null>;
  /** Locks one or more tables against other writers, or against all other sessions. */
  lockText(tables: readonly QualifiedName[], against: 'writers' | 'everybody'): string;
  switchTriggers(table: QualifiedName, action: 'DISABLE' | 'ENABLE', triggers: readonly string[]): string;
  /** The foreign keys to drop, of tables with the bytes of input for each. */
  postponedKeys(
    connection: Connection,
    tables: readonly (readonly [table: QualifiedName, bytes: number])[],
  ): Promise<PostponedKeys>;
  /** The values of a column with uuids, each with the id of its document, some at a time. */
  uuidsOf(connection: Connection, table: QualifiedName, column: string): AsyncIterable<readonly IdentityRow[]>;
  /** Reserves ids for new documents. `dms.Document` is locked. */
  documentIds(connection: Connection): ReserveNumbers;
  numbersOf(connection: Connection, sequence: DbTableName): ReserveNumbers;
  /** `uuid` and `key` (`ResourceKeyId`) of the document with an id. */
  storedDocument(
    connection: Connection,
    documentId: number,
  ): Promise<readonly { readonly uuid: string; readonly key: number }[]>;
  /**
   * The time of new documents, as their columns take it; null where the defaults of the columns are the beginning of
   * the transaction, and so the same in all tables.
   */
  startTime(connection: Connection): Promise<string | null>;
  /** Makes the database check what otherwise waits for the end of the transaction. */
  checkDeferred(connection: Connection): Promise<void>;
}
