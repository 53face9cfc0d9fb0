import type { ScalarType } from '@dms/model';
import { infiniteEnds, type Moments } from '@dms/plans';

/** The text to store in a column for a moment: the infinite one, if the text is an end of time in `ends`. */
export const storedEnd = (text: string, kind: ScalarType['kind'], ends: Moments): string =>
  ends[kind]?.get(text) ?? text;

const swapped = (texts: ReadonlyMap<string, string> | undefined) =>
  new Map([...(texts ?? [])].map(([from, to]) => [to, from]));

const read: Moments = {
  Date: swapped(infiniteEnds.pgsql.Date),
  DateTime: swapped(infiniteEnds.pgsql.DateTime),
};

/**
 * The text of the moment for which an infinite date or date-time of a database stands; any other text is returned
 * unchanged, in all generations.
 */
export const finiteText = (text: string, kind: ScalarType['kind']): string => read[kind]?.get(text) ?? text;

/* Dates and times as text, because a `Date` would not keep all digits of the fraction. */

const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/;
const timePattern = /^([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d+))?$/;
/** RFC 3339, and the form in which PostgreSQL prints a `timestamptz`. */
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

/** Whether a text is a time of day in the form that an API accepts: without a fraction and without a zone. */
export const isPlainTime = (text: string): boolean => text.length === 'HH:MM:SS'.length && timePattern.test(text);

/** The message about a text that is not such a time. */
export const notPlainTime = 'is not a time (HH:MM:SS, without a fraction and without a zone)';

/** A time of day without trailing zeros of its fraction. */
function timeText(text: string): string | undefined {
  const match = timePattern.exec(text);
  if (!match) return undefined;
  const [, hours, minutes, seconds, fraction = ''] = match;
  const significant = fraction.replace(/0+$/, '');
  return `${hours}:${minutes}:${seconds}${significant === '' ? '' : `.${significant}`}`;
}

/** A moment in UTC without its zone: columns of SQL Server store UTC and accept no zone. */
export const withoutZone = (text: string): string => text.replace(/Z$/, '');

/** The number of digits in the fraction of a second, in a text of `dateTimeText`. */
export function secondFractionDigits(text: string): number {
  const point = text.indexOf('.');
  return point < 0 ? 0 : withoutZone(text).length - point - 1;
}

/** The same moment without its fraction of a second. */
export const withoutFraction = (text: string): string => text.replace(/\.\d+Z$/, 'Z');

/** Whether a text has an offset that RFC 3339 allows: `Z`, or hours and minutes. */
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
