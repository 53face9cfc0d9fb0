import { dialectOf, join, type PlainSql } from '@dms/sql';
import type { OdsType } from '../mapping/ods-mapping.ts';
import { isInteger, limitsOf } from './text-casts.ts';

/*
 * Casts of SQL Server that give NULL for a text without a value of the type, by the rule of `text-casts.ts`. `TRY_CAST`
 * alone reads more: dates by the language of the session (`01/02/2024`), `20240131`, digits that are rounded away
 * (`12.567` with two), and a text without a digit as 0. So conditions check each text first, letter by letter
 * (`BIN2`), and dates are converted with the style of their form.
 */

const { sql, literal, exact } = dialectOf.mssql;

const given = sql`"given"."text"`;

/** Whether an expression matches a pattern. Every letter counts, and so do blanks at the end. */
const like = (pattern: string, of = given) => sql`${of} LIKE ${literal(pattern)}`;
const unlike = (pattern: string, of = given) => sql`${of} NOT LIKE ${literal(pattern)}`;

/** The text from a place to its end. */
const from = (place: number, of = given) => sql`SUBSTRING(${of}, ${literal(place)}, 4000)`;

const digit = '[0-9]';
const two = digit.repeat(2);
const dayPattern = `${two}${two}-${two}-${two}`;
const timePattern = '[0-2][0-9]:[0-5][0-9]:[0-5][0-9]';
const afterLastHour = '2[4-9]';

/** Digits only, at least one. */
const areDigits = (of: PlainSql) => sql`${like(`${digit}%`, of)} AND ${unlike('%[^0-9]%', of)}`;

/** Nothing, or a point and digits. */
const isFraction = (of: PlainSql) => sql`(${like('', of)} OR ${like('.%', of)} AND ${areDigits(from(2, of))})`;

/** A text without a sign at its begin, of those that match the pattern. */
const unsignedOf = (pattern: string) => sql`CASE WHEN ${like(pattern)} THEN ${from(2)} ELSE ${given} END`;

/** At most 19 digits after a sign. */
function isWhole(): PlainSql {
  const unsigned = unsignedOf('[-+]%');
  return sql`${areDigits(unsigned)} AND DATALENGTH(${unsigned}) <= 38`;
}

/** At most so many digits before the point, and after it. */
function isDecimal(whole: number, scale: number): PlainSql {
  const unsigned = unsignedOf('-%');
  const point = sql`CHARINDEX(N'.', CONCAT(${unsigned}, N'.'))`;
  return join(
    [
      like(`${digit}%`, unsigned),
      like(`%${digit}`, unsigned),
      unlike('%[^0-9.]%', unsigned),
      unlike('%.%.%', unsigned),
      sql`${point} <= ${literal(whole + 1)}`,
      sql`LEN(${unsigned}) - ${point} <= ${literal(scale)}`,
    ],
    ' AND ',
  );
}

/** A moment without the `Z` at its end. */
const withoutZone = sql`CASE WHEN ${like('%Z')} THEN LEFT(${given}, LEN(${given}) - 1) ELSE ${given} END`;

/** The condition for a text that is a value, and its conversion; null if all texts are. */
function conversionOf(to: OdsType, type: PlainSql): readonly [condition: PlainSql, value: PlainSql] | null {
  const cast = sql`TRY_CAST(${given} AS ${type})`;
  if (isInteger(to.kind)) return [isWhole(), cast];
  switch (to.kind) {
    case 'decimal':
      return [isDecimal(Math.max(to.precision - to.scale, 1), to.scale), cast];
    case 'money':
      return [isDecimal(15, 4), cast];
    case 'date':
      return [like(dayPattern), sql`TRY_CONVERT(${type}, ${given}, 23)`];
    case 'time':
      // a time has seven digits of its fraction
      return [
        sql`${like(`${timePattern}%`)} AND ${unlike(`${afterLastHour}%`)} AND ${isFraction(from(9))}`,
        sql`TRY_CAST(LEFT(${given}, 16) AS ${type})`,
      ];
    case 'timestamp':
      return [
        sql`${like(`${dayPattern}[T ]${timePattern}%`)} AND ${unlike(`${afterLastHour}%`, from(12))} AND ${isFraction(from(20, withoutZone))}`,
        sql`TRY_CONVERT(${type}, CONCAT(LEFT(${given}, 10), N'T', SUBSTRING(${withoutZone}, 12, 16)), 126)`,
      ];
    default:
      return null;
  }
}

/**
 * A value cast to another type, or NULL if the type does not have it. A number loses its fraction by rounding, as on
 * PostgreSQL.
 */
export function mssqlTextCast(value: PlainSql, origin: 'text' | 'other', to: OdsType, type: PlainSql): PlainSql {
  if (origin === 'other') {
    const limits = limitsOf(to);
    if (limits === null) return sql`TRY_CAST(${value} AS ${type})`;
    return sql`CASE WHEN ${value} BETWEEN ${limits} THEN TRY_CAST(ROUND(${value}, 0) AS ${type}) END`;
  }
  const bound = (result: PlainSql) => sql`(SELECT ${result} FROM (VALUES (${exact(value)})) AS "given" ("text"))`;
  if (to.kind === 'boolean') {
    const bit = (text: string, is: number) => sql`WHEN ${like(text)} THEN CAST(${literal(is)} AS ${type})`;
    return bound(sql`CASE ${bit('true', 1)} ${bit('false', 0)} END`);
  }
  const conversion = conversionOf(to, type);
  if (conversion === null) return sql`TRY_CAST(${value} AS ${type})`;
  const [condition, converted] = conversion;
  return bound(sql`CASE WHEN ${condition} THEN ${converted} END`);
}
