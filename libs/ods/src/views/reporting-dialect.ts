import type { DbTableName } from '@dms/model';
import type { DialectRules } from '@dms/sql';
import type { OdsTable } from '../mapping/ods-mapping.ts';
import type { ViewColumn, ViewType } from './view.ts';

/** What a run may choose (design 19 §8). */
export interface ReportingOptions {
  /** The suffix of the schemas with views; empty if views are in the schemas of the tables. */
  readonly schemaSuffix: string;
  /** Whether views have the columns of later ODS scripts. */
  readonly changeColumns: boolean;
  /** Whether values get the types of an ODS, at the cost of indexes. */
  readonly exactTypes: boolean;
  /** Whether `Descriptor` is a table, so that foreign keys can refer to it. */
  readonly descriptorTable: boolean;
  /** Roles that may read the views. */
  readonly grants: readonly string[];
}

export const usualOptions: ReportingOptions = {
  schemaSuffix: '',
  changeColumns: false,
  exactTypes: false,
  descriptorTable: false,
  grants: [],
};

/** What differs between the dialects in the text of views. */
export interface ReportingDialect {
  readonly rules: DialectRules;
  /** Whether views are in another database than the tables (design 19 §7). */
  readonly isInOwnDatabase: boolean;
  readonly createView: string;
  /** The name of the view for a table. */
  viewName(table: OdsTable, options: ReportingOptions): DbTableName;
  columnName(column: ViewColumn): string;
  /** A table of ours, as a view selects from it. */
  sourceName(table: DbTableName): string;
  typeName(type: ViewType): string;
  cast(expression: string, type: string): string;
  /** A moment without its time zone. */
  utc(expression: string): string;
  concatenated(...expressions: readonly string[]): string;
}
