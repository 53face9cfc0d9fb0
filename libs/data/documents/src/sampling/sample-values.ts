import { JsonNumber } from '@dms/files';
import type { ScalarType } from '@dms/model';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Scalar, ValueBounds } from './schema-facts.ts';

const start2024 = Date.UTC(2024, 0, 1);

/**
 * A value of a column, different for each number as far as the type allows. `isPlain` values are short and fit all
 * types of their kind. Identities need them, because other resources hold copies.
 */
export function sampleValue(type: ScalarType | null, number: number, isPlain: boolean): Scalar {
  switch (type?.kind ?? 'String') {
    case 'Boolean':
      return number % 2 === 0;
    case 'Int32':
      return new JsonNumber(String(1000 + number));
    case 'Int64':
      // beyond the precision of a floating-point number
      return new JsonNumber(isPlain ? String(1000 + number) : String(9_007_199_254_740_993n + 2n * BigInt(number)));
    case 'Decimal':
      return new JsonNumber(decimalText(type?.decimal?.precision ?? 9, type?.decimal?.scale ?? 2, number, isPlain));
    case 'Date':
      return day(number);
    case 'DateTime':
      return new Date(start2024 + number * 61_000).toISOString().replace('.000Z', 'Z');
    case 'Time':
      return new Date(start2024 + number * 7_000).toISOString().slice(11, 19);
    case 'String': {
      const text = number.toString(36);
      const room = type?.maxLength ?? 60;
      if (isPlain || room < 12) return text.slice(-room);
      // sometimes of maximum length, and beyond ASCII
      if (number % 5 === 0) return text.padEnd(Math.min(room, 300), 'x');
      const wide = `Größe "${text}"`;
      return wide.length > room ? text : wide;
    }
  }
}

/**
 * Sometimes uses all digits of a decimal. The last digit of a fraction is never zero, so each value has only one form.
 */
function decimalText(precision: number, scale: number, number: number, isPlain: boolean): string {
  const wholeDigits = precision - scale;
  const digits = '73918462057391846205739184620573918462';
  const isLong = !isPlain && number % 5 === 0 && wholeDigits > 0;
  const whole = isLong ? digits.slice(0, wholeDigits) : String(number % 10 ** Math.min(wholeDigits, 6));
  if (scale === 0) return whole;
  const fraction = scale === 1 ? '' : String(number % 10 ** Math.min(scale - 1, 6)).padStart(scale - 1, '0');
  return `${whole}.${fraction}${1 + (number % 9)}`;
}

const day = (number: number) => new Date(Date.UTC(2020, 0, 1 + (number % 20000))).toISOString().slice(0, 10);

/**
 * A value within its bounds: the value itself if it fits, otherwise a value that differs for each number as far as
 * possible.
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
