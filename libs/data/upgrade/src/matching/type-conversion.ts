import { type ColumnType, columnType, integerBitsOf, typeChange } from '@dms/catalog';
import { counted } from '@dms/diagnostics';
import { declaredType, formIn, integerLength, kindFacts } from '@dms/sql';
import type { Conversion } from './value.ts';

/** The conversion of values of one type to another, both as catalogs spell them (design 12 §3.2). */
export function typeConversion(before: string, after: string): TypeConversion {
  if (before === after) return { kind: 'same' };
  const from = columnType(before);
  const into = columnType(after);
  const bits = integerBitsOf(from);
  if (bits !== null && isDecimal(into.name)) {
    const [precision, scale = '0'] = into.arguments;
    const digits = integerLength(bits) - 1;
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

/** The condition under which a value fits into a type. */
function fitsInto(type: ColumnType): Fits {
  const {
    name,
    arguments: [first = '', scale = '0'],
  } = type;
  if (name === 'varchar' || name === 'nvarchar') return { kind: 'text', longest: Number(first) };
  const bits = integerBitsOf(type);
  if (bits !== null) {
    const end = 2n ** BigInt(bits - 1);
    return { kind: 'integer', smallest: String(-end), largest: String(end - 1n) };
  }
  return { kind: 'decimal', whole: Number(first) - Number(scale), places: Number(scale) };
}

/** A type of a catalog as the schemas have it: `a string of at most 40 characters`. */
export function shownType(type: string): string {
  const declared = columnType(type);
  const logical = declaredType(declared);
  if (logical === undefined)
    return declared.name === 'smallint'
      ? 'an integer'
      : declared.name === 'text'
        ? 'a string'
        : `a value of type ${type}`;
  const { kind, maxLength, decimal } = logical;
  const { words } = kindFacts[kind];
  if (maxLength !== null) return `${words} of at most ${counted(maxLength, 'character')}`;
  return decimal === null
    ? words
    : `${words} of at most ${counted(decimal.precision, 'digit')}, ${decimal.scale} of them after the decimal point`;
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

/** How a value is converted to a type of another family, and whether it may be too long for it (design 12 §3.2). */
export interface FamilyConversion {
  readonly conversion: Conversion;
  /** The condition on the converted value; null if it always holds. */
  readonly fits: Fits | null;
}

/** How values of one type become equivalent texts or times of another; null where that is impossible. */
export function familyConversion(before: string, after: string): FamilyConversion | null {
  const from = declaredType(columnType(before));
  const into = declaredType(columnType(after));
  if (from === undefined || into === undefined || !formIn(from.kind, into.kind)) return null;
  const conversion = { from, into: into.kind };
  const holdsAll = into.maxLength === null || kindFacts[from.kind].longestText(from) <= into.maxLength;
  return { conversion, fits: holdsAll ? null : fitsInto(columnType(after)) };
}
