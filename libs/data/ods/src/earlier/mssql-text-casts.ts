import { dialectRules } from '@dms/sql';
import type { OdsType } from '../mapping/ods-mapping.ts';
import { isInteger, limitsOf } from './text-casts.ts';

/*
 * Casts of SQL Server that give NULL for a text without a value of the type, by the rule of `text-casts.ts`. `TRY_CAST`
 * alone reads more: dates by the language of the session (`01/02/2024`), `20240131`, digits that are rounded away
 * (`12.567` with two), and a text without a digit as 0. So conditions check each text first, letter by letter
 * (`BIN2`), and dates are converted with the style of their form.
 */

const { stringLiteral } = dialectRules.mssql;

const given = '[given].[text]';

/** Whether an expression matches a pattern. Every letter counts, and so do blanks at the end. */
const like = (pattern: string, of = given) => `${of} LIKE ${stringLiteral(pattern)}`;
const unlike = (pattern: string, of = given) => `${of} NOT LIKE ${stringLiteral(pattern)}`;

/** The text from a place to its end. */
const from = (place: number | string, of = given) => `SUBSTRING(${of}, ${place}, 4000)`;

const digit = '[0-9]';
const two = digit.repeat(2);
const dayPattern = `${two}${two}-${two}-${two}`;
const timePattern = '[0-2][0-9]:[0-5][0-9]:[0-5][0-9]';
const afterLastHour = '2[4-9]';

/** Digits only, at least one. */
const areDigits = (of: string) => `${like(`${digit}%`, of)} AND ${unlike('%[^0-9]%', of)}`;

/** Nothing, or a point and digits. */
const isFraction = (of: string) => `(${like('', of)} OR ${like('.%', of)} AND ${areDigits(from(2, of))})`;

/** At most 19 digits after a sign. */
function isWhole(): string {
  const unsigned = `CASE WHEN ${like('[-+]%')} THEN ${from(2)} ELSE ${given} END`;
  return `${areDigits(unsigned)} AND DATALENGTH(${unsigned}) <= 38`;
}

/** At most so many digits before the point, and after it. */
function isDecimal(whole: number, scale: number): string {
  const unsigned = `CASE WHEN ${like('-%')} THEN ${from(2)} ELSE ${given} END`;
  const point = `CHARINDEX(N'.', CONCAT(${unsigned}, N'.'))`;
  return [
    like(`${digit}%`, unsigned),
    like(`%${digit}`, unsigned),
    unlike('%[^0-9.]%', unsigned),
    unlike('%.%.%', unsigned),
    `${point} <= ${whole + 1}`,
    `LEN(${unsigned}) - ${point} <= ${scale}`,
  ].join(' AND ');
}

/** A moment without the `Z` at its end. */
const withoutZone = `CASE WHEN ${like('%Z')} THEN LEFT(${given}, LEN(${given}) - 1) ELSE ${given} END`;

/** The condition for a text that is a value, and its conversion; null if all texts are. */
function conversionOf(to: OdsType, type: string): readonly [condition: string, value: string] | null {
  const cast = `TRY_CAST(${given} AS ${type})`;
  if (isInteger(to.kind)) return [isWhole(), cast];
  switch (to.kind) {
    case 'decimal':
      return [isDecimal(Math.max(to.precision - to.scale, 1), to.scale), cast];
    case 'money':
      return [isDecimal(15, 4), cast];
    case 'date':
      return [like(dayPattern), `TRY_CONVERT(${type}, ${given}, 23)`];
    case 'time':
      // a time has seven digits of its fraction
      return [
        `${like(`${timePattern}%`)} AND ${unlike(`${afterLastHour}%`)} AND ${isFraction(from(9))}`,
        `TRY_CAST(LEFT(${given}, 16) AS ${type})`,
      ];
    case 'timestamp':
      return [
        `${like(`${dayPattern}[T ]${timePattern}%`)} AND ${unlike(`${afterLastHour}%`, from(12))} AND ${isFraction(from(20, withoutZone))}`,
        `TRY_CONVERT(${type}, CONCAT(LEFT(${given}, 10), N'T', SUBSTRING(${withoutZone}, 12, 16)), 126)`,
      ];
    default:
      return null;
  }
}

/**
 * A value cast to another type, or NULL if the type does not have it. A number loses its fraction by rounding, as on
 * PostgreSQL.
 */
export function mssqlTextCast(value: string, origin: 'text' | 'other', to: OdsType, type: string): string {
  if (origin === 'other') {
    const limits = limitsOf(to);
    if (limits === null) return `TRY_CAST(${value} AS ${type})`;
    return `CASE WHEN ${value} BETWEEN ${limits} THEN TRY_CAST(ROUND(${value}, 0) AS ${type}) END`;
  }
  const bound = (result: string) =>
    `(SELECT ${result} FROM (VALUES (${value} COLLATE Latin1_General_100_BIN2)) AS [given] ([text]))`;
  if (to.kind === 'boolean') {
    const bit = (text: string, is: number) => `WHEN ${like(text)} THEN CAST(${is} AS ${type})`;
    return bound(`CASE ${bit('true', 1)} ${bit('false', 0)} END`);
  }
  const conversion = conversionOf(to, type);
  if (conversion === null) return `TRY_CAST(${value} AS ${type})`;
  const [condition, converted] = conversion;
  return bound(`CASE WHEN ${condition} THEN ${converted} END`);
}
