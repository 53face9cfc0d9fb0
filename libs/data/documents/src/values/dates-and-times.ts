import type { ScalarType } from '@dms/model';
import type { SqlDialect } from '@dms/sql';

/*
 * The first and the last moment of a type, which the driver of a server stores as if time had no end (design 16 §6.4).
 */

export type Moments = Readonly<Partial<Record<ScalarType['kind'], ReadonlyMap<string, string>>>>;

/** How a generation stores these moments: what a column gets instead of the text of a document. */
type EndsOfTime = Readonly<Record<SqlDialect, Moments>>;

const swapped = (texts: ReadonlyMap<string, string>) => new Map([...texts].map(([from, to]) => [to, from]));

const dates: ReadonlyMap<string, string> = new Map([
  ['0001-01-01', '-infinity'],
  ['9999-12-31', 'infinity'],
]);
const dateTimes: ReadonlyMap<string, string> = new Map([
  ['0001-01-01T00:00:00Z', '-infinity'],
  ['9999-12-31T23:59:59Z', 'infinity'],
]);

/** As the driver of the server does it; SQL Server has no such values. */
export const infiniteEnds: EndsOfTime = { pgsql: { Date: dates, DateTime: dateTimes }, mssql: {} };

/** Every moment as it is. */
export const finiteEnds: EndsOfTime = { pgsql: {}, mssql: {} };

/** The text that a column gets. */
export const storedEnd = (text: string, kind: ScalarType['kind'], ends: Moments): string =>
  ends[kind]?.get(text) ?? text;

const read: Moments = { Date: swapped(dates), DateTime: swapped(dateTimes) };

/** The text that an infinite date or date-time of a database stands for; any other text stays, in all generations. */
export const finiteText = (text: string, kind: ScalarType['kind']): string => read[kind]?.get(text) ?? text;

/** The rules of a generation for the values of documents (design 14 §1, 16 §6.4). */
export interface ValueRules {
  /** Whether a date-time keeps its fraction of a second; otherwise it is cut. */
  readonly keepsSecondFractions: boolean;
  readonly endsOfTime: EndsOfTime;
}

/* Dates and times as text, because a `Date` would not keep all digits of the fraction. */

const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/;
const timePattern = /^([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d+))?$/;
/** RFC 3339, and how PostgreSQL prints a `timestamptz`. */
const dateTimePattern = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2}(?:\.\d+)?)(?:[Zz]|([+-])(\d{2})(?::?(\d{2}))?)$/;

const daysIn = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const isLeap = (year: number) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** A calendar day from the year 1 on; undefined for any other text. */
export function dateText(text: string): string | undefined {
  const [, year, month, day] = (datePattern.exec(text) ?? []).map(Number);
  if (!year || !month || !day) return undefined;
  const last = month === 2 && isLeap(year) ? 29 : daysIn[month - 1];
  return last !== undefined && day <= last ? text : undefined;
}

/** Whether a text is a time of day as an API takes it: without a fraction and without a zone. */
export const isPlainTime = (text: string): boolean => text.length === 'HH:MM:SS'.length && timePattern.test(text);

/** What is wrong with a text that is not such a time. */
export const notPlainTime = 'is not a time (HH:MM:SS, without a fraction and without a zone)';

/** A time of day without trailing zeros of its fraction. */
function timeText(text: string): string | undefined {
  const match = timePattern.exec(text);
  if (!match) return undefined;
  const [, hours, minutes, seconds, fraction = ''] = match;
  const significant = fraction.replace(/0+$/, '');
  return `${hours}:${minutes}:${seconds}${significant === '' ? '' : `.${significant}`}`;
}

/** Digits of the fraction of a second in a text of `dateTimeText`. */
export function secondFractionDigits(text: string): number {
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.replace(/Z$/, '').length - point - 1;
}

/** The same moment without its fraction of a second. */
export const withoutFraction = (text: string): string => text.replace(/\.\d+Z$/, 'Z');

/** Whether a text has the offset that RFC 3339 wants: `Z`, or hours and minutes. */
export const hasWholeOffset = (text: string): boolean => /(?:[Zz]|[+-]\d{2}:\d{2})$/.test(text);

/** A moment in UTC, `YYYY-MM-DDTHH:MM:SS[.f]Z`; undefined unless it is between the years 1 and 9999. */
export function dateTimeText(text: string): string | undefined {
  const match = dateTimePattern.exec(text);
  if (!match) return undefined;
  const [, day = '', clock = '', sign, hours = '00', minutes = '00'] = match;
  const date = dateText(day);
  const time = timeText(clock);
  if (date === undefined || time === undefined || Number(hours) > 23 || Number(minutes) > 59) return undefined;
  if (sign === undefined || (hours === '00' && minutes === '00')) return `${date}T${time}Z`;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000;
  const moment = Date.parse(`${date}T${time.slice(0, 8)}Z`) - (sign === '-' ? -offset : offset);
  const shifted = new Date(moment).toISOString();
  // an extended year has a sign
  if (!/^\d{4}-/.test(shifted) || shifted.startsWith('0000')) return undefined;
  return `${shifted.slice(0, 19)}${time.slice(8)}Z`;
}
