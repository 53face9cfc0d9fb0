import type { Connection } from '@dms/databases';
import type { DbTableName } from '@dms/model';
import type { DialectRules } from '@dms/sql';
import type { OdsColumn, OdsTable, OdsType } from '../mapping/ods-mapping.ts';

/** A column of the source, as its catalog has it. */
export interface CatalogColumn {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  /** The name of the type. For a type that users have defined, the type it is made from. */
  readonly type: string;
  readonly isNullable: boolean;
}

/** Values in the order of the select list. */
export type SourceRow = readonly unknown[];

/** A value that a query selects. */
export interface SelectedValue {
  readonly text: string;
  readonly isInteger: boolean;
}

/** A query for rows that are read in pieces. */
export interface SourceQuery {
  readonly text: string;
  /** For each value of a row, whether it is an integer. */
  readonly integers: readonly boolean[];
}

/** The rows of a query that is open in a session. */
export interface SourceCursor {
  /** The next rows, fewer than `count` only at the end. Integers are numbers, `bigint` beyond 2^53. */
  next(count: number): Promise<readonly SourceRow[]>;
  close(): Promise<void>;
}

/** What differs between the engines that hold an ODS (design 19 §10.12). */
export interface ReadingDialect {
  readonly rules: DialectRules;
  /** All columns of tables and views, but for those of the engine, as `CatalogColumn`s. */
  readonly catalogQuery: string;
  /** The names that tables and columns have in this engine. */
  tableName(table: OdsTable): string;
  columnName(column: OdsColumn): string;
  /** The types of the engine that can hold values of a type of an ODS. */
  readonly typesFor: Readonly<Record<OdsType['kind'], readonly string[]>>;
  /** The types that keep fewer decimal places than documents. */
  readonly roundedTypes: readonly string[];
  /** The value as the reader takes it: integers and booleans as such, everything else as text. */
  value(expression: string, type: OdsType['kind'], actual: string): string;
  /** What to sort by, so that rows come in the order of `compareKeys`. */
  sortKey(expression: string, type: OdsType['kind'], source: Pick<CatalogColumn, 'type' | 'isNullable'>): string;
  /** An entry of a select list. */
  selected(value: string, index: number): string;
  /**
   * Runs a query once, and keeps its rows until they are asked for. No other open cursor of the session may have this
   * `name`.
   */
  open(connection: Connection, name: string, query: SourceQuery): Promise<SourceCursor>;
  /** How many rows there are, or values of a column. */
  count(table: DbTableName, column?: string): string;
  /** How many rows of a query there are. */
  countOf(query: string): string;
  /** The largest value of a column, as `version`. */
  largest(table: DbTableName, column: string): string;
  /** Lets a transaction wait between two pages for as long as it takes; null where it may. */
  readonly keepOpen: string | null;
}

export const isIntegerKind = (type: OdsType['kind']): boolean =>
  type === 'int' || type === 'bigint' || type === 'smallint';

export const selectedValue = (
  dialect: ReadingDialect,
  expression: string,
  type: OdsType['kind'],
  actual: string,
): SelectedValue => ({ text: dialect.value(expression, type, actual), isInteger: isIntegerKind(type) });

/** The query of these values; `rest` begins with FROM. */
export function sourceQuery(dialect: ReadingDialect, values: readonly SelectedValue[], rest: string): SourceQuery {
  const list = values.map(({ text }, index) => dialect.selected(text, index));
  return { text: `SELECT ${list.join(', ')} ${rest}`, integers: values.map(({ isInteger }) => isInteger) };
}
