import { dialectRules, qualifiedName, type SqlDialect } from '@dms/sql';
import type { OdsType } from '../mapping/ods-mapping.ts';
import { mssqlMoment, mssqlText, utf8Collation } from '../reading/mssql-reading.ts';
import { pgsqlReading } from '../reading/pgsql-reading.ts';
import { mssqlReporting } from '../views/mssql-dialect.ts';
import { pgsqlReporting } from '../views/pgsql-dialect.ts';
import type { ReportingDialect } from '../views/reporting-dialect.ts';

/** What differs between the engines whose rows are compared; the texts and hashes of equal rows are equal in all of them (design 19 §10.10). */
export interface ComparingDialect {
  /** Views that select from tables of the same database. */
  readonly reporting: ReportingDialect;
  /** A value as text. */
  text(expression: string, type: OdsType['kind'], actual: string): string;
  /** The text of a descriptor; NULL without one of its parts. */
  uri(namespace: string, codeValue: string): string;
  /** Several texts as one, which {@link separated} takes apart. */
  joined(texts: readonly string[]): string;
  /** Of a query with `key` and `row`: the number of rows and a hash of them, for each value of the first byte of the hash of the key. */
  ranges(query: string): string;
  /** The rows in some of these ranges. */
  rows(query: string, ranges: readonly number[]): string;
}

/** How decimal places are brought to one number: more than any document has. */
const places = 10;

/** Signs: one between two texts, and one before a sign that stands for one of these. Alone it is NULL. */
const separator = '|';
const mark = '~';

/** The texts that `joined` has made one. */
export const separated = (joined: string): readonly (string | null)[] =>
  joined
    .split(separator)
    .map((text) => (text === mark ? null : text.replaceAll(`${mark}1`, separator).replaceAll(`${mark}0`, mark)));

const pgsqlText: ComparingDialect['text'] = (expression, type, actual) => {
  const moment = actual === 'timestamp with time zone' ? `(${expression} AT TIME ZONE 'UTC')` : expression;
  switch (type) {
    case 'decimal':
    case 'money':
      return `round(${expression}::numeric, ${places})::text`;
    case 'time':
      return `to_char(${expression}, 'HH24:MI:SS.US')`;
    case 'timestamp':
      return `CASE WHEN isfinite(${moment}) THEN to_char(${moment}, 'YYYY-MM-DD HH24:MI:SS.US') ELSE ${moment}::text END`;
    default:
      return `${pgsqlReading.value(expression, type, actual)}::text`;
  }
};

const pgsqlHash = (text: string) => `sha256(convert_to(${text}, 'UTF8'))`;
const pgsqlRange = `get_byte(${pgsqlHash('c.key')}, 0)`;

const pgsqlComparing: ComparingDialect = {
  reporting: pgsqlReporting,
  text: pgsqlText,
  uri: (namespace, codeValue) => `${namespace} || '#' || ${codeValue}`,
  joined(texts) {
    const { stringLiteral: literal } = dialectRules.pgsql;
    const parts = texts.map((text) => {
      const escaped = `replace(replace(${text}, ${literal(mark)}, ${literal(`${mark}0`)}), ${literal(separator)}, ${literal(`${mark}1`)})`;
      return `coalesce(${escaped}, ${literal(mark)})`;
    });
    return parts.length === 0 ? literal('') : parts.join(` || ${literal(separator)} || `);
  },
  // 56 bits of each hash, whose sum is the same in every order
  ranges: (query) =>
    `SELECT ${pgsqlRange} AS range, count(*) AS rows, sum(('x' || encode(substr(${pgsqlHash('c.row')}, 1, 7), 'hex'))::bit(56)::bigint)::text AS hash FROM (${query}) c GROUP BY 1`,
  rows: (query, ranges) => `SELECT c.key AS key, c.row AS row FROM (${query}) c WHERE ${pgsqlRange} IN (${ranges.join(', ')})`,
};

const mssqlComparedText: ComparingDialect['text'] = (expression, type, actual) => {
  switch (type) {
    case 'decimal':
    case 'money':
      return `CONVERT(nvarchar(50), CONVERT(decimal(38,${places}), ${expression}))`;
    // PostgreSQL keeps microseconds
    case 'time':
      return `CONVERT(nvarchar(15), CONVERT(time(6), ${expression}), 121)`;
    case 'timestamp':
      return `CONVERT(nvarchar(26), CONVERT(datetime2(6), ${mssqlMoment(expression, actual)}), 121)`;
    default:
      return mssqlText(expression, type, actual);
  }
};

const mssqlHash = (text: string) => `HASHBYTES('SHA2_256', CONVERT(varchar(max), ${text} COLLATE ${utf8Collation}))`;
const mssqlRange = `CONVERT(int, SUBSTRING(${mssqlHash('c.[key]')}, 1, 1))`;

const mssqlComparing: ComparingDialect = {
  reporting: { ...mssqlReporting, sourceName: (table) => qualifiedName(dialectRules.mssql, table) },
  text: mssqlComparedText,
  uri: (namespace, codeValue) => `${namespace} + N'#' + ${codeValue}`,
  joined(texts) {
    const { stringLiteral: literal } = dialectRules.mssql;
    const parts = texts.map((text) => {
      const exact = `(${text}) COLLATE Latin1_General_100_BIN2`;
      const escaped = `REPLACE(REPLACE(${exact}, ${literal(mark)}, ${literal(`${mark}0`)}), ${literal(separator)}, ${literal(`${mark}1`)})`;
      // a text that is not of the type max ends after 4000 characters
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
