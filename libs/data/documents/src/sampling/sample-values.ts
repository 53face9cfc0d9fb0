import type { ScalarType } from '@dms/model';
import { JsonNumber } from '@dms/values';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { valueKinds, valueLimits } from '../values/value-kinds.ts';
import type { Scalar, ValueBounds } from './schema-facts.ts';

/**
 * A value of a column, different for each number if the type allows. `isPlain` values are short and fit all types of
 * their kind. Identities need them, because other resources hold copies.
 */
export const sampleValue = (type: ScalarType | null, number: number, isPlain: boolean): Scalar =>
  valueKinds[type?.kind ?? 'String'].sample(number, type, isPlain);

/**
 * A value within its bounds: the value itself if it fits, otherwise a value that differs for each number if possible.
 */
export function boundedValue(value: Scalar, number: number, bounds: ValueBounds | null): Scalar {
  if (bounds === null) return value;
  const { minimum, maximum, minLength, values } = bounds;
  const listed = values?.[number % values.length];
  if (listed !== undefined) return listed;
  if (typeof value === 'string') return value.padEnd(minLength, 'x');
  if (!(value instanceof JsonNumber)) return value;
  const found = Number(value.lexeme);
  const lowest = Math.ceil(minimum ?? 0);
  if (found >= (minimum ?? found) && found <= (maximum ?? found)) return value;
  const room = maximum === null ? Number.MAX_SAFE_INTEGER : Math.max(1, Math.floor(maximum) - lowest + 1);
  return new JsonNumber(String(lowest + (number % room)));
}

/** No limit of dates and times: a generated moment fits the columns of every generation. */
const anyMoment = { keepsSecondFractions: true, endsOfTime: { pgsql: {}, mssql: {} } };

/** Whether a value of the same kind fits a type, such as one with a shorter text. */
export function fitsType(value: Scalar, type: ScalarType | null): boolean {
  if (type === null) return true;
  const found = valueKinds[type.kind].stored(value, type, valueLimits.pgsql, anyMoment);
  return found !== undefined && found.reason === undefined;
}

/** Numbers in [0, 1). */
export type NextNumber = () => number;

/** Numbers in [0, 1), the same for the same seed. */
export function seededNumbers(seed: number): NextNumber {
  const generator = xoroshiro128plus(seed);
  return () => uniformFloat64(generator);
}

/** An element of a non-empty list. */
export function pick<Value>(list: readonly Value[], next: NextNumber): Value | undefined {
  return list[Math.floor(next() * list.length)];
}
