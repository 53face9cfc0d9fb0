import type { Connection } from '@dms/databases';
import { type DbTableName, mustExist, qualified } from '@dms/model';
import { infiniteEnds } from '@dms/plans';
import { type DialectRules, dialectRules, qualifiedName, type SqlDialect } from '@dms/sql';
import type { OdsType } from '../mapping/ods-mapping.ts';
import { mssqlMoment, mssqlText, pgsqlReading, utf8Collation } from '../reading/reading-dialect.ts';
import { mssqlReporting, pgsqlReporting, type ReportingDialect } from '../views/reporting-dialect.ts';
import { finiteMoment } from '../views/view.ts';

/** The digits of a second that both databases keep: a generation that cuts fractions keeps none (design 14 §1). */
export type SecondDigits = 0 | 6;

/**
 * Parts of a comparison that depend on the engine; the texts and hashes of equal rows are equal in all engines (design
 * 19a §10).
 */
export interface ComparingDialect {
  readonly rules: DialectRules;
  /**
   * Views that select from tables of the same database. In PostgreSQL, rows of tables that inherit from ours are not
   * ours; those of partitions are.
   */
  reportingOf(target: Connection): Promise<ReportingDialect>;
  /** A value as text; moments with the digits of a second that are compared. */
  text(expression: string, type: OdsType['kind'], actual: string, secondDigits?: SecondDigits): string;
  /** A text without the white space around it; NULL if nothing is left. */
  trimmed(text: string): string;
  /**
   * The URI of a descriptor in lower case, because letter case does not distinguish descriptors; NULL without one of
   * its parts.
   */
  uri(namespace: string, codeValue: string): string;
  /** Joins several texts into one, which {@link separated} splits again. */
  joined(texts: readonly string[]): string;
  /**
   * From a query with `key` and `row`: the number of rows and a hash of them for each range, which is the first byte of
   * the hash of the key.
   */
  ranges(query: string): string;
  /** The rows in some of these ranges. */
  rows(query: string, ranges: readonly number[]): string;
}

/**
 * White space that loaders trim from the texts of descriptors (design 14a §4.2); other white space is rare, and not in
 * every encoding.
 */
const whiteSpace = ' \t\n\v\f\r';

/** Number of decimal places that values are rounded to: more than any document has. */
const places = 10;

/** The separator of joined texts, and the mark that escapes both. A mark alone is NULL. */
const separator = '|';
const mark = '~';

/** Splits the texts that `joined` made one. */
export const separated = (joined: string): readonly (string | null)[] =>
  joined
    .split(separator)
    .map((text) => (text === mark ? null : text.replaceAll(`${mark}1`, separator).replaceAll(`${mark}0`, mark)));

/** An ODS on PostgreSQL may have infinite dates too: its API writes the ends of time as such. */
const finiteIn = (expression: string, kind: 'Date' | 'DateTime') =>
  finiteMoment(dialectRules.pgsql, expression, mustExist(infiniteEnds.pgsql[kind], `the ends of ${kind}`));

const pgsqlText: ComparingDialect['text'] = (expression, type, actual, secondDigits = 6) => {
  const finite = type === 'timestamp' ? finiteIn(expression, 'DateTime') : expression;
  const moment = actual === 'timestamp with time zone' ? `(${finite} AT TIME ZONE 'UTC')` : finite;
  switch (type) {
    case 'decimal':
    case 'money':
      return `round(${expression}::numeric, ${places})::text`;
    case 'time':
      return `to_char(${expression}, 'HH24:MI:SS.US')`;
    case 'timestamp':
      return `to_char(${moment}, 'YYYY-MM-DD HH24:MI:SS${secondDigits === 0 ? '' : '.US'}')`;
    case 'date':
      return `${finiteIn(expression, 'Date')}::text`;
    default:
      return `${pgsqlReading.value(expression, type, actual)}::text`;
  }
};

const pgsqlHash = (text: string) => `sha256(convert_to(${text}, 'UTF8'))`;
const pgsqlRange = `get_byte(${pgsqlHash('c.key')}, 0)`;

const partitionedTables = `SELECT n.nspname::text AS schema, c.relname::text AS name
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'p'`;

const pgsqlComparing: ComparingDialect = {
  rules: dialectRules.pgsql,
  async reportingOf(target) {
    const partitioned = new Set((await target.query<DbTableName>(partitionedTables)).map(qualified));
    return {
      ...pgsqlReporting,
      sourceName: (table) => pgsqlReading.from({ ...table, isPartitioned: partitioned.has(qualified(table)) }),
    };
  },
  text: pgsqlText,
  trimmed: (text) => `nullif(btrim(${text}, ${dialectRules.pgsql.stringLiteral(whiteSpace)}), '')`,
  uri: (namespace, codeValue) => `lower(${namespace} || '#' || ${codeValue})`,
  joined(texts) {
    const { stringLiteral: literal } = dialectRules.pgsql;
    const parts = texts.map((text) => {
      const escaped = `replace(replace(${text}, ${literal(mark)}, ${literal(`${mark}0`)}), ${literal(separator)}, ${literal(`${mark}1`)})`;
      return `coalesce(${escaped}, ${literal(mark)})`;
    });
    return parts.length === 0 ? literal('') : parts.join(` || ${literal(separator)} || `);
  },
  // the sum of 56 bits of each hash does not depend on the order of rows
  ranges: (query) =>
    `SELECT ${pgsqlRange} AS range, count(*) AS rows, sum(('x' || encode(substr(${pgsqlHash('c.row')}, 1, 7), 'hex'))::bit(56)::bigint)::text AS hash FROM (${query}) c GROUP BY 1`,
  rows: (query, ranges) =>
    `SELECT c.key AS key, c.row AS row FROM (${query}) c WHERE ${pgsqlRange} IN (${ranges.join(', ')})`,
};

const mssqlComparedText: ComparingDialect['text'] = (expression, type, actual, secondDigits = 6) => {
  switch (type) {
    case 'decimal':
    case 'money':
      return `CONVERT(nvarchar(50), CONVERT(decimal(38,${places}), ${expression}))`;
    // PostgreSQL keeps microseconds
    case 'time':
      return `CONVERT(nvarchar(15), CONVERT(time(6), ${expression}), 121)`;
    case 'timestamp':
      // a shorter text cuts the digits that a type with fewer digits would round
      return secondDigits === 0
        ? `CONVERT(nvarchar(19), CONVERT(datetime2(7), ${mssqlMoment(expression, actual)}), 121)`
        : `CONVERT(nvarchar(26), CONVERT(datetime2(6), ${mssqlMoment(expression, actual)}), 121)`;
    default:
      return mssqlText(expression, type, actual);
  }
};

const mssqlHash = (text: string) => `HASHBYTES('SHA2_256', CONVERT(varchar(max), ${text} COLLATE ${utf8Collation}))`;
const mssqlRange = `CONVERT(int, SUBSTRING(${mssqlHash('c.[key]')}, 1, 1))`;

const mssqlComparing: ComparingDialect = {
  rules: dialectRules.mssql,
  reportingOf: async () => ({
    ...mssqlReporting,
    sourceName: (table) => qualifiedName(dialectRules.mssql, table),
  }),
  text: mssqlComparedText,
  trimmed: (text) => `NULLIF(TRIM(${dialectRules.mssql.stringLiteral(whiteSpace)} FROM ${text}), N'')`,
  uri: (namespace, codeValue) => `LOWER(${namespace} + N'#' + ${codeValue})`,
  joined(texts) {
    const { stringLiteral: literal } = dialectRules.mssql;
    const parts = texts.map((text) => {
      const exact = `(${text}) COLLATE Latin1_General_100_BIN2`;
      const escaped = `REPLACE(REPLACE(${exact}, ${literal(mark)}, ${literal(`${mark}0`)}), ${literal(separator)}, ${literal(`${mark}1`)})`;
      // without nvarchar(max), a text is cut after 4000 characters
      return `CONVERT(nvarchar(max), COALESCE(${escaped}, ${literal(mark)}))`;
    });
    return parts.length === 0 ? literal('') : parts.join(` + ${literal(separator)} + `);
  },
  ranges: (query) =>
    `SELECT r.[range] AS [range], COUNT_BIG(*) AS [rows], CONVERT(nvarchar(40), SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(r.[hash], 1, 7))))) AS [hash] FROM (SELECT ${mssqlRange} AS [range], ${mssqlHash('c.[row]')} AS [hash] FROM (${query}) AS c) AS r GROUP BY r.[range]`,
  rows: (query, ranges) =>
    `SELECT r.[key] AS [key], r.[row] AS [row] FROM (SELECT c.[key] AS [key], c.[row] AS [row], ${mssqlRange} AS [range] FROM (${query}) AS c) AS r WHERE r.[range] IN (${ranges.join(', ')})`,
};

export const comparingDialects: Readonly<Record<SqlDialect, ComparingDialect>> = {
  pgsql: pgsqlComparing,
  mssql: mssqlComparing,
};
