import { type DialectRules, dialectRules, engineLimits, mssqlParameterLimit, type SqlDialect } from '@dms/sql';
import type { KeysetTable } from './plan.ts';

/**
 * The differences between the dialects in plans: quoting, the keyset table, paging, the comparison of texts, and the
 * maximum number of parameters of a command. Functions with placeholders call them in the order of the text.
 */
export interface PlanDialect {
  readonly name: SqlDialect;
  readonly rules: DialectRules;
  readonly keysetTable: KeysetTable;
  /** `placeholder` is called in the order of the text. */
  pagingClause(placeholder: (parameterName: string) => string, offset: string, limit: string): string;
  /** The clause that limits the rows of a query, and its place: before the select list or at the end. */
  readonly firstRows: { readonly place: 'head' | 'end'; readonly clause: (count: string) => string };
  /** An expression that compares a text column by code units. */
  binaryText(column: string): string;
  /** The number of rows in a partition: an equal share of `number()` partitions, at least `minimum()`. */
  partitionSize(rowCount: string, number: () => string, minimum: () => string): string;
  /** The aggregate that counts all rows of a query. */
  readonly countRows: string;
  /** The join of a row with values computed from its columns. */
  readonly lateralJoin: string;
  /** Whether the second generation reads all descriptor columns of a table in one arm (design 17 §4.4). */
  readonly readsTablesInOneArm: boolean;
  readonly maxParametersPerCommand: number;
}

export const planDialects: Readonly<Record<SqlDialect, PlanDialect>> = {
  pgsql: {
    name: 'pgsql',
    rules: dialectRules.pgsql,
    keysetTable: { tempTableName: 'page', documentIdColumnName: 'DocumentId' },
    pagingClause: (placeholder, offset, limit) => `LIMIT ${placeholder(limit)} OFFSET ${placeholder(offset)}`,
    firstRows: { place: 'end', clause: (count) => `LIMIT ${count}` },
    binaryText: (column) => column,
    partitionSize: (rowCount, number, minimum) =>
      `GREATEST(CAST(CEIL(CAST(${rowCount} AS numeric) / CAST(${number()} AS numeric)) AS bigint), ${minimum()})`,
    countRows: 'COUNT(*)',
    lateralJoin: 'CROSS JOIN LATERAL',
    readsTablesInOneArm: false,
    maxParametersPerCommand: engineLimits.parameters.most.pgsql,
  },
  mssql: {
    name: 'mssql',
    rules: dialectRules.mssql,
    keysetTable: { tempTableName: '#page', documentIdColumnName: 'DocumentId' },
    pagingClause: (placeholder, offset, limit) =>
      `OFFSET ${placeholder(offset)} ROWS FETCH NEXT ${placeholder(limit)} ROWS ONLY`,
    firstRows: { place: 'head', clause: (count) => `TOP (${count})` },
    binaryText: (column) => `${column} COLLATE Latin1_General_100_BIN2`,
    partitionSize: (rowCount, number, minimum) => {
      const share = () =>
        `CAST(CEILING(CAST(${rowCount} AS decimal(28,0)) / CAST(${number()} AS decimal(10,0))) AS bigint)`;
      return `CASE WHEN ${share()} > ${minimum()} THEN ${share()} ELSE ${minimum()} END`;
    },
    countRows: 'COUNT_BIG(*)',
    lateralJoin: 'CROSS APPLY',
    readsTablesInOneArm: true,
    maxParametersPerCommand: mssqlParameterLimit,
  },
};

const indent = '    ';

/** Items one per line, one indent deeper, separated by commas. */
export function itemLines(items: readonly string[]): string[] {
  return items.map((item, index) => `${indent}${item}${index < items.length - 1 ? ',' : ''}`);
}

/** The WHERE block: each predicate in parentheses on its own line; empty without predicates. */
export function whereLines(predicates: readonly string[]): string[] {
  if (predicates.length === 0) return [];
  return ['WHERE', ...predicates.map((predicate, index) => `${indent}${index === 0 ? '' : 'AND '}(${predicate})`)];
}

/** A statement: its lines, then `;` on a line of its own and one LF (design 08 §4). */
export function statement(...lines: readonly string[]): string {
  return `${[...lines, ';'].join('\n')}\n`;
}
