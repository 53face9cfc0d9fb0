import type { SqlDialect } from '@dms/sql';
import { mssqlReading } from './mssql-reading.ts';
import { pgsqlReading } from './pgsql-reading.ts';
import type { ReadingDialect } from './reading-dialect.ts';

export const readingDialects: Readonly<Record<SqlDialect, ReadingDialect>> = {
  pgsql: pgsqlReading,
  mssql: mssqlReading,
};
