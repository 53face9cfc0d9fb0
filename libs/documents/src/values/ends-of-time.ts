import type { ScalarType } from '@dms/model';
import type { SqlDialect } from '@dms/sql';

/*
 * The first and the last moment of a type, which the driver of a server stores as if time had no end (design 16 §6.4).
 */

export type Moments = Readonly<Partial<Record<ScalarType['kind'], ReadonlyMap<string, string>>>>;

/** How a generation stores these moments: what a column gets instead of the text of a document. */
export type EndsOfTime = Readonly<Record<SqlDialect, Moments>>;

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
