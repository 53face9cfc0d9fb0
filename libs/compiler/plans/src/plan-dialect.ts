import {
  type Dialect,
  dialectOf,
  ended,
  engineLimits,
  group,
  type Lines,
  mssqlParameterLimit,
  type PlainSql,
  type Sql,
  type SqlDialect,
  textOf,
  withoutParameters,
} from '@dms/sql';
import type { KeysetTable } from './plan.ts';

/**
 * The differences between the dialects in plans: the keyset table, paging, the comparison of texts, and the maximum
 * number of parameters of a command.
 */
export interface PlanDialect extends Dialect {
  readonly keysetTable: KeysetTable;
  page(offset: Sql, limit: Sql): Sql;
  /** Limits the rows of a query; its place is before the select list or at the end. */
  readonly firstRows: { readonly place: 'head' | 'end'; clause(count: Sql): Sql };
  /** An expression that compares a text column by code units. */
  binaryText(column: Sql): Sql;
  /** The number of rows in a partition: an equal share of `number` partitions, at least `minimum`. */
  partitionSize(rowCount: Sql, number: Sql, minimum: Sql): Sql;
  /** The aggregate that counts all rows of a query. */
  readonly countRows: PlainSql;
  /** The join of a row with values computed from its columns. */
  readonly lateralJoin: PlainSql;
  /** Whether the second generation reads all descriptor columns of a table in one arm (design 17 §4.4). */
  readonly readsTablesInOneArm: boolean;
  readonly maxParametersPerCommand: number;
}

const pgsql = dialectOf.pgsql.sql;
const mssql = dialectOf.mssql.sql;

export const planDialects: Readonly<Record<SqlDialect, PlanDialect>> = {
  pgsql: {
    ...dialectOf.pgsql,
    keysetTable: { tempTableName: 'page', documentIdColumnName: 'DocumentId' },
    page: (offset, limit) => pgsql`LIMIT ${limit} OFFSET ${offset}`,
    firstRows: { place: 'end', clause: (count) => pgsql`LIMIT ${count}` },
    binaryText: (column) => column,
    partitionSize: (rowCount, number, minimum) =>
      pgsql`GREATEST(CAST(CEIL(CAST(${rowCount} AS numeric) / CAST(${number} AS numeric)) AS bigint), ${minimum})`,
    countRows: pgsql`COUNT(*)`,
    lateralJoin: pgsql`CROSS JOIN LATERAL`,
    readsTablesInOneArm: false,
    maxParametersPerCommand: engineLimits.parameters.most.pgsql,
  },
  mssql: {
    ...dialectOf.mssql,
    keysetTable: { tempTableName: '#page', documentIdColumnName: 'DocumentId' },
    page: (offset, limit) => mssql`OFFSET ${offset} ROWS FETCH NEXT ${limit} ROWS ONLY`,
    firstRows: { place: 'head', clause: (count) => mssql`TOP (${count})` },
    binaryText: (column) => mssql`${column} COLLATE Latin1_General_100_BIN2`,
    partitionSize: (rowCount, number, minimum) => {
      const share = mssql`CAST(CEILING(CAST(${rowCount} AS decimal(28,0)) / CAST(${number} AS decimal(10,0))) AS bigint)`;
      return mssql`CASE WHEN ${share} > ${minimum} THEN ${share} ELSE ${minimum} END`;
    },
    countRows: mssql`COUNT_BIG(*)`,
    lateralJoin: mssql`CROSS APPLY`,
    readsTablesInOneArm: true,
    maxParametersPerCommand: mssqlParameterLimit,
  },
};

/** The WHERE block: each predicate in parentheses on its own line; no lines without predicates. */
export function whereBlock({ sql, lines }: PlanDialect, predicates: readonly Sql[]): Lines {
  const [first, ...others] = predicates;
  if (first === undefined) return group();
  return lines`
    WHERE
        (${first})
        ${group(...others.map((predicate) => sql`AND (${predicate})`))}`;
}

/** A statement of a plan: `;` is its last line, and every line ends with LF (design 08 §4). */
export const statement = (body: Lines): Sql => ended(body);

/** The text of a statement of a plan, whose placeholders are names. */
export const planText = (plan: Sql): string => textOf(withoutParameters(plan));
