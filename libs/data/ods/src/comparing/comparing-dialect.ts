import { type Connection, rowsOf } from '@dms/databases';
import { type DbTableName, mustExist, qualified } from '@dms/model';
import { infiniteEnds } from '@dms/plans';
import { type Dialect, dialectOf, join, type PlainSql, type SqlDialect, textOf } from '@dms/sql';
import type { OdsType } from '../mapping/ods-mapping.ts';
import { inUtf8, mssqlMoment, mssqlText, pgsqlReading } from '../reading/reading-dialect.ts';
import { mssqlReporting, pgsqlReporting, type ReportingDialect } from '../views/reporting-dialect.ts';
import { finiteMoment } from '../views/view.ts';

/** The digits of a second that both databases keep: a generation that cuts fractions keeps none (design 14 §1). */
export type SecondDigits = 0 | 6;

/**
 * Parts of a comparison that depend on the engine; the texts and hashes of equal rows are equal in all engines (design
 * 19a §10).
 */
export interface ComparingDialect {
  readonly rules: Dialect;
  /**
   * Views that select from tables of the same database. In PostgreSQL, rows of tables that inherit from ours are not
   * ours; those of partitions are.
   */
  reportingOf(target: Connection): Promise<ReportingDialect>;
  /** A value as text; moments with the digits of a second that are compared. */
  text(expression: PlainSql, type: OdsType['kind'], actual: string, secondDigits?: SecondDigits): PlainSql;
  /** A text without the white space around it; NULL if nothing is left. */
  trimmed(text: PlainSql): PlainSql;
  /**
   * The URI of a descriptor in lower case, because letter case does not distinguish descriptors; NULL without one of
   * its parts.
   */
  uri(namespace: PlainSql, codeValue: PlainSql): PlainSql;
  /** Joins several texts into one, which {@link separated} splits again. */
  joined(texts: readonly PlainSql[]): PlainSql;
  /**
   * From a query with `key` and `row`: the number of rows and a hash of them for each range, which is the first byte of
   * the hash of the key.
   */
  ranges(query: PlainSql): PlainSql;
  /** The rows in some of these ranges. */
  rows(query: PlainSql, ranges: readonly number[]): PlainSql;
}

/**
 * White space that loaders trim from the texts of descriptors (design 14a §4.2); other white space is rare, and not in
 * every encoding.
 */
const whiteSpace = ' \t\n\v\f\r';

/** Between the texts that a dialect joins; and how it writes NULL, which otherwise begins an escaped character. */
const separator = '|';
const nullMark = '~';

/** How the two characters are written inside a text; the first one is replaced first. */
const escapes = [
  [nullMark, `${nullMark}0`],
  [separator, `${nullMark}1`],
] as const;

/** Splits a text of {@link ComparingDialect.joined}. */
export const separated = (joined: string): readonly (string | null)[] =>
  joined.split(separator).map((text) => {
    if (text === nullMark) return null;
    return escapes.reduceRight((rest, [character, escaped]) => rest.replaceAll(escaped, character), text);
  });

/** A text as one of several that are joined: with its characters escaped, and NULL as a text. */
function joinable({ sql, literal }: Dialect, text: PlainSql): PlainSql {
  const escaped = escapes.reduce(
    (inner, [character, written]) => sql`replace(${inner}, ${literal(character)}, ${literal(written)})`,
    text,
  );
  return sql`coalesce(${escaped}, ${literal(nullMark)})`;
}

/** Decimal places of compared numbers: more than any document has. */
const decimalPlaces = 10;

const { pgsql, mssql } = dialectOf;

/** An ODS on PostgreSQL may have infinite dates too: its API writes the ends of time as such. */
const finiteIn = (expression: PlainSql, kind: 'Date' | 'DateTime') =>
  finiteMoment(pgsql, expression, mustExist(infiniteEnds.pgsql[kind], `the ends of ${kind}`));

const pgsqlText: ComparingDialect['text'] = (expression, type, actual, secondDigits = 6) => {
  const { sql, literal } = pgsql;
  switch (type) {
    case 'decimal':
    case 'money':
      return sql`round(${expression}::numeric, ${literal(decimalPlaces)})::text`;
    case 'time':
      return sql`to_char(${expression}, 'HH24:MI:SS.US')`;
    case 'timestamp': {
      const finite = finiteIn(expression, 'DateTime');
      const moment = actual === 'timestamp with time zone' ? sql`(${finite} AT TIME ZONE 'UTC')` : finite;
      return sql`to_char(${moment}, ${literal(`YYYY-MM-DD HH24:MI:SS${secondDigits === 0 ? '' : '.US'}`)})`;
    }
    case 'date':
      return sql`${finiteIn(expression, 'Date')}::text`;
    default:
      return sql`${pgsqlReading.value(expression, type, actual)}::text`;
  }
};

const pgsqlHash = (text: PlainSql) => pgsql.sql`sha256(convert_to(${text}, 'UTF8'))`;
const pgsqlRange = pgsql.sql`get_byte(${pgsqlHash(pgsql.sql`c.key`)}, 0)`;

const partitionedTables = pgsql.sql`SELECT n.nspname::text AS schema, c.relname::text AS name
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'p'`;

const pgsqlComparing: ComparingDialect = {
  rules: pgsql,
  async reportingOf(target) {
    const partitioned = new Set((await rowsOf<DbTableName>(target, partitionedTables)).map(qualified));
    return {
      ...pgsqlReporting,
      sourceName: (table) => pgsqlReading.from({ ...table, isPartitioned: partitioned.has(qualified(table)) }),
    };
  },
  text: pgsqlText,
  trimmed: (text) => pgsql.sql`nullif(btrim(${text}, ${pgsql.literal(whiteSpace)}), '')`,
  uri: (namespace, codeValue) => pgsql.sql`lower(${namespace} || '#' || ${codeValue})`,
  joined(texts) {
    const { sql } = pgsql;
    const parts = texts.map((text) => joinable(pgsql, text));
    return parts.length === 0 ? sql`''` : join(parts, ` || ${textOf(pgsql.literal(separator))} || `);
  },
  // the sum of 56 bits of each hash does not depend on the order of rows
  ranges: (query) =>
    pgsql.sql`SELECT ${pgsqlRange} AS range, count(*) AS rows, sum(('x' || encode(substr(${pgsqlHash(pgsql.sql`c.row`)}, 1, 7), 'hex'))::bit(56)::bigint)::text AS hash FROM (${query}) c GROUP BY 1`,
  rows: (query, ranges) =>
    pgsql.sql`SELECT c.key AS key, c.row AS row FROM (${query}) c WHERE ${pgsqlRange} IN (${pgsql.literals(ranges)})`,
};

const mssqlComparedText: ComparingDialect['text'] = (expression, type, actual, secondDigits = 6) => {
  const { sql, literal } = mssql;
  switch (type) {
    case 'decimal':
    case 'money':
      return sql`CONVERT(nvarchar(50), CONVERT(decimal(38,${literal(decimalPlaces)}), ${expression}))`;
    // PostgreSQL keeps microseconds
    case 'time':
      return sql`CONVERT(nvarchar(15), CONVERT(time(6), ${expression}), 121)`;
    case 'timestamp':
      // a shorter text cuts the digits that a type with fewer digits would round
      return secondDigits === 0
        ? sql`CONVERT(nvarchar(19), CONVERT(datetime2(7), ${mssqlMoment(expression, actual)}), 121)`
        : sql`CONVERT(nvarchar(26), CONVERT(datetime2(6), ${mssqlMoment(expression, actual)}), 121)`;
    default:
      return mssqlText(expression, type, actual);
  }
};

const mssqlHash = (text: PlainSql) => mssql.sql`HASHBYTES('SHA2_256', CONVERT(varchar(max), ${inUtf8(text)}))`;
const mssqlRange = mssql.sql`CONVERT(int, SUBSTRING(${mssqlHash(mssql.sql`c."key"`)}, 1, 1))`;

const mssqlComparing: ComparingDialect = {
  rules: mssql,
  reportingOf: async () => ({ ...mssqlReporting, sourceName: (table) => mssql.sql`${table}` }),
  text: mssqlComparedText,
  trimmed: (text) => mssql.sql`NULLIF(TRIM(${mssql.literal(whiteSpace)} FROM ${text}), N'')`,
  uri: (namespace, codeValue) => mssql.sql`LOWER(${namespace} + N'#' + ${codeValue})`,
  joined(texts) {
    const { sql, exact } = mssql;
    // without nvarchar(max), a text is cut after 4000 characters
    const parts = texts.map((text) => sql`CONVERT(nvarchar(max), ${joinable(mssql, exact(sql`(${text})`))})`);
    return parts.length === 0 ? sql`N''` : join(parts, ` + ${textOf(mssql.literal(separator))} + `);
  },
  ranges: (query) =>
    mssql.sql`SELECT r."range" AS "range", COUNT_BIG(*) AS "rows", CONVERT(nvarchar(40), SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(r."hash", 1, 7))))) AS "hash" FROM (SELECT ${mssqlRange} AS "range", ${mssqlHash(mssql.sql`c."row"`)} AS "hash" FROM (${query}) AS c) AS r GROUP BY r."range"`,
  rows: (query, ranges) =>
    mssql.sql`SELECT r."key" AS "key", r."row" AS "row" FROM (SELECT c."key" AS "key", c."row" AS "row", ${mssqlRange} AS "range" FROM (${query}) AS c) AS r WHERE r."range" IN (${mssql.literals(ranges)})`,
};

export const comparingDialects: Readonly<Record<SqlDialect, ComparingDialect>> = {
  pgsql: pgsqlComparing,
  mssql: mssqlComparing,
};
