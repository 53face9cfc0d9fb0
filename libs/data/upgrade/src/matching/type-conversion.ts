import { type ColumnType, columnType, typeChange } from '@dms/catalog';
import { counted } from '@dms/diagnostics';
import type { Conversion } from './value.ts';

/** Types of columns as JSON schemas name them. */
const schemaTypes: Readonly<Record<string, string>> = {
  smallint: 'an integer',
  int: 'an integer (int32)',
  integer: 'an integer (int32)',
  bigint: 'an integer (int64)',
  boolean: 'a boolean',
  bit: 'a boolean',
  date: 'a date',
  time: 'a time',
  'time without time zone': 'a time',
  'timestamp with time zone': 'a date-time',
  datetime2: 'a date-time',
};

/** The conversion of values of one type to another, both as catalogs spell them (design 12 §3.2). */
export function typeConversion(before: string, after: string): TypeConversion {
  if (before === after) return { kind: 'same' };
  const from = columnType(before);
  const into = columnType(after);
  const digits = integerDigits.get(from.name);
  if (digits !== undefined && isDecimal(into.name)) {
    const [precision, scale = '0'] = into.arguments;
    const holdsAll = precision === undefined || (Number(precision) - Number(scale) >= digits && Number(scale) > 0);
    return holdsAll ? { kind: 'wider' } : { kind: 'other' };
  }
  const change = typeChange(before, after);
  if (change === 'widened') return { kind: 'wider' };
  // two types of the same family may overlap without one containing the other: more places before the point, fewer after it
  const isOneFamily = from.name === into.name && isDecimal(from.name) && into.arguments.length > 0;
  if (change === 'narrowed' || isOneFamily) return { kind: 'narrower', fits: fitsInto(into) };
  return { kind: 'other' };
}

const isDecimal = (name: string) => name === 'numeric' || name === 'decimal';

const integerBounds: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['smallint', ['-32768', '32767']],
  ['int', ['-2147483648', '2147483647']],
  ['integer', ['-2147483648', '2147483647']],
]);

/** The condition under which a value fits into a type. */
function fitsInto({ name, arguments: [first = '', scale = '0'] }: ColumnType): Fits {
  if (name === 'varchar' || name === 'nvarchar') return { kind: 'text', longest: Number(first) };
  const bounds = integerBounds.get(name);
  if (bounds) return { kind: 'integer', smallest: bounds[0], largest: bounds[1] };
  return { kind: 'decimal', whole: Number(first) - Number(scale), places: Number(scale) };
}

/** A type of a catalog as the schemas have it: `a string of at most 40 characters`. */
export function shownType(type: string): string {
  const { name, arguments: given } = columnType(type);
  const [first, places = '0'] = given;
  if (name === 'varchar' || name === 'nvarchar' || name === 'text')
    return first === undefined || first === 'max'
      ? 'a string'
      : `a string of at most ${counted(Number(first), 'character')}`;
  if (name !== 'numeric' && name !== 'decimal') return schemaTypes[name] ?? `a value of type ${type}`;
  return first === undefined
    ? 'a number'
    : `a number of at most ${counted(Number(first), 'digit')}, ${places} of them after the decimal point`;
}

/** The condition under which a value fits into a narrower type. */
export type Fits =
  | { readonly kind: 'text'; readonly longest: number }
  | { readonly kind: 'integer'; readonly smallest: string; readonly largest: string }
  /** At most this many digits before and after the point. */
  | { readonly kind: 'decimal'; readonly whole: number; readonly places: number };

type TypeConversion =
  | { readonly kind: 'same' }
  /** Every value of the earlier type is a value of the later one. */
  | { readonly kind: 'wider' }
  /** Every value has to be checked. */
  | { readonly kind: 'narrower'; readonly fits: Fits }
  | { readonly kind: 'other' };

/** Decimal digits that a value of an integer type may have. */
const integerDigits: ReadonlyMap<string, number> = new Map([
  ['smallint', 5],
  ['int', 10],
  ['integer', 10],
  ['bigint', 19],
]);

/** Types of texts, booleans and times, as catalogs of both dialects spell them. */
const textTypes: ReadonlySet<string> = new Set(['varchar', 'nvarchar']);
const booleanTypes: ReadonlySet<string> = new Set(['boolean', 'bit']);
const dateTimeTypes: ReadonlySet<string> = new Set(['timestamp with time zone', 'datetime2']);

/** How a value is converted to a type of another family, and whether it may be too long for it (design 12 §3.2). */
export interface FamilyConversion {
  readonly conversion: Conversion;
  /** The condition on the converted value; null if it always holds. */
  readonly fits: Fits | null;
}

/** How values of one type become equivalent texts or times of another; null where that is impossible. */
export function familyConversion(before: string, after: string): FamilyConversion | null {
  const from = columnType(before);
  const into = columnType(after);
  if (from.name === 'date' && dateTimeTypes.has(into.name)) return { conversion: 'dateToDateTime', fits: null };
  if (!textTypes.has(into.name)) return null;
  const room =
    into.arguments[0] === 'max' ? Number.POSITIVE_INFINITY : Number(into.arguments[0] ?? Number.POSITIVE_INFINITY);
  const fits = (longest: number) => (longest <= room ? null : fitsInto(into));
  if (booleanTypes.has(from.name)) return { conversion: 'booleanToText', fits: fits('false'.length) };
  if (from.name === 'date') return { conversion: 'dateToText', fits: fits('yyyy-mm-dd'.length) };
  const longest = longestNumber(from);
  if (longest === undefined) return null;
  const hasFraction = isDecimal(from.name) && from.arguments[1] !== '0' && from.arguments.length !== 1;
  return { conversion: hasFraction ? 'decimalToText' : 'integerToText', fits: fits(longest) };
}

/**
 * The largest number of characters needed to write a number of a type, including its sign and point; undefined for
 * other types.
 */
function longestNumber({ name, arguments: [precision, scale = '0'] }: ColumnType): number | undefined {
  const digits = integerDigits.get(name);
  if (digits !== undefined) return digits + 1;
  if (!isDecimal(name)) return undefined;
  // a point, and a zero before it
  return precision === undefined ? Number.POSITIVE_INFINITY : Number(precision) + 1 + (Number(scale) > 0 ? 2 : 0);
}
