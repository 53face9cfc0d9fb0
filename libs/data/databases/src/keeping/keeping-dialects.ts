import type { SqlDialect } from '@dms/sql';
import type { KeepingDialect } from './keeping-dialect.ts';
import { pgsqlKeeping } from './pgsql-keeping.ts';

/** Null where nothing is read that could be given back. */
export const keepingDialects: Readonly<Record<SqlDialect, KeepingDialect | null>> = {
  pgsql: pgsqlKeeping,
  mssql: null,
};
