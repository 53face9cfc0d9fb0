import type { NumberSource } from '@dms/databases';
import type { ReferentialRow } from '@dms/laws';
import type { DbTableName, ScalarType } from '@dms/model';
import type { Dialect, PlainSql, Sql } from '@dms/sql';

/** A table with an alias; `on` joins its rows to the rows of the preceding tables. */
export interface JoinedTable {
  readonly table: DbTableName;
  readonly alias: PlainSql;
  readonly on: PlainSql;
}

/** Updates columns of a table with the alias `t` from rows of other tables. */
export interface RowUpdate<Condition extends Sql> {
  readonly table: DbTableName;
  readonly assignments: readonly { readonly column: string; readonly value: PlainSql }[];
  readonly from: readonly [JoinedTable, ...JoinedTable[]];
  readonly where: Condition;
}

/** A query; `prepare` holds the statements that precede it in the same text, if any. */
export interface PreparedQuery {
  readonly prepare: PlainSql;
  readonly query: PlainSql;
}

/** Documents whose values are in the columns of `table`. */
export interface PageOfDocuments {
  readonly table: DbTableName;
  readonly columns: readonly string[];
  /** The stored ids of the row `t`, as an expression; null if none are stored. */
  readonly stored: PlainSql | null;
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
  readonly rules: Dialect;
  /** The current time of the server, as an expression. */
  readonly now: PlainSql;
  /** A time before which no server can have run, as an expression. */
  readonly epoch: PlainSql;
  /** Whether every row that a transaction writes gets the same time by default. */
  readonly hasTransactionTime: boolean;
  /** Converts a text of any length, such as a JSON document, to text. */
  longText(value: PlainSql): PlainSql;
  /** Converts a value of any other type to text, to show it. */
  shownText(value: PlainSql): PlainSql;
  /** The condition that a column has a value that no document can hold; null if the type takes no such value. */
  cannotBeWritten(column: PlainSql, kind: ScalarType['kind']): PlainSql | null;
  /** The first rows of a query for `example`, with the number of all rows as `total`. */
  firstOf(query: PreparedQuery, count: number): PlainSql;
  update(update: RowUpdate<PlainSql>): PlainSql;
  update(update: RowUpdate<Sql>): Sql;
  /** Deletes rows of a table with the alias `t`. */
  remove(table: DbTableName, condition: PlainSql): PlainSql;
  /** The statements before a query, whose row counts are not results of their own. */
  prepared(statements: PlainSql): PlainSql;
  /**
   * The last generated number; before the first one 0, or the first number if the engine does not distinguish the two.
   */
  lastNumber(source: NumberSource): PlainSql;
  /** Makes the generator continue after `used`, an expression greater than the last number. */
  raiseNumber(source: NumberSource, used: PlainSql): PlainSql;
  /** Prevents all other sessions from writing the table until the transaction ends. */
  lockTable(table: DbTableName): PlainSql;
  /** Enables or disables the triggers of a table, to correct rows without a change of their document. */
  triggers(table: DbTableName, areOn: boolean): PlainSql;
  /** The stored referential ids of the document of a row `t`: `id resourceKeyId` of each. */
  readonly storedIds: PlainSql;
  /** Inserts referential ids, which are sent as parameters. */
  insertIds(rows: readonly ReferentialRow[]): Sql;
  /** Reads the next documents after an id. */
  page(page: PageOfDocuments, size: number, after: string): Sql;
  pageRow(row: Readonly<Record<string, unknown>>, columns: readonly string[]): PageRow;
}
