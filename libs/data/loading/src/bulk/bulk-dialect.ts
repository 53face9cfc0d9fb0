import type { TableDefinition } from '@dms/catalog';
import type { Connection } from '@dms/databases';
import type { StoredRow } from '@dms/documents';
import type { DbTableName } from '@dms/model';
import type { PlainSql, QualifiedName } from '@dms/sql';
import type { PostponedKeys } from './postponed-keys.ts';

/** A table, with the columns that a load fills. */
export interface FilledTable extends QualifiedName {
  readonly columns: readonly Pick<TableDefinition['columns'][number], 'name' | 'type' | 'isIdentity'>[];
}

/** Rows of one table that wait to be written. */
export interface WaitingRows {
  readonly table: FilledTable;
  /** The number of bytes of the rows. */
  readonly length: number;
  /** Adds a row with the values of the columns of the table; returns its number of bytes. */
  addRow(row: StoredRow): number;
  /** The rows in some ranges, which begin and end at row boundaries; at least one row. */
  contentOf(ranges: readonly ByteRange[]): Uint8Array;
}

/** The offsets at which a range of rows begins and ends. */
export type ByteRange = readonly [from: number, to: number];

/** Rows in the form in which they are sent. */
export interface SentRows {
  readonly table: FilledTable;
  readonly content: Uint8Array;
}

/** A referential id or a uuid, and the id of its document. */
export type IdentityRow = readonly [id: string, documentId: number];

/** Tables that a user may not alter. */
interface TablesOfOthers {
  readonly user: string;
  /** Not quoted; there is at least one. */
  readonly tables: readonly [string, ...string[]];
}

/** The statements and row formats of `load --bulk` for an engine (design 14a §3). */
export interface BulkDialect {
  /** Whether `load --bulk` can write rows through a session. */
  canWrite(connection: Connection): boolean;
  newRows(table: FilledTable): WaitingRows;
  /** Writes rows of a table; there is at least one. */
  write(connection: Connection, rows: SentRows): Promise<void>;
  /**
   * Finds the rows of a table that the database refuses by themselves, from the failures that the engine reports;
   * returns the offsets at which they begin. Rows before a refused one may be missing when those after it are tried, so
   * the result is a guess, and the caller undoes the writes. Throws failures that are not about a row. Null if the
   * engine names no row.
   */
  readonly rejectedOffsets: ((connection: Connection, rows: SentRows) => Promise<readonly number[]>) | null;
  /** The tables that the user of the session may not alter; null if there are none. */
  tablesOfOthers(connection: Connection, tables: readonly QualifiedName[]): Promise<TablesOfOthers | null>;
  /** Locks one or more tables against other writers, or against all other sessions. */
  lockTables(tables: readonly QualifiedName[], against: 'writers' | 'everybody'): PlainSql;
  switchTriggers(table: QualifiedName, areOn: boolean, triggers: readonly string[]): PlainSql;
  /** The foreign keys to drop, for tables with the bytes of input for each. */
  postponedKeys(
    connection: Connection,
    tables: readonly (readonly [table: QualifiedName, bytes: number])[],
  ): Promise<PostponedKeys>;
  /** The keys to documents that are better dropped while that many documents are deleted (design 12a §6). */
  keysToDocuments(connection: Connection, deleted: number): Promise<PostponedKeys>;
  /** The values of a column with uuids, each with the id of its document, some at a time. */
  readUuids(connection: Connection, table: QualifiedName, column: string): AsyncIterable<readonly IdentityRow[]>;
  /** Reserves ids for new documents. `dms.Document` is locked. */
  documentIds(connection: Connection): ReserveNumbers;
  numbersOf(connection: Connection, sequence: DbTableName): ReserveNumbers;
  /** `uuid` and `key` (`ResourceKeyId`) of the document with an id. */
  storedDocument(
    connection: Connection,
    documentId: number,
  ): Promise<readonly { readonly uuid: string; readonly key: number }[]>;
  /**
   * The time of new documents, in the form that their columns take; null if the defaults of the columns are the
   * beginning of the transaction, and so the same in all tables.
   */
  startTime(connection: Connection): Promise<string | null>;
  /** Runs the checks that otherwise wait for the end of the transaction. */
  checkDeferred(connection: Connection): Promise<void>;
}

/** The first number of a run of consecutive ones, and the last. */
export type NumberRange = readonly [first: bigint, last: bigint];

/** Reserves `count` numbers. */
export type ReserveNumbers = (count: number) => Promise<readonly NumberRange[]>;

const firstBlock = 256;
const largestBlock = 32_768;

/**
 * Numbers of a sequence, reserved in blocks. Each block is twice as large as the one before, so that a small load
 * wastes few numbers and a large one seldom waits for them.
 */
export class ReservedNumbers {
  private readonly reserve: ReserveNumbers;
  private readonly ranges: { next: bigint; readonly last: bigint }[] = [];
  private left = 0;
  private block = firstBlock;

  constructor(reserve: ReserveNumbers) {
    this.reserve = reserve;
  }

  /**
   * The next numbers, as text, in ascending order; a promise of them if they must be reserved first. Must not be called
   * again before that promise is settled.
   */
  take(count: number): readonly string[] | Promise<readonly string[]> {
    return this.left < count ? this.takeReserved(count) : this.taken(count);
  }

  private async takeReserved(count: number): Promise<readonly string[]> {
    while (this.left < count) await this.reserveMore(count - this.left);
    return this.taken(count);
  }

  private taken(count: number): readonly string[] {
    this.left -= count;
    const taken: string[] = [];
    while (taken.length < count) {
      const [range] = this.ranges;
      if (!range) throw new Error('fewer numbers are reserved than counted');
      for (; range.next <= range.last && taken.length < count; range.next += 1n) taken.push(String(range.next));
      if (range.next > range.last) this.ranges.shift();
    }
    return taken;
  }

  private async reserveMore(missing: number): Promise<void> {
    const ranges = await this.reserve(Math.max(missing, this.block));
    this.block = Math.min(2 * this.block, largestBlock);
    const before = this.left;
    for (const [first, last] of ranges) {
      this.ranges.push({ next: first, last });
      this.left += Number(last - first) + 1;
    }
    if (this.left === before) throw new Error('the sequence gives no numbers');
  }
}
