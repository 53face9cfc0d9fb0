import type { SqlDialect } from '../dialect.ts';
import { mssqlDialect } from './mssql.ts';
import { pgsqlDialect } from './pgsql.ts';
import type { Dialect } from './vocabulary.ts';

export const dialectOf: Readonly<Record<SqlDialect, Dialect>> = { pgsql: pgsqlDialect, mssql: mssqlDialect };
