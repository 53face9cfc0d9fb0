import type { DialectRules, SqlDialect } from './dialect.ts';
import { mssql } from './mssql.ts';
import { pgsql } from './pgsql.ts';

/** The rules of each dialect. */
export const dialectRules: Readonly<Record<SqlDialect, DialectRules>> = { pgsql, mssql };

export { type DialectRules, dialects, type LogicalType, type SqlDialect } from './dialect.ts';
export { dollarTag } from './dollar-quote.ts';
export { columnList, limitIdentifier, qualifiedName } from './identifier.ts';
export { canonicalSqlText, SqlWriter } from './writer.ts';
