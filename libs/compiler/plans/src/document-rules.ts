import type { ScalarType } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import type { TextEquality } from '@dms/values';

/* The first and the last moment of a type, which the driver of a server stores as infinite values (design 16 §6.4). */

export type Moments = Readonly<Partial<Record<ScalarType['kind'], ReadonlyMap<string, string>>>>;

/** The values that a generation stores instead of these moments. */
type EndsOfTime = Readonly<Record<SqlDialect, Moments>>;

const dates: ReadonlyMap<string, string> = new Map([
  ['0001-01-01', '-infinity'],
  ['9999-12-31', 'infinity'],
]);
const dateTimes: ReadonlyMap<string, string> = new Map([
  ['0001-01-01T00:00:00Z', '-infinity'],
  ['9999-12-31T23:59:59Z', 'infinity'],
]);

/** The values that the driver of the server stores; SQL Server has no infinite values. */
export const infiniteEnds: EndsOfTime = { pgsql: { Date: dates, DateTime: dateTimes }, mssql: {} };

/** Every moment is stored as it is. */
export const finiteEnds: EndsOfTime = { pgsql: {}, mssql: {} };

/** The rules of a generation for the values of documents (design 14 §1, 16 §6.4). */
export interface ValueRules {
  /** Whether a date-time keeps its fraction of a second; otherwise the fraction is cut off. */
  readonly keepsSecondFractions: boolean;
  readonly endsOfTime: EndsOfTime;
}

/** The rules of a generation for the rows of documents. */
export interface DocumentRules {
  readonly values: ValueRules;
  /** Whether an extension object has a row even if it has no value (design 08 §6.10, 17 §7.1). */
  readonly emptyExtensionsHaveRows: boolean;
  /** Whether two absent values are equal when elements of an array are compared (design 14 §1, 17 §7.1). */
  readonly absentValuesAreEqual: Readonly<Record<SqlDialect, boolean>>;
  /** How texts of an identity and of elements of an array are compared (design 22 §4.5). */
  readonly textEquality: Readonly<Record<SqlDialect, TextEquality>>;
  /**
   * Whether a filter compares a text by code units. Otherwise it compares as the column does, whose index can then be used
   * (design 17a §1, 22 §4.5).
   */
  readonly filtersCompareCodeUnits: boolean;
}
