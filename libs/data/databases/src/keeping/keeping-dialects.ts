import type { SqlDialect } from '@dms/sql';
import type { KeepingDialect } from './keeping-dialect.ts';
import { mssqlKeeping } from './mssql-keeping.ts';
import { pgsqlKeeping } from './pgsql-keeping.ts';

export const keepingDialects: Readonly<Record<SqlDialect, KeepingDialect>> = {
  pgsql: pgsqlKeeping,
  mssql: mssqlKeeping,
};
