import type { SqlDialect } from '@dms/sql';
import { mssqlRowDialect } from './mssql-row-dialect.ts';
import { pgsqlRowDialect } from './pgsql-row-dialect.ts';
import type { RowDialect } from './row-dialect.ts';

export const rowDialects: Readonly<Record<SqlDialect, RowDialect>> = { pgsql: pgsqlRowDialect, mssql: mssqlRowDialect };
