import type { Inventory } from '@dms/inventory';
import type { DbTableName, RelationalModelSet } from '@dms/model';
import type { Lines, PlainSql } from '@dms/sql';
import type { HashedTexts, ReferentialRow, ShownRow, ShownValues } from './hashed-name.ts';

/*
 * Which rows follow from which (design 09c §4): stated once, as rules that give statements. Upgrades, the check of a
 * database and verification use them. The bodies of triggers do not: the rules judge what the triggers wrote.
 */

/** The schema set whose rows a law is about, in the dialect of the database. */
export interface LawfulSet {
  readonly model: RelationalModelSet;
  readonly inventory: Inventory;
}

/** The rules for rows that follow from others. */
type FollowName = 'rootRow' | 'contentVersion' | 'referentialIdentity' | 'abstractIdentity' | 'hierarchy';

/** Rows of a table follow from rows of other tables: all that follow are there, with their values, and no others. */
export interface FollowRule {
  readonly rule: FollowName;
  /** The resource or table that a finding names. */
  readonly object: string;
  /** The table whose rows follow. */
  readonly table: DbTableName;
  /** How statements call a row of the table. */
  readonly row: PlainSql;
  /** The columns that tell its rows apart. */
  readonly key: readonly string[];
  /** The other columns that follow, compared exactly. */
  readonly values: readonly FollowingColumn[];
  /** Columns whose values no two rows share, so that a row may have to wait for another to change. */
  readonly unique: readonly string[];
  /** The tables from which the rows follow: a doubt about these is a doubt about the rows. */
  readonly from: readonly DbTableName[];
  readonly expected: ExpectedRows | LawfulRows;
}

interface FollowingColumn {
  readonly column: string;
  /** Whether the value is compared as a text, so that letter case and trailing blanks count under any collation. */
  readonly isText: boolean;
}

/** The expected rows as a query with an arm for each source, whose rows differ in the key. */
interface ExpectedRows<Source = Arm> {
  readonly in: 'query';
  /** What stands before each statement in the same text, such as the closure of a hierarchy; without lines if nothing. */
  readonly before: Lines<PlainSql>;
  readonly arms: readonly Source[];
}

/** A rule whose rows a query gives. */
export interface QueriedRule extends FollowRule {
  readonly expected: ExpectedRows;
}

/** A rule each of whose rows copies one row of a source, so that a program can make them from the rows that it has read. */
export interface CopyRule extends FollowRule {
  readonly expected: ExpectedRows<CopyArm>;
}

/** A rule whose rows the program computes. */
export interface ComputedRule extends FollowRule {
  readonly expected: LawfulRows;
}

/** Expected rows from one source. */
export interface Arm {
  /** A table with its alias. */
  readonly from: PlainSql;
  /** Which of its rows; null for all. */
  readonly where: PlainSql | null;
  readonly key: readonly PlainSql[];
  readonly values: readonly PlainSql[];
}

/** A source all of whose rows are copied. */
export interface CopyArm extends Arm {
  /** The table, and its columns, from which the rows follow. */
  readonly reads: DbTableName;
  readonly columns: readonly string[];
  /** The row that a row requires, by column; both with values as the engine shows them. */
  row(shown: ShownValues): ShownValues;
}

/** The expected rows as a program computes them; the database computes them only to insert them. */
interface LawfulRows {
  readonly in: 'program';
  /** The table, and its columns, from which the rows follow. */
  readonly reads: DbTableName;
  readonly columns: readonly string[];
  /** The stored columns whose change changes the rows. */
  readonly projection: readonly string[];
  /** The columns with the id of a descriptor. */
  readonly descriptorColumns: readonly string[];
  /**
   * The rows that a row requires. `uris` has the URIs of descriptors by document id; `texts` are those of the generation
   * unless given.
   */
  rows(row: ShownRow, uris: ReadonlyMap<string, string>, texts?: HashedTexts): readonly ReferentialRow[];
  /** Inserts the rows of all rows of the table, in a database that has none of them. */
  readonly insertions: readonly Lines<PlainSql>[];
}
