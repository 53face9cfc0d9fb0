import type { SqlDialect } from '@dms/sql';
import type { BulkDialect } from './bulk-dialect.ts';
import { mssqlBulk } from './mssql-bulk.ts';
import { pgsqlBulk } from './pgsql-bulk.ts';

export const bulkDialects: Readonly<Record<SqlDialect, BulkDialect>> = { pgsql: pgsqlBulk, mssql: mssqlBulk };
