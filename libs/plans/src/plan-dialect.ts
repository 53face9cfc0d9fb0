import { type DialectRules, dialectRules, type SqlDialect } from '@dms/sql';
import type { KeysetTable } from './plan.ts';

/** What differs between the dialects in plans: quoting, the keyset table, paging, and how many parameters a command takes. */
export interface PlanDialect {
  readonly name: SqlDialect;
  readonly rules: DialectRules;
  readonly keysetTable: KeysetTable;
  /** `placeholder` is called in the order of the text. */
  pagingClause(placeholder: (parameterName: string) => string, offset: string, limit: string): string;
  readonly maxParametersPerCommand: number;
}

export const planDialects: Readonly<Record<SqlDialect, PlanDialect>> = {
  pgsql: {
    name: 'pgsql',
    rules: dialectRules.pgsql,
    keysetTable: { tempTableName: 'page', documentIdColumnName: 'DocumentId' },
    pagingClause: (placeholder, offset, limit) => `LIMIT ${placeholder(limit)} OFFSET ${placeholder(offset)}`,
    // parameters of a command are numbered with 16 bits in the wire protocol
    maxParametersPerCommand: 65535,
  },
  mssql: {
    name: 'mssql',
    rules: dialectRules.mssql,
    keysetTable: { tempTableName: '#page', documentIdColumnName: 'DocumentId' },
    pagingClause: (placeholder, offset, limit) =>
      `OFFSET ${placeholder(offset)} ROWS FETCH NEXT ${placeholder(limit)} ROWS ONLY`,
    // 2100, less the text and the parameter list that drivers hand to sp_executesql as parameters of their own
    maxParametersPerCommand: 2098,
  },
};
