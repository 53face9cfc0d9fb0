import type { ScalarType } from '@dms/model';
import type { SqlDialect } from '@dms/sql';

/*
 * The first and the last moment of a type, which the driver of a server stores as if time had no end (design 16 §6.4).
 */

export type Moments = Readonly<Partial<Record<ScalarType['kind'], ReadonlyMap<string, string>>>>;

/** How a generation stores these moments: what a column gets instead of the text of a document. */
type EndsOfTime = Readonly<Record<SqlDialect, Moments>>;

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

/** The rules of a generation for the values of documents (design 14 §1, 16 §6.4). */
export interface ValueRules {
  /** Whether a date-time keeps its fraction of a second; otherwise it is cut. */
  readonly keepsSecondFractions: boolean;
  readonly endsOfTime: EndsOfTime;
}

/** The rules of a generation for the rows of documents. */
export interface DocumentRules {
  readonly values: ValueRules;
  /** Whether an extension object has a row even if it has no value (design 08 §6.10, 17 §7.1). */
  readonly emptyExtensionsHaveRows: boolean;
  /** Whether an absent value equals an absent value where elements of an array are compared (design 14 §1, 17 §7.1). */
  readonly absentValuesAreEqual: Readonly<Record<SqlDialect, boolean>>;
}
