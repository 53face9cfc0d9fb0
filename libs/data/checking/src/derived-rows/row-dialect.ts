import type { NumberSource } from '@dms/databases';
import type { AuthEdOrgHierarchy } from '@dms/inventory';
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

/** The statements of each engine that compare and rewrite rows (design 09 §7.6). */
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
  /** The pairs in which the hierarchy and its closure differ, as `example`. */
  hierarchy(hierarchy: AuthEdOrgHierarchy): PreparedQuery;
  /**
   * The differing pairs of the hierarchy, as `example`, that no other pair decides: stored pairs of existing
   * organizations that do not follow from the parents, and missing pairs of a child and its parent, unless further
   * pairs show that the child has this parent.
   */
  undecidedPairs(hierarchy: AuthEdOrgHierarchy): PreparedQuery;
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

/* Rules for contradictions between pairs of the hierarchy and organizations (design 09 §7.6). */

/** The names that an engine uses for the closure of the parents and for the stored pairs. */
export interface PairNames {
  /** The closure, as a table. */
  readonly closure: string;
  /** Its columns. */
  readonly above: string;
  readonly below: string;
  /** The table of the hierarchy, and its columns. */
  readonly table: string;
  readonly source: string;
  readonly target: string;
}

/**
 * The condition that a pair of the closure `c` or of the table `t`, which the other lacks, is undecided. A superfluous
 * pair of two existing organizations is undecided: the child may have lost its parent. A missing pair is undecided,
 * unless other pairs are witnesses: an organization lacks the pair with itself, so pairs were lost; the pair follows
 * from two others; or a pair that follows from this one is present.
 */
export function isUndecidedPair({ closure, above, below, table, source, target }: PairNames): string {
  const isOrganization = (column: string) => `${column} IN (SELECT o.${below} FROM ${closure} AS o)`;
  const isStored = (one: string, other: string) =>
    `EXISTS (SELECT 1 FROM ${table} AS s WHERE s.${source} = ${one} AND s.${target} = ${other})`;
  const from = `c.${above}`;
  const to = `c.${below}`;
  const follows = `EXISTS (SELECT 1 FROM ${table} AS s INNER JOIN ${table} AS r ON r.${source} = s.${target} WHERE s.${source} = ${from} AND r.${target} = ${to} AND s.${target} <> ${from} AND s.${target} <> ${to})`;
  const count = (column: string) => `(SELECT COUNT(*) FROM ${closure} AS n WHERE n.${below} = ${column})`;
  // all other ancestors of the child are also ancestors of the parent, so their pairs follow from this one
  const isOnlyWay = `${count(to)} = ${count(from)} + 1`;
  const further = `EXISTS (SELECT 1 FROM ${closure} AS m INNER JOIN ${table} AS s ON s.${source} = m.${above} AND s.${target} = ${to} WHERE m.${below} = ${from} AND m.${above} <> ${from})`;
  const isLost = [`t.${source} IS NULL`, `${from} <> ${to}`, isStored(from, from), isStored(to, to)];
  return [
    `(${from} IS NULL AND ${isOrganization(`t.${source}`)} AND ${isOrganization(`t.${target}`)})`,
    `(${isLost.join(' AND ')} AND NOT ${follows} AND NOT (${isOnlyWay} AND ${further}))`,
  ].join(' OR ');
}
