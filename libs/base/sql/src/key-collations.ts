import type { SqlDialect } from './dialect.ts';

/** The collation of texts in keys of documents; null if they are compared by code units (design 22 §4.2). */
export const keyCollation = {
  pgsql: null,
  mssql: 'SQL_Latin1_General_CP1_CI_AS',
} as const satisfies Readonly<Record<SqlDialect, string | null>>;

/** Matches names of collations. */
export const collationNames = /^\w+$/;

/** The collation by which the URI of a descriptor is folded (design 22 §4.2). */
export const foldCollation = {
  pgsql: 'pg_c_utf8',
  mssql: 'SQL_Latin1_General_CP1_CI_AS',
} as const satisfies Readonly<Record<SqlDialect, string>>;
