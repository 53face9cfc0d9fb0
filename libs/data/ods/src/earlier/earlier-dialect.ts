import type { PlainSql, SqlDialect } from '@dms/sql';
import type { OdsType } from '../mapping/ods-mapping.ts';
import { mssqlReporting, pgsqlReporting, type ReportingDialect } from '../views/reporting-dialect.ts';
import { mssqlTextCast } from './mssql-text-casts.ts';
import { textCast } from './text-casts.ts';

/** The parts of the text of earlier views that depend on the dialect. */
export interface EarlierDialect {
  readonly reporting: ReportingDialect;
  /** A boolean as a constant. */
  boolean(is: boolean): PlainSql;
  /** Whether rows compare as a whole. */
  readonly comparesRows: boolean;
  /** The first row of a sorted select. */
  first(column: PlainSql, rest: PlainSql): PlainSql;
  /** Casts a value to another type; NULL if the type does not have the value. */
  cast(value: PlainSql, from: 'text' | 'other', to: OdsType): PlainSql;
}

const pgsql = pgsqlReporting.rules;
const mssql = mssqlReporting.rules;

export const earlierDialects: Readonly<Record<SqlDialect, EarlierDialect>> = {
  pgsql: {
    reporting: pgsqlReporting,
    boolean: pgsql.literal,
    comparesRows: true,
    first: (column, rest) => pgsql.sql`SELECT ${column} ${rest} LIMIT 1`,
    cast: (value, from, to) => textCast(value, from, to, pgsqlReporting.typeName(to)),
  },
  mssql: {
    reporting: mssqlReporting,
    boolean: (is) => mssql.sql`CAST(${mssql.literal(is)} AS bit)`,
    comparesRows: false,
    first: (column, rest) => mssql.sql`SELECT TOP 1 ${column} ${rest}`,
    cast: (value, from, to) => mssqlTextCast(value, from, to, mssqlReporting.typeName(to)),
  },
};
