import type { NumberSource } from '@dms/databases';
import type { DbTableName, ScalarType } from '@dms/model';
import type { DialectRules } from '@dms/sql';

/** A value on either side of a comparison, as an expression. */
export interface ComparedValue {
  readonly left: string;
  readonly right: string;
  /** Whether the value is compared as a text, so that letter case and trailing blanks count under any collation. */
  readonly isText: boolean;
}

/** A table with an alias; `on` joins its rows to the rows of the preceding tables. */
export interface JoinedTable {
  readonly table: DbTableName;
  readonly alias: string;
  readonly on: string;
}

/** Updates columns of a table with the alias `t` from rows of other tables. */
interface RowUpdate {
  readonly table: DbTableName;
  readonly assignments: readonly { readonly column: string; readonly value: string }[];
  readonly from: readonly [JoinedTable, ...JoinedTable[]];
  readonly where: string;
}

/** A query; `prepare` holds the statements that precede it in the same text, if any. */
export interface PreparedQuery {
  readonly prepare: string;
  readonly query: string;
}

/** Documents whose values are in the columns of `table`. */
export interface PageOfDocuments {
  readonly table: DbTableName;
  readonly columns: readonly string[];
  /** The stored ids of the row `t`, as an expression; null if none are stored. */
  readonly stored: string | null;
}

/** A document of a page, with its values as texts and its stored referential ids as `id resourceKeyId`. */
export interface PageRow {
  readonly documentId: string;
  readonly uuid: string;
  readonly resourceKeyId: string;
  readonly stored: readonly string[];
  readonly values: Readonly<Record<string, string | null>>;
}

/** The statements of each engine that compare and rewrite rows (design 09c §4). */
export interface RowDialect {
  readonly rules: DialectRules;
  /** The current time of the server, as an expression. */
  readonly now: string;
  /** A time before which no server can have run, as an expression. */
  readonly epoch: string;
  /** Whether every row that a transaction writes gets the same time by default. */
  readonly hasTransactionTime: boolean;
  /** Converts a number to text. */
  numberText(value: string): string;
  /** Converts a text of any length, such as a JSON document, to text. */
  longText(value: string): string;
  /** Converts a value of any other type to text, to show it. */
  shownText(value: string): string;
  /** Converts a UUID to text in lower case. */
  uuidText(value: string): string;
  readonly concatenation: string;
  /** The condition that a column has a value that no document can hold; null if the type takes no such value. */
  cannotBeWritten(column: string, kind: ScalarType['kind']): string | null;
  /** The condition that the values differ; NULL counts as a value. */
  differ(values: readonly ComparedValue[]): string;
  /** The first rows of a query for `example`, with the number of all rows as `total`. */
  firstOf(query: PreparedQuery, count: number): string;
  update(update: RowUpdate): string;
  /** Deletes rows of a table with the alias `t`. */
  remove(table: DbTableName, condition: string): string;
  /** The statements before a query, whose row counts are not results of their own. */
  prepared(statements: string): string;
  /**
   * The last generated number; before the first one 0, or the first number if the engine does not distinguish the two.
   */
  lastNumber(source: NumberSource): string;
  /** Makes the generator continue after `used`, an expression greater than the last number. */
  raiseNumber(source: NumberSource, used: string): string;
  /** Prevents all other sessions from writing the table until the transaction ends. */
  lockTable(table: DbTableName): string;
  /** Enables or disables the triggers of a table, to correct rows without a change of their document. */
  triggers(table: DbTableName, state: 'DISABLE' | 'ENABLE'): string;
  /** Reads the next documents after the id in the parameter. */
  page(page: PageOfDocuments, size: number): string;
  pageRow(row: Readonly<Record<string, unknown>>, columns: readonly string[]): PageRow;
  /** The condition that a column is one of the ids in the parameter from {@link RowDialect.idParameter}. */
  isAmong(column: string): string;
  idParameter(ids: readonly string[]): unknown;
}
