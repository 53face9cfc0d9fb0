import type { DbTableName, ScalarType } from '@dms/model';
import type { Moments } from '@dms/plans';
import { type Dialect, join, type PlainSql } from '@dms/sql';
import type { ColumnContent, OdsTable, OdsType } from '../mapping/ods-mapping.ts';

/** A value of a view. Columns are named by the alias of their table. */
export type Expression =
  | { readonly kind: 'column'; readonly alias: string; readonly column: string }
  | { readonly kind: 'coalesce'; readonly of: readonly Expression[] }
  /** A moment without its time zone, in UTC. */
  | { readonly kind: 'utc'; readonly of: Expression }
  /** A date or moment; `ends` has the stored text for the first and the last one, by the text that replaces it. */
  | { readonly kind: 'finite'; readonly of: Expression; readonly ends: ReadonlyMap<string, string> }
  | { readonly kind: 'text'; readonly text: string }
  /** The prefix of the first condition that holds, or `otherwise`, before the text of `of`. */
  | { readonly kind: 'prefixed'; readonly of: Expression; readonly when: readonly Prefix[]; readonly otherwise: string }
  | { readonly kind: 'null' };

export interface Prefix {
  readonly column: Expression;
  readonly values: readonly (string | number)[];
  readonly prefix: string;
}

export interface JoinPair {
  readonly left: Expression;
  /** A column of the joined table. */
  readonly column: string;
}

/**
 * A `LEFT JOIN` on a key of the joined table, so that the engine drops it from a query that does not use it (design 19
 * §6.3).
 */
export interface Join {
  readonly table: DbTableName;
  readonly alias: string;
  readonly on: readonly JoinPair[];
}

/** Rows of another table that have the values of a row in some columns. */
export interface RowsWithin {
  readonly table: DbTableName;
  readonly alias: string;
  readonly on: readonly JoinPair[];
}

/** A condition that a row must meet. */
export type Condition =
  /** At least one of the values is not NULL, or one of the tables has a row. Without any, no row meets it. */
  | { readonly kind: 'anyPresent'; readonly of: readonly Expression[]; readonly rows: readonly RowsWithin[] }
  | { readonly kind: 'equals'; readonly left: Expression; readonly value: string | number };

export interface SelectedColumn {
  readonly expression: Expression;
  /** The type of the selected column; null if the expression has the type of the view's column. */
  readonly physicalType: ScalarType | null;
}

/** The rows of one resource in a view. */
export interface ViewArm {
  readonly from: { readonly table: DbTableName; readonly alias: string };
  readonly joins: readonly Join[];
  readonly where: readonly Condition[];
  /** In the order of the columns of the view. */
  readonly columns: readonly SelectedColumn[];
}

/**
 * The columns of later ODS scripts, in the order in which these are deployed: scripts of the structure, then of changes
 * (design 19 §6.4).
 */
export const changeColumns = ['AggregateId', 'AggregateData', 'ChangeVersion'] as const;

export type ChangeColumn = (typeof changeColumns)[number];

export type ViewType = OdsType | { readonly kind: 'bytes' };

/** A column of a view: one of the mapping, or one that an option adds. */
export interface ViewColumn {
  readonly name: string;
  readonly pgsqlName: string;
  readonly content: ColumnContent | { readonly kind: 'change'; readonly column: ChangeColumn };
  readonly type: ViewType;
}

/**
 * The join with `dms.Document` that all arms of a view share, around their `UNION ALL`. An arm without another join is
 * then a select from one table, and PostgreSQL can use an index for a join of the query. It cannot if the arm has a join
 * itself (design 19 §6.5).
 */
export interface SharedDocument {
  /** In the order of the columns of the view; null if the arms have the value. */
  readonly columns: readonly (SelectedColumn | null)[];
  /** The documents of the rows, in the order of the arms. */
  readonly documentIds: readonly Expression[];
  readonly join: Pick<Join, 'table' | 'alias'> & { readonly column: string };
}

/** A view with the name and the columns of a table of an ODS (design 19 §6). */
export interface ReportingView {
  /** The table of the mapping. */
  readonly table: OdsTable;
  readonly columns: readonly ViewColumn[];
  /** At least one; several are a `UNION ALL`. */
  readonly arms: readonly ViewArm[];
  /** Null if each arm joins its documents itself. */
  readonly document: SharedDocument | null;
}

/*
 * The values that databases store for the first and the last day and moment, and queries that replace them (design 19
 * §6.2, 16 §6.4).
 */

/**
 * A date or moment with a text in place of each end of time. NULL stays. Conditions on the result cannot use indexes on
 * the column: the planner does not know that the order is the same.
 */
export function finiteMoment({ sql, literal }: Dialect, moment: PlainSql, ends: ReadonlyMap<string, string>): PlainSql {
  const cases = [...ends].map(([text, stored]) => sql`WHEN ${literal(stored)} THEN ${literal(text)}`);
  return cases.length === 0 ? moment : sql`CASE ${moment} ${join(cases, ' ')} ELSE ${moment} END`;
}

/** The expression of a column whose type may have ends of time. */
export function finite(of: Expression, type: ScalarType | null, moments: Moments): Expression {
  const ends = type === null ? undefined : moments[type.kind];
  return ends === undefined || of.kind === 'null' ? of : { kind: 'finite', of, ends };
}

/** Like `finite`, for a selected column. */
export const finiteColumn = ({ expression, physicalType }: SelectedColumn, moments: Moments): SelectedColumn => ({
  expression: finite(expression, physicalType, moments),
  physicalType,
});
