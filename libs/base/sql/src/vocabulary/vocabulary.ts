import type { DialectRules, SqlDialect } from '../dialect.ts';
import { mssql } from '../mssql.ts';
import { pgsql } from '../pgsql.ts';
import { type SqlText, sqlText } from '../text/tags.ts';

/** A dialect: its rules, and its ways to write SQL. Its members need no `this`, so they can be taken apart. */
export type Dialect = DialectRules & SqlText;

const dialect = (rules: DialectRules): Dialect => ({ ...rules, ...sqlText(rules) });

export const dialectOf: Readonly<Record<SqlDialect, Dialect>> = { pgsql: dialect(pgsql), mssql: dialect(mssql) };
