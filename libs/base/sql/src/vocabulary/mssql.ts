import { mssql } from '../mssql.ts';
import type { PlainSql } from '../text/sql.ts';
import { sqlText } from '../text/tags.ts';
import type { Dialect } from './vocabulary.ts';

const text = sqlText(mssql);
const { sql } = text;

/** A client reads a `bigint` as a number and loses digits, and a uuid in upper case. */
const texts = {
  uuid: (value) => sql`LOWER(CONVERT(nvarchar(36), ${value}))`,
  date: (value) => sql`CONVERT(nvarchar(10), ${value}, 23)`,
  bigint: (value) => sql`CONVERT(nvarchar(20), ${value})`,
} as const satisfies Record<string, (value: PlainSql) => PlainSql>;

export const mssqlDialect: Dialect = {
  ...mssql,
  ...text,
  text: (value, kind) => texts[kind](value),
  next: (sequence) => sql`NEXT VALUE FOR ${sequence}`,
  now: sql`sysutcdatetime()`,
};
