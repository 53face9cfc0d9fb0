import type { AuthEdOrgHierarchy } from '@dms/inventory';
import type { DbTableName } from '@dms/model';
import type { DialectRules } from '@dms/sql';

/** A value on either side of a comparison, as an expression. */
export interface ComparedValue {
  readonly left: string;
  readonly right: string;
  /** Whether it is compared as a text: letter case and blanks at the end count, whatever the collation. */
  readonly isText: boolean;
}

/** A table behind an alias; `on` says which of its rows belong to those of the tables before. */
export interface JoinedTable {
  readonly table: DbTableName;
  readonly alias: string;
  readonly on: string;
}

/** Writes columns of a table, which is called `t`, from values in rows of others. */
export interface RowUpdate {
  readonly table: DbTableName;
  readonly assignments: readonly { readonly column: string; readonly value: string }[];
  readonly from: readonly [JoinedTable, ...JoinedTable[]];
  readonly where: string;
}

/** What gives numbers: a sequence, or the identity of a column. */
export type NumberSource =
  | { readonly kind: 'sequence'; readonly sequence: DbTableName }
  | { readonly kind: 'identity'; readonly table: DbTableName; readonly column: string };

/** A query; `prepare` are the statements that stand before it in the same text, or nothing. */
export interface PreparedQuery {
  readonly prepare: string;
  readonly query: string;
}

/** Documents whose referential ids are computed: `table` is where their values are. */
export interface PageOfDocuments {
  readonly table: DbTableName;
  readonly columns: readonly string[];
}

/** A document of a page, with its values as texts and its referential ids as `id resourceKeyId`. */
export interface PageRow {
  readonly documentId: string;
  readonly uuid: string;
  readonly resourceKeyId: string;
  readonly stored: readonly string[];
  readonly values: Readonly<Record<string, string | null>>;
}

/** How rows are compared and rewritten in each engine (design 09 §7.6). */
export interface RowDialect {
  readonly rules: DialectRules;
  /** A number as a text. */
  numberText(value: string): string;
  /** A uuid as a text in lower case. */
  uuidText(value: string): string;
  readonly concatenation: string;
  /** Whether the values differ, NULL being a value. */
  differ(values: readonly ComparedValue[]): string;
  /** The first rows of a query of `example`s, with how many there are as `total`. */
  firstOf(query: PreparedQuery, count: number): string;
  update(update: RowUpdate): string;
  /** Deletes rows of a table, which is called `t`. */
  remove(table: DbTableName, condition: string): string;
  /** The pairs by which the hierarchy and its closure differ, as `example`. */
  hierarchy(hierarchy: AuthEdOrgHierarchy): PreparedQuery;
  /** The last number that was given, an expression; for none 0, or the first number where the engine does not tell them apart. */
  lastNumber(source: NumberSource): string;
  /** Makes the numbers go on after `used`, an expression that is greater than the last one. */
  raiseNumber(source: NumberSource, used: string): string;
  /** Keeps everybody else from writing the table until the transaction ends. */
  lockTable(table: DbTableName): string;
  /** The next documents after the id of the parameter. */
  page(page: PageOfDocuments, size: number): string;
  pageRow(row: Readonly<Record<string, unknown>>, columns: readonly string[]): PageRow;
  /** Whether a column is one of the ids of the parameter of {@link RowDialect.idParameter}. */
  isAmong(column: string): string;
  idParameter(ids: readonly string[]): unknown;
  /** Inserts the rows of the parameters of {@link RowDialect.identityParameters}. */
  readonly insertIdentities: string;
  identityParameters(rows: readonly IdentityRow[]): readonly unknown[];
}

/** A row of `dms.ReferentialIdentity`. */
export interface IdentityRow {
  readonly referentialId: string;
  readonly documentId: string;
  readonly resourceKeyId: string;
}
