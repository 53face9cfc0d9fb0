import type { SqlDialect } from '@dms/sql';
import type { HistoryDialect } from './history-dialect.ts';
import { mssqlHistory } from './mssql-history.ts';
import { pgsqlHistory } from './pgsql-history.ts';

export const historyDialects: Readonly<Record<SqlDialect, HistoryDialect>> = {
  pgsql: pgsqlHistory,
  mssql: mssqlHistory,
};
